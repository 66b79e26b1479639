//! A customer as it is read.

use std::fmt;

use connector_domain::{CustNum, Email};

use crate::odata::read::Set;
use crate::row::{ColumnError, Row};

/// `CustomerSvc/Customers` (§7.2).
pub(super) const CUSTOMERS: Set = Set {
    label: "GET Erp.BO.CustomerSvc/Customers",
    path: "Erp.BO.CustomerSvc/Customers",
    columns: &[
        "CustNum",
        "CustID",
        "ExternalID",
        "EMailAddress",
        "CustomerType",
        "Inactive",
        "AllowOTS",
        "TermsCode",
        "CurrencyCode",
        "CreditHold",
    ],
};

/// What an order needs to know of its customer. `Debug` shows no address.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerFound {
    /// Kinetic's own number, the key everywhere.
    pub cust_num: CustNum,
    /// The id that people type.
    pub cust_id: String,
    /// The shop's id, where it was written.
    pub external_id: String,
    /// The customer's own address, normalised; `None` where it is empty or none.
    pub email: Option<Email>,
    /// `CUS`, `PRO` or `SUS`; only `CUS` may have orders (§7.2).
    pub customer_type: String,
    /// No longer used.
    pub inactive: bool,
    /// Whether its orders may have a one-time ship-to (§7.6).
    pub allow_ots: bool,
    /// `TermsCode`.
    pub terms: String,
    /// `CurrencyCode`, Kinetic's own spelling.
    pub currency: String,
    /// On credit hold; what that stops is the site's choice (§7.5).
    pub credit_hold: bool,
}

impl fmt::Debug for CustomerFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomerFound({}, {})", self.cust_num, self.cust_id)
    }
}

impl CustomerFound {
    pub(super) fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            cust_num: CustNum(row.int("CustNum")?),
            cust_id: row.text("CustID")?,
            external_id: row.text("ExternalID")?,
            email: Email::normalised(&row.text("EMailAddress")?),
            customer_type: row.text("CustomerType")?,
            inactive: row.flag("Inactive")?,
            allow_ots: row.flag("AllowOTS")?,
            terms: row.text("TermsCode")?,
            currency: row.text("CurrencyCode")?,
            credit_hold: row.flag("CreditHold")?,
        })
    }
}
