//! Sales orders: look, draft, save, change, release, close, read back (§8, §9).
//!
//! A draft is made by Safe calls and saves nothing. Only [`SalesOrders::save`], [`SalesOrders::change_header`],
//! [`SalesOrders::remove_line`], [`SalesOrders::remove_charge`], [`SalesOrders::set_ready_to_calc`], [`SalesOrders::release`] and
//! [`SalesOrders::close`] change the company.

mod anchor;
mod bearers;
mod charge;
mod close;
mod draft;
mod find;
mod header;
mod header_change;
mod lifecycle;
mod line;
mod line_change;
mod new;
mod open;
mod proof;
mod read_back;
mod read_header;
mod releases;
mod remove;
mod save;
mod stored;

pub use self::anchor::Anchor;
pub use self::bearers::Bearer;
pub use self::close::Closed;
pub use self::draft::Draft;
pub use self::find::{Found, FoundOrder};
pub use self::header_change::HeaderChange;
pub use self::line_change::LineTarget;
pub use self::new::{NewCharge, NewHeader, NewLine, OneTimeShipTo};
pub use self::open::OpenOrder;
pub use self::read_back::{ReadBack, ReadCharge, ReadLine};
pub use self::read_header::{ReadHeader, ReadShipTo};
pub use self::save::Saved;
pub use self::stored::{OpenRows, StoredCharge, StoredLine};
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
