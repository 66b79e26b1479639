//! Sales orders: look, draft, save, release, read back (§8, §9).
//!
//! A draft is made by Safe calls and saves nothing; only [`SalesOrders::save`], [`SalesOrders::set_ready_to_calc`] and
//! [`SalesOrders::release`] change the company.

mod anchor;
mod charge;
mod draft;
mod find;
mod header;
mod lifecycle;
mod line;
mod new;
mod open;
mod read_back;
mod save;

pub use self::anchor::Anchor;
pub use self::draft::Draft;
pub use self::find::{Found, FoundOrder};
pub use self::new::{NewCharge, NewHeader, NewLine, OneTimeShipTo};
pub use self::open::OpenOrder;
pub use self::read_back::{ReadBack, ReadCharge, ReadLine};
pub use self::save::Saved;
use crate::invoke::Door;

/// Sales orders of one company.
#[derive(Debug, Clone, Copy)]
pub struct SalesOrders<'a> {
    door: &'a Door,
}

impl<'a> SalesOrders<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }
}

/// The tables of a sales order's tableset that this client touches (§8.1).
const HEADER: &str = "OrderHed";
const LINE: &str = "OrderDtl";
const RELEASE: &str = "OrderRel";
const CHARGE: &str = "OHOrderMsc";
