//! What people in the company do meanwhile: clerks at the order's screen, and the warehouse.

use rust_decimal::Decimal;

use super::{KineticSim, orders, row::Row};

impl KineticSim {
    /// A clerk's hand in the header: the row gets a new `SysRevID` and the totals are summed again. False if there is
    /// no such order.
    pub fn edit_order(&self, order_num: i32, edit: impl FnOnce(&mut Row)) -> bool {
        orders::edit(&mut self.company(), order_num, |order| edit(&mut order.head)).is_some()
    }

    /// A clerk's hand in a line: `DocUnitPrice` and `DocDiscount` are taken over into their families, and the release
    /// follows.
    pub fn edit_line(&self, order_num: i32, order_line: i32, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit_row(order_num, edit, |order| {
            order.lines.iter_mut().find(|row| row.key("OrderLine") == order_line)
        })
    }

    /// A clerk's hand in a charge of the header: `DocMiscAmt` is taken over into its family.
    pub fn edit_charge(&self, order_num: i32, seq_num: i32, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit_row(order_num, edit, |order| {
            order.charges.iter_mut().find(|row| row.key("SeqNum") == seq_num)
        })
    }

    fn edit_row(
        &self,
        order_num: i32,
        edit: impl FnOnce(&mut Row),
        find: impl FnOnce(&mut super::company::Order) -> Option<&mut Row>,
    ) -> bool {
        orders::edit(&mut self.company(), order_num, |order| find(order).map(edit).is_some()) == Some(true)
    }

    /// A clerk adds a line at this price, which is for as many as the part's price is; gives its number. `None` if it
    /// would have been refused, as on a closed order.
    pub fn add_clerk_line(
        &self,
        order_num: i32,
        part_num: &str,
        quantity: Decimal,
        price: Decimal,
    ) -> Option<i32> {
        orders::add_line(&mut self.company(), order_num, part_num, quantity, price).ok()
    }

    /// A clerk takes a line away with its release. False if there is none, or something of it was shipped.
    pub fn remove_clerk_line(&self, order_num: i32, order_line: i32) -> bool {
        orders::remove_line(&mut self.company(), order_num, order_line).is_ok()
    }

    /// A clerk adds a charge to the header; gives its number. `None` if it would have been refused: a code that does not
    /// exist, a blank description, no amount.
    pub fn add_clerk_charge(
        &self,
        order_num: i32,
        misc_code: &str,
        description: &str,
        amount: Decimal,
    ) -> Option<i32> {
        orders::add_charge(&mut self.company(), order_num, misc_code, description, amount).ok()
    }

    /// A clerk closes the order, which voids what was not shipped of it.
    pub fn void_order(&self, order_num: i32) -> bool {
        orders::close_order(&mut self.company(), order_num).is_ok()
    }

    /// A clerk opens the order again with all of its lines that are not shipped whole.
    pub fn reopen_order(&self, order_num: i32) -> bool {
        orders::reopen_order(&mut self.company(), order_num).is_ok()
    }

    /// The warehouse ships so much of a line, in the unit that is sold. What is shipped whole is closed: the release,
    /// its line, and the order with its last line. False if the line is not open.
    pub fn ship(&self, order_num: i32, order_line: i32, quantity: Decimal) -> bool {
        orders::ship(&mut self.company(), order_num, order_line, quantity)
    }

    /// Ships all that is still open of an order, which closes it. False if nothing is.
    pub fn ship_all(&self, order_num: i32) -> bool {
        let Some(order) = self.order(order_num) else { return false };
        let left = order
            .lines
            .iter()
            .map(|line| (line.order_line, line.selling_quantity - order.shipped_quantity(line.order_line)));
        left.filter(|(line, left)| self.ship(order_num, *line, *left)).count() > 0
    }
}
