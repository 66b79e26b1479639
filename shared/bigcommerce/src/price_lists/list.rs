//! A price list (`docs/facts/bigcommerce.md` §7).

use serde::Deserialize;

use crate::ids::PriceListId;
use crate::refusal::Refusal;
use crate::wire::lenient;

/// A price list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PriceList {
    /// The store's number of it.
    pub id: PriceListId,
    /// Its name, which no other list has.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// Whether its prices hold.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub active: bool,
}

/// What became of a list to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceListCreated {
    /// It is there.
    Whole(PriceList),
    /// Another list has its name.
    Duplicate(Refusal),
    /// It is not there.
    Refused(Refusal),
}
