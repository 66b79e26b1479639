//! A change of a line that stands (§8.6).

use connector_domain::{Deadline, Money, Quantity, Text};
use rust_decimal::Decimal;

use super::draft::Drafted;
use super::{Draft, NewLine, OpenOrder, SalesOrders, StoredLine};
use crate::error::KineticError;
use crate::profile::Method;
use crate::row::Row;

/// What a line is to say. What it says already is not asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineTarget {
    /// The part, as Kinetic spells it.
    pub part_num: Text<50>,
    /// In the sales unit.
    pub quantity: Quantity,
    /// For as many as the part's `PricePerCode` says, in the order's currency.
    pub unit_price: Money,
    /// Off the line, in the order's currency; zero is none.
    pub discount: Money,
}

impl NewLine {
    /// What the line is to say.
    pub(super) fn target(&self) -> LineTarget {
        LineTarget {
            part_num: self.part_num.clone(),
            quantity: self.quantity,
            unit_price: self.unit_price,
            discount: self.discount,
        }
    }
}

impl SalesOrders<'_> {
    /// Drafts a change of a line that stands: part, quantity, price, discount, in the order of the screen, and only what differs. Saves
    /// nothing.
    ///
    /// Kinetic refreshes price and discount when part or quantity change (§8.3), so both are looked at again after those. The releases
    /// go along as they came: Kinetic keeps them in step with the line, and an old quantity marked as changed would go back into it (§8.3).
    ///
    /// # Errors
    /// As [`SalesOrders::draft_line`]. [`KineticError::NotSaved`] too, before anything is asked, where a person must do it in Kinetic: the
    /// quantity of a line with several releases belongs to these (§8.3), and whether the components of a sales kit follow it is unknown (§8.6).
    pub async fn draft_line_change(
        &self,
        order: &OpenOrder,
        line: &StoredLine,
        target: &LineTarget,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        allowed(line, target)?;
        let mut draft = Draft::of_stored(order, Drafted::Line(order.clone()), &line.row, &line.releases);
        if !is_part(&draft.row, target) {
            draft = self.with_part(draft, target, deadline).await?;
        }
        if !is(&draft.row, "SellingQuantity", target.quantity.decimal()) {
            draft = self.with_quantity(draft, target, deadline).await?;
        }
        if !is(&draft.row, "DocUnitPrice", target.unit_price.decimal()) {
            draft = self.with_price(draft, target, deadline).await?;
        }
        if !is(&draft.row, "DocDiscount", target.discount.decimal()) {
            draft = self.with_discount(draft, target, deadline).await?;
        }
        if is_part(&draft.row, target) {
            return Ok(draft);
        }
        let words = format!("PartNum did not stay {}", target.part_num);
        Err(KineticError::NotSaved { method: Method::ChangePartNumMaster, words })
    }
}

/// Whether the change can be made without a person.
fn allowed(line: &StoredLine, target: &LineTarget) -> Result<(), KineticError> {
    let (number, releases) = (line.order_line, line.releases.len());
    let part = !is_part(&line.row, target);
    let quantity = !is(&line.row, "SellingQuantity", target.quantity.decimal());
    let words = if (part || quantity) && line.is_kit() {
        format!("line {number} is a sales kit, whose components might not follow; change it in Kinetic")
    } else if quantity && releases > 1 {
        format!("line {number} has {releases} releases, each with a quantity; change it in Kinetic")
    } else {
        return Ok(());
    };
    let method = if part { Method::ChangePartNumMaster } else { Method::ChangeSellingQtyMaster };
    Err(KineticError::NotSaved { method, words })
}

fn is_part(row: &Row, target: &LineTarget) -> bool {
    row.text("PartNum").is_ok_and(|said| said.eq_ignore_ascii_case(target.part_num.as_str()))
}

/// Whether a number is as wanted. One that cannot be read is asked for, and the answer then says what is wrong.
fn is(row: &Row, column: &'static str, wanted: Decimal) -> bool {
    row.decimal(column) == Ok(wanted)
}
