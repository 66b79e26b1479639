//! Making a customer the way the screen does (§7.2).

use std::fmt;

use connector_domain::{CustNum, Deadline, Text};
use connector_http::Safety;

use super::{CustomerFound, Customers, NewCustomer};
use crate::dataset::Fed;
use crate::error::KineticError;
use crate::invoke::{Reply, Values, value};
use crate::profile::Method;
use crate::row::{ColumnError, Row};

const CUSTOMER: &str = "Customer";

/// A customer with all of Kinetic's defaults and our values, not saved yet. `Debug` shows nothing personal.
#[derive(Clone)]
pub struct CustomerDraft {
    ds: Fed,
    look_alikes: Vec<LookAlike>,
}

/// A customer that Kinetic takes for the same: equal name, or equal address and postal code (§7.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    /// Its number.
    pub cust_num: CustNum,
    /// Its id.
    pub cust_id: String,
}

impl fmt::Debug for CustomerDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerDraft").field("look_alikes", &self.look_alikes).finish_non_exhaustive()
    }
}

impl CustomerDraft {
    /// Customers that Kinetic would show to a person before saving, and ask; it saves nevertheless.
    pub fn look_alikes(&self) -> &[LookAlike] {
        &self.look_alikes
    }
}

impl Customers<'_> {
    /// Drafts a customer that may have orders and one-time ship-tos: new row, our fields, territory, look-alikes. Saves nothing.
    ///
    /// # Errors
    /// The calls'.
    pub async fn draft(
        &self,
        customer: &NewCustomer,
        deadline: Deadline,
    ) -> Result<CustomerDraft, KineticError> {
        let (door, none) = (self.door, Values::new());
        let reply = door
            .invoke(Method::GetNewCustomer, none.clone(), &Fed::default(), Safety::Safe, deadline)
            .await?;
        let mut row = drafted(&reply)?;
        fill(&mut row, customer);
        let reply = door
            .invoke(Method::GetCustomerTerritory, none, &fed(row, &reply), Safety::Safe, deadline)
            .await?;
        let mut row = drafted(&reply)?;
        optional(&mut row, "TerritoryID", customer.territory.as_ref());
        let look_alikes = self.look_alikes(&row, customer, deadline).await?;
        Ok(CustomerDraft { ds: fed(row, &reply), look_alikes })
    }

    /// Saves a draft.
    ///
    /// Look first, under a lease of your own: nothing stops a second customer but a taken `CustID`.
    ///
    /// # Errors
    /// The call's (`kinetic.duplicate` where the `CustID` is taken); [`KineticError::NotSaved`] where the answer shows no number.
    pub async fn save(
        &self,
        draft: CustomerDraft,
        deadline: Deadline,
    ) -> Result<CustomerFound, KineticError> {
        let method = Method::UpdateCustomer;
        let reply = self.door.invoke(method, Values::new(), &draft.ds, Safety::Unsafe, deadline).await?;
        saved(&reply)
    }

    /// `CheckDupCustomer`, which belongs before the save of a new row and nowhere else (§7.2).
    async fn look_alikes(
        &self,
        row: &Row,
        customer: &NewCustomer,
        deadline: Deadline,
    ) -> Result<Vec<LookAlike>, KineticError> {
        let row_id = row.text("SysRowID").unwrap_or_default();
        let values = [
            ("vName", customer.name.as_str()),
            ("custId", customer.cust_id.as_str()),
            ("vRowid", &row_id),
            ("vAddress1", customer.address1.as_str()),
            ("vZip", customer.zip.as_str()),
        ];
        let values = values.into_iter().fold(Values::new(), |values, (name, text)| value(values, name, text));
        let method = Method::CheckDupCustomer;
        let reply = self.door.ask(method, values, Safety::Safe, deadline).await?;
        let found: Result<Vec<LookAlike>, ColumnError> = reply.rows(LIST)?.iter().map(look_alike).collect();
        found.map_err(|error| reply.column(LIST, error))
    }
}

/// The table of what is found.
const LIST: &str = "CustomerList";

fn look_alike(row: &Row) -> Result<LookAlike, ColumnError> {
    Ok(LookAlike { cust_num: CustNum(row.int("CustNum")?), cust_id: row.text("CustID")? })
}

/// The row that is being made.
fn drafted(reply: &Reply) -> Result<Row, KineticError> {
    let row = reply.rows(CUSTOMER)?.into_iter().rev().find(|row| row.row_mod() == "A");
    row.ok_or_else(|| reply.unreadable("Customer: expected a new row"))
}

fn fed(row: Row, reply: &Reply) -> Fed {
    Fed::default().with(CUSTOMER, vec![row]).extended(reply.ds.extension().as_deref())
}

fn fill(row: &mut Row, customer: &NewCustomer) {
    for (column, text) in [
        ("CustID", customer.cust_id.as_str()),
        ("Name", customer.name.as_str()),
        ("Address1", customer.address1.as_str()),
        ("Address2", customer.address2.as_str()),
        ("City", customer.city.as_str()),
        ("State", customer.state.as_str()),
        ("Zip", customer.zip.as_str()),
        ("Country", customer.country.as_str()),
        ("EMailAddress", customer.email.as_str()),
        ("PhoneNum", customer.phone.as_str()),
        ("ExternalID", customer.external_id.as_str()),
        ("CustomerType", "CUS"),
    ] {
        row.set_text(column, text);
    }
    row.set_int("CountryNum", customer.country_num);
    row.set_flag("AllowOTS", true);
    optional(row, "TermsCode", customer.terms.as_ref());
    optional(row, "CurrencyCode", customer.currency.as_ref());
    optional(row, "GroupCode", customer.group.as_ref());
    optional(row, "ShipViaCode", customer.ship_via.as_ref());
    optional(row, "TaxRegionCode", customer.tax_region.as_ref());
}

fn optional<const N: usize>(row: &mut Row, column: &str, text: Option<&Text<N>>) {
    if let Some(text) = text {
        row.set_text(column, text.as_str());
    }
}

fn saved(reply: &Reply) -> Result<CustomerFound, KineticError> {
    let row = reply.newest(CUSTOMER)?.ok_or_else(|| reply.unreadable("Customer: expected the saved row"))?;
    let found = CustomerFound::of(&row).map_err(|error| reply.column(CUSTOMER, error))?;
    if found.cust_num.0 > 0 && row.row_mod().is_empty() {
        return Ok(found);
    }
    let words = "the answer shows no customer number, or a row that is not stored".to_owned();
    Err(KineticError::NotSaved { method: reply.method(), words })
}
