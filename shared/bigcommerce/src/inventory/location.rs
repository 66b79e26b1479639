//! Where stock is (`docs/facts/bigcommerce.md` §6).

use serde::Deserialize;

use crate::ids::LocationId;
use crate::wire::lenient;

/// A place where stock is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Location {
    /// The store's number of it.
    pub id: LocationId,
    /// The code that the merchant gave it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub code: String,
    /// What people call it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub label: String,
    /// A disabled one cannot be written to.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub enabled: bool,
    /// Whether the control panel lets nobody edit its stock.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub managed_by_external_source: bool,
}
