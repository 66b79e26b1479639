//! Customers as a seed holds them.

use serde::{Deserialize, Serialize};

/// A customer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customer {
    /// At most 10 characters, unique.
    pub cust_id: String,
    /// At most 50 characters.
    pub name: String,
    /// The customer's e-mail.
    pub email: String,
    /// Where a shop's id may stand.
    pub external_id: String,
    /// `CUS` unless given; only `CUS` may order.
    pub customer_type: Option<String>,
    /// Whether orders may have a one-time ship-to.
    pub allow_ots: bool,
    /// Whether a second order with the same `PONum` is refused.
    pub check_duplicate_po: bool,
    /// Raises warnings in order entry.
    pub credit_hold: bool,
    /// Terms, `CC` unless given.
    pub terms: Option<String>,
    /// Ship via, `UPSG` unless given.
    pub ship_via: Option<String>,
    /// Tax region, `WEB` unless given.
    pub tax_region: Option<String>,
    /// E-mails of contacts (`CustCnt`), which are not on the customer itself.
    pub contact_emails: Vec<String>,
}

impl Customer {
    /// A customer that may order.
    pub fn new(cust_id: &str, name: &str) -> Self {
        Self { cust_id: cust_id.to_owned(), name: name.to_owned(), ..Self::default() }
    }
}
