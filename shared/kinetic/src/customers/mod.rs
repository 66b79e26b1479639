//! Customers: finding one, and making one.

mod contacts;
mod create;
mod found;
mod new;

use connector_domain::{CustNum, Deadline, Email, Text};

pub use self::create::{CustomerDraft, LookAlike};
pub use self::found::CustomerFound;
pub use self::new::NewCustomer;
use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::Filter;
use crate::odata::read::Key;

/// By which customers are paged.
const CUST_NUM: &str = "CustNum";

/// Customers of one company.
#[derive(Debug, Clone, Copy)]
pub struct Customers<'a> {
    door: &'a Door,
}

impl<'a> Customers<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }

    /// The customers with this `ExternalID`, compared exactly; it is free for the shop's id where the site does not use it (§7.2).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_external_id(
        &self,
        external_id: &str,
        deadline: Deadline,
    ) -> Result<Vec<CustomerFound>, KineticError> {
        // Everybody without one would fit.
        if external_id.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.all(Filter::equals("ExternalID", external_id), deadline).await?;
        found.retain(|customer| customer.external_id == external_id);
        Ok(found)
    }

    /// The customers with this address as their own. It is not unique, and may stand at a contact instead: see
    /// [`Self::by_contact_email`] (§7.1).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_email(
        &self,
        email: &Email,
        deadline: Deadline,
    ) -> Result<Vec<CustomerFound>, KineticError> {
        let mut found = self.all(Filter::equals("EMailAddress", email.as_str()), deadline).await?;
        found.retain(|customer| customer.email.as_ref() == Some(email));
        Ok(found)
    }

    /// The customer of this number, which never changes: people may retype a `CustID` (§7.1).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_cust_num(
        &self,
        cust_num: CustNum,
        deadline: Deadline,
    ) -> Result<Option<CustomerFound>, KineticError> {
        let found = self.all(Filter::equals(CUST_NUM, cust_num.0), deadline).await?;
        Ok(found.into_iter().find(|customer| customer.cust_num == cust_num))
    }

    /// The customer with this `CustID`, which is unique. Compared as SQL Server keeps it unique: without case (§3).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_cust_id(
        &self,
        cust_id: &Text<10>,
        deadline: Deadline,
    ) -> Result<Option<CustomerFound>, KineticError> {
        let found = self.all(Filter::equals("CustID", cust_id.as_str()), deadline).await?;
        let same = |customer: &CustomerFound| {
            customer.cust_id.trim_end().to_lowercase() == cust_id.as_str().to_lowercase()
        };
        Ok(found.into_iter().find(same))
    }

    async fn all(&self, filter: Filter, deadline: Deadline) -> Result<Vec<CustomerFound>, KineticError> {
        let rows = self.door.read_all(found::CUSTOMERS, &filter, Key::Whole(CUST_NUM), deadline).await?;
        rows.read(CustomerFound::of)
    }
}
