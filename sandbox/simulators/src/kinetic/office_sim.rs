//! The office as tests and stories reach it.

use rust_decimal::Decimal;

use super::{
    KineticSim,
    office::{Office, Trace, Uncommitted},
    orders,
    row::Row,
};

impl KineticSim {
    /// Lets people in the office work on parts, stock and prices.
    pub fn office<T>(&self, work: impl FnOnce(&mut Office<'_>) -> T) -> T {
        work(&mut Office(&mut self.company()))
    }

    /// Work whose writes take their revisions now and are seen when they are committed: until then others may write and
    /// be seen with higher ones (`docs/facts/kinetic.md` §4.3). The work sees what it wrote by `edit` and its kin.
    pub fn uncommitted(&self, work: impl FnOnce(&mut Office<'_>)) -> Uncommitted {
        let mut company = self.company();
        company.hold_writes();
        work(&mut Office(&mut company));
        Uncommitted(company.held_writes())
    }

    /// Lets others see what was written.
    pub fn commit(&self, writes: Uncommitted) {
        self.company().apply(writes.0);
    }

    /// Changes a part. False if there is none.
    pub fn edit_part(&self, part: &str, edit: impl FnOnce(&mut Row)) -> bool {
        self.office(|office| office.edit_part(part, edit))
    }

    /// Changes a part and leaves this trace.
    pub fn edit_part_leaving(&self, part: &str, trace: Trace, edit: impl FnOnce(&mut Row)) -> bool {
        self.office(|office| office.edit_part_leaving(part, trace, edit))
    }

    /// Deletes a part with its stock, units and codes. False if there is none.
    pub fn delete_part(&self, part: &str) -> bool {
        self.office(|office| office.delete_part(part))
    }

    /// So much of a part is on hand in a warehouse, in the unit that is kept in stock.
    pub fn stock(&self, part: &str, warehouse: &str, on_hand: Decimal) {
        self.office(|office| office.stock(part, warehouse, on_hand));
    }

    /// The stock row of a part in a warehouse.
    pub fn stock_row(&self, part: &str, warehouse: &str) -> Option<Row> {
        self.company().stock(part, warehouse).cloned()
    }

    /// All rows of parts.
    pub fn part_rows(&self) -> Vec<Row> {
        self.office(|office| office.rows("Part"))
    }

    /// The highest revision that was given to any row.
    pub fn revision(&self) -> i64 {
        self.company().revision()
    }

    /// The database is replaced by a copy whose counter stood at `lower_to`: rows keep what they say and get revisions up
    /// to there, in their order (§4.3). Where that many numbers do not fit below, the counter ends above.
    pub fn refresh_database(&self, lower_to: i64) {
        self.company().renumber(lower_to);
    }

    /// The warehouse reserves so much of a line, in the unit that is kept in stock. False if not so much of it is open and
    /// free.
    pub fn reserve(&self, order_num: i32, order_line: i32, quantity: Decimal) -> bool {
        orders::allocate(&mut self.company(), order_num, order_line, quantity, orders::Step::Reserve)
    }

    /// The warehouse goes to pick so much of a line, of what is reserved first.
    pub fn start_picking(&self, order_num: i32, order_line: i32, quantity: Decimal) -> bool {
        orders::allocate(&mut self.company(), order_num, order_line, quantity, orders::Step::StartPicking)
    }

    /// So much of a line lies picked, of what is being picked first.
    pub fn pick(&self, order_num: i32, order_line: i32, quantity: Decimal) -> bool {
        orders::allocate(&mut self.company(), order_num, order_line, quantity, orders::Step::Pick)
    }
}
