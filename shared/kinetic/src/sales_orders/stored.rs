//! An order with those of its lines and charges that are to be changed or taken out.

use std::collections::BTreeMap;
use std::fmt;

use connector_domain::{Deadline, OrderNum};

use super::{CHARGE, LINE, OpenOrder, RELEASE, SalesOrders};
use crate::error::KineticError;
use crate::row::Row;

/// A line that stands, with its releases, as `GetByID` gave them. `Debug` shows its number only.
#[derive(Clone)]
pub struct StoredLine {
    pub(super) order_line: i32,
    pub(super) row: Row,
    pub(super) releases: Vec<Row>,
}

impl StoredLine {
    /// Its number.
    pub const fn order_line(&self) -> i32 {
        self.order_line
    }

    /// Whether it is a sales kit, below which Kinetic keeps component lines of its own (§8.3).
    pub(super) fn is_kit(&self) -> bool {
        self.row.text("KitFlag").is_ok_and(|flag| flag == "P")
    }
}

impl fmt::Debug for StoredLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredLine({})", self.order_line)
    }
}

/// A charge of the whole order that stands, as `GetByID` gave it. `Debug` shows its number only.
#[derive(Clone)]
pub struct StoredCharge {
    pub(super) seq: i32,
    pub(super) row: Row,
}

impl StoredCharge {
    /// Its number.
    pub const fn seq(&self) -> i32 {
        self.seq
    }
}

impl fmt::Debug for StoredCharge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredCharge({})", self.seq)
    }
}

/// An order with some of its rows, as `GetByID` gave them.
///
/// A row is good until somebody writes it: after [`SalesOrders::change_header`], which carries a change on to lines and releases, and
/// after a conflict the rows are opened anew (§12.23).
#[derive(Debug, Clone)]
pub struct OpenRows {
    order: OpenOrder,
    lines: BTreeMap<i32, StoredLine>,
    charges: BTreeMap<i32, StoredCharge>,
}

impl OpenRows {
    /// The order.
    pub const fn order(&self) -> &OpenOrder {
        &self.order
    }

    /// The order alone.
    pub fn into_order(self) -> OpenOrder {
        self.order
    }

    /// The line of that number; `None` if it was not asked for, or is gone.
    pub fn line(&self, order_line: i32) -> Option<&StoredLine> {
        self.lines.get(&order_line)
    }

    /// The charge of that number; `None` if it was not asked for, or is gone.
    pub fn charge(&self, seq: i32) -> Option<&StoredCharge> {
        self.charges.get(&seq)
    }
}

impl SalesOrders<'_> {
    /// Opens an order with the rows of these lines (`OrderLine`) and charges (`SeqNum`), which are to be changed or removed; `None` if
    /// there is no order of that number.
    ///
    /// # Errors
    /// The call's.
    pub async fn open_rows(
        &self,
        order_num: OrderNum,
        lines: &[i32],
        charges: &[i32],
        deadline: Deadline,
    ) -> Result<Option<OpenRows>, KineticError> {
        let Some(whole) = self.whole(order_num, deadline).await? else { return Ok(None) };
        let mut rows =
            OpenRows { order: whole.order.clone(), lines: BTreeMap::new(), charges: BTreeMap::new() };
        if !lines.is_empty() {
            for (order_line, row) in whole.rows(LINE, "OrderLine")? {
                if lines.contains(&order_line) {
                    rows.lines.insert(order_line, StoredLine { order_line, row, releases: Vec::new() });
                }
            }
            for (order_line, row) in whole.rows(RELEASE, "OrderLine")? {
                if let Some(line) = rows.lines.get_mut(&order_line) {
                    line.releases.push(row);
                }
            }
        }
        if !charges.is_empty() {
            for (seq, row) in whole.rows(CHARGE, "SeqNum")? {
                // A charge of a line bears the line's number; ours are of the whole order.
                if charges.contains(&seq) && row.int("OrderLine") == Ok(0) {
                    rows.charges.insert(seq, StoredCharge { seq, row });
                }
            }
        }
        Ok(Some(rows))
    }
}
