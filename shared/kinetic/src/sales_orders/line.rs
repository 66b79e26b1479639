//! A new line (§8.4, steps 6 to 9).

use connector_domain::Deadline;
use connector_http::Safety;
use rust_decimal::Decimal;

use super::draft::Drafted;
use super::{Draft, LINE, NewLine, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Reply, Values, value};
use crate::profile::Method;
use crate::row::{ColumnError, Exact, Row};

/// A price is kept as base, order and displayed amounts, which all have to be set before a `Change…` call (§8.3).
const PRICES: [&str; 4] = ["UnitPrice", "DocUnitPrice", "DspUnitPrice", "DocDspUnitPrice"];
const DISCOUNTS: [&str; 3] = ["Discount", "DocDiscount", "DocDspDiscount"];

impl SalesOrders<'_> {
    /// Drafts a line: part, quantity, price, discount, in the order in which the screen asks for them. Saves nothing.
    ///
    /// Check the part first: one that does not exist makes a line all the same (§8.4).
    ///
    /// # Errors
    /// The call's; [`KineticError::Prompted`] where Kinetic cannot tell which part is meant; [`KineticError::NotSaved`] where the line
    /// does not say our part, quantity, price or discount afterwards.
    pub async fn draft_line(
        &self,
        order: &OpenOrder,
        new: &NewLine,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let values = value(Values::new(), "orderNum", &order.order_num.0);
        let reply =
            self.door.invoke(Method::GetNewOrderDtl, values, &order.fed(), Safety::Safe, deadline).await?;
        let draft = Draft::begun(Drafted::Line(order.clone()), &reply)?;
        let draft = self.with_part(draft, new, deadline).await?;
        let draft = self.with_quantity(draft, new, deadline).await?;
        let draft = self.with_price(draft, new, deadline).await?;
        if new.discount.is_zero() { Ok(draft) } else { self.with_discount(draft, new, deadline).await }
    }

    async fn with_part(
        &self,
        draft: Draft,
        new: &NewLine,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let method = Method::ChangePartNumMaster;
        let values = value(Values::new(), "partNum", new.part_num.as_str());
        let reply = self.door.invoke(method, values, &draft.fed(), Safety::Safe, deadline).await?;
        let question = reply.text("questionString");
        if !question.trim().is_empty() {
            return Err(KineticError::Prompted { method, question });
        }
        if reply.flag("multipleMatch") == Some(true) {
            let question = format!("which of several parts is {}", new.part_num);
            return Err(KineticError::Prompted { method, question });
        }
        let mut draft = draft.changed(&reply)?;
        for remark in ["cWarningMessage", "cSubPartMessage", "cConfigPartMessage"] {
            draft.warn(reply.text(remark));
        }
        let part = read(&draft.row, &reply, |row| row.text("PartNum"))?;
        if !part.eq_ignore_ascii_case(new.part_num.as_str()) {
            return Err(other(method, "PartNum", &part, new.part_num.as_str()));
        }
        Ok(draft)
    }

    async fn with_quantity(
        &self,
        draft: Draft,
        new: &NewLine,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let quantity = new.quantity.decimal();
        let values = value(Values::new(), "ipSellingQuantity", &Exact(quantity));
        let values = value(values, "pcPartNum", &draft.row.text("PartNum").unwrap_or_default());
        let values = value(values, "pcDimCode", &draft.row.text("SalesUM").unwrap_or_default());
        let method = Method::ChangeSellingQtyMaster;
        let reply = self.door.invoke(method, values, &draft.fed(), Safety::Safe, deadline).await?;
        let mut draft = draft.changed(&reply)?;
        for remark in ["pcMessage", "opWarningMsg", "cSellingQuantityChangedMsgText"] {
            draft.warn(reply.text(remark));
        }
        same(&draft.row, &reply, "SellingQuantity", quantity)?;
        Ok(draft)
    }

    async fn with_price(
        &self,
        mut draft: Draft,
        new: &NewLine,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let row = &mut draft.row;
        for column in PRICES {
            row.set_decimal(column, new.unit_price.decimal());
        }
        // Else a price list, or a later change of the quantity, would bring another price.
        row.set_flag("OverridePriceList", true);
        row.set_flag("LockPrice", true);
        row.set_date("RequestDate", new.request_date);
        row.set_date("NeedByDate", new.need_by);
        row.set_text("POLine", new.reference.as_str());
        row.set_text("OrderComment", &new.comment);
        let method = Method::ChangeUnitPrice;
        let reply = self.door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        same(&draft.row, &reply, "DocUnitPrice", new.unit_price.decimal())?;
        same(&draft.row, &reply, "SellingQuantity", new.quantity.decimal())?;
        Ok(draft)
    }

    async fn with_discount(
        &self,
        mut draft: Draft,
        new: &NewLine,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        for column in DISCOUNTS {
            draft.row.set_decimal(column, new.discount.decimal());
        }
        let method = Method::ChangeDiscountAmount;
        let reply = self.door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        same(&draft.row, &reply, "DocDiscount", new.discount.decimal())?;
        same(&draft.row, &reply, "DocUnitPrice", new.unit_price.decimal())?;
        Ok(draft)
    }
}

/// A site's own rules may put another value into the row (§12.9): better stopped here than shipped.
fn same(row: &Row, reply: &Reply, column: &'static str, wanted: Decimal) -> Result<(), KineticError> {
    let said = read(row, reply, |row| row.decimal(column))?;
    if said == wanted {
        return Ok(());
    }
    Err(other(reply.method(), column, &said.normalize().to_string(), &wanted.normalize().to_string()))
}

fn read<T>(
    row: &Row,
    reply: &Reply,
    column: impl Fn(&Row) -> Result<T, ColumnError>,
) -> Result<T, KineticError> {
    column(row).map_err(|error| reply.column(LINE, error))
}

fn other(method: Method, column: &str, said: &str, wanted: &str) -> KineticError {
    KineticError::NotSaved { method, words: format!("{column} became {said} instead of {wanted}") }
}
