//! Registered shoppers, v3.

use std::fmt;

use connector_domain::{Deadline, ShopperId};
use connector_http::{Call, CallError, Remote};
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

/// Registered shoppers of the store.
#[derive(Debug, Clone, Copy)]
pub struct Customers<'a> {
    remote: &'a Remote,
}

impl<'a> Customers<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// The shopper, `None` if the store has none of that number. There is no way to ask by id but as a filter.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn get(&self, shopper: ShopperId, deadline: Deadline) -> Result<Option<Customer>, CallError> {
        #[derive(Deserialize)]
        struct Envelope {
            data: Vec<Customer>,
        }
        let call = Call::get("GET /v3/customers", "v3/customers").query("id:in", shopper.to_string());
        let answer = self.remote.send(&call, deadline).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        let found: Envelope = answer.json()?;
        // A filter that a store does not know is ignored, and would give us just anybody.
        Ok(found.data.into_iter().find(|customer| customer.id == shopper))
    }
}
