//! Customers by the e-mail address of a contact (§7.4).

use std::collections::BTreeSet;

use connector_domain::{CustNum, Deadline, Email};

use super::{CUST_NUM, CustomerFound, Customers};
use crate::error::KineticError;
use crate::odata::Filter;
use crate::odata::read::{Key, Set};
use crate::row::{ColumnError, Row};

/// `CustCntSvc/CustCnts`: a service of its own, so that its filter is read against the contacts themselves (§3).
const CONTACTS: Set = Set {
    label: "GET Erp.BO.CustCntSvc/CustCnts",
    path: "Erp.BO.CustCntSvc/CustCnts",
    columns: &["CustNum", "ShipToNum", "ConNum", "EMailAddress", "Inactive"],
};

struct Contact {
    of: CustNum,
    email: Option<Email>,
    inactive: bool,
}

impl Customers<'_> {
    /// The customers that have a contact with this address, each once. Contacts that are inactive do not count.
    ///
    /// # Errors
    /// The calls'.
    pub async fn by_contact_email(
        &self,
        email: &Email,
        deadline: Deadline,
    ) -> Result<Vec<CustomerFound>, KineticError> {
        let filter = Filter::equals("EMailAddress", email.as_str());
        let rows = self.door.read_all(CONTACTS, &filter, Key::Shared(CUST_NUM), deadline).await?;
        let contacts = rows.read(contact)?.into_iter();
        let theirs = contacts.filter(|contact| !contact.inactive && contact.email.as_ref() == Some(email));
        let wanted: BTreeSet<CustNum> = theirs.map(|contact| contact.of).collect();
        let wanted: Vec<CustNum> = wanted.into_iter().collect();
        let mut found = Vec::new();
        for batch in wanted.chunks(self.door.or_terms.max(1)) {
            let any = batch.iter().map(|cust_num| Filter::equals(CUST_NUM, cust_num.0)).collect();
            let customers = self.all(Filter::Any(any), deadline).await?;
            found.extend(customers.into_iter().filter(|customer| batch.contains(&customer.cust_num)));
        }
        Ok(found)
    }
}

fn contact(row: &Row) -> Result<Contact, ColumnError> {
    Ok(Contact {
        of: CustNum(row.int(CUST_NUM)?),
        email: Email::normalised(&row.text("EMailAddress")?),
        inactive: row.flag("Inactive")?,
    })
}
