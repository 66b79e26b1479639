//! The sets whose changes may be asked for, and what a revision is (§4).

use super::read::Set;
use crate::parts::rows::{PARTS, PLANTS};
use crate::prices::{LIST_PARTS, LISTS};

/// A revision: one counter for the whole database, higher with every write of any row (§4.3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct SysRevId(pub i64);

/// A set that is the root of its service and has `SysRevID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RootSet {
    /// `PartSvc/Parts`.
    Parts,
    /// `PriceLstSvc/PriceLsts`.
    PriceLsts,
    /// `PriceLstPartsSvc/PriceLstParts`.
    PriceLstParts,
    /// `PartPlantSearchSvc/PartPlantSearches`.
    PartPlantSearches,
}

impl RootSet {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Parts, Self::PriceLsts, Self::PriceLstParts, Self::PartPlantSearches];

    pub(crate) const fn set(self) -> Set {
        match self {
            Self::Parts => PARTS,
            Self::PriceLsts => LISTS,
            Self::PriceLstParts => LIST_PARTS,
            Self::PartPlantSearches => PLANTS,
        }
    }

    /// Its key without the company.
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Self::Parts => &["PartNum"],
            Self::PriceLsts => &["ListCode"],
            Self::PriceLstParts => &["ListCode", "PartNum", "UOMCode"],
            Self::PartPlantSearches => &["PartNum", "Plant"],
        }
    }
}
