//! Registered shoppers, v3.

use std::fmt;

use connector_domain::ShopperId;
use serde::Deserialize;

use crate::wire::lenient;

/// A registered shopper. `Debug` shows only the number.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Customer {
    /// The shop's number.
    pub id: ShopperId,
    /// E-mail: unique in a channel, not in a store with several (`docs/facts/bigcommerce.md` §4).
    #[serde(default, deserialize_with = "lenient::text")]
    pub email: String,
    /// Given name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub first_name: String,
    /// Family name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub last_name: String,
    /// Company, often empty.
    #[serde(default, deserialize_with = "lenient::text")]
    pub company: String,
    /// Telephone.
    #[serde(default, deserialize_with = "lenient::text")]
    pub phone: String,
    /// The group, `None` if in none.
    #[serde(default, deserialize_with = "lenient::id_or_zero")]
    pub customer_group_id: Option<u64>,
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Customer({}, …)", self.id)
    }
}
