//! Parts, prices and stock on their way from Kinetic to the store.
//!
//! Pure at the core: what the store should show of a part ([`wanted`]), and what is to be done about it ([`plan`]), from the part, the
//! rules and what was published before. What was published stands on the shelf, so that what is unchanged costs nothing.

pub mod changes;
pub mod plan;
pub mod price;
pub mod wanted;

/// A part of Kinetic, as far as the store shows anything of it (`PartSvc/Parts`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Kinetic")]
pub struct Part {
    /// Its key, and the SKU.
    pub part_num: String,
    /// What it is.
    pub description: String,
    /// No longer used.
    pub inactive: bool,
    /// On hold.
    pub on_hold: bool,
    /// What is left is sold, and no more is bought.
    pub run_out: bool,
    /// It may be sold on the web.
    pub web: bool,
    /// `ClassID`.
    pub class: String,
    /// `ProdCode`.
    pub group: String,
    /// For how many [`Part::unit_price`] is.
    pub price_per: connector_kinetic::PricePer,
    /// `UnitPrice`, in the base currency and the sales unit.
    pub unit_price: rust_decimal::Decimal,
    /// `NetWeight` and its unit.
    pub net_weight: (rust_decimal::Decimal, String),
    /// `GrossWeight` and its unit.
    pub gross_weight: (rust_decimal::Decimal, String),
    /// `UPCCode1`.
    pub upc: String,
    /// `SysRevID`.
    pub revision: i64,
    /// `SysRowID`.
    pub row: String,
}
