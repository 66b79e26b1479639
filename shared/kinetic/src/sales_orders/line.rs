//! A new line (§8.4, steps 6 to 9).

use connector_domain::Deadline;
use connector_http::Safety;

use super::draft::Drafted;
use super::proof::Said;
use super::{Draft, LINE, LineTarget, NewLine, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Reply, Values, value};
use crate::profile::Method;
use crate::row::Exact;

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
        let target = new.target();
        let draft = self.with_part(draft, &target, deadline).await?;
        let mut draft = self.with_quantity(draft, &target, deadline).await?;
        let row = &mut draft.row;
        row.set_date("RequestDate", new.request_date);
        row.set_date("NeedByDate", new.need_by);
        row.set_text("POLine", new.reference.as_str());
        row.set_text("OrderComment", &new.comment);
        let draft = self.with_price(draft, &target, deadline).await?;
        if new.discount.is_zero() { Ok(draft) } else { self.with_discount(draft, &target, deadline).await }
    }

    /// Asks for the part, whose defaults come into the row.
    pub(super) async fn with_part(
        &self,
        draft: Draft,
        target: &LineTarget,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let method = Method::ChangePartNumMaster;
        let values = value(Values::new(), "partNum", target.part_num.as_str());
        let reply = self.door.invoke(method, values, &draft.fed(), Safety::Safe, deadline).await?;
        let question = reply.text("questionString");
        if !question.trim().is_empty() {
            return Err(KineticError::Prompted { method, question });
        }
        if reply.flag("multipleMatch") == Some(true) {
            let question = format!("which of several parts is {}", target.part_num);
            return Err(KineticError::Prompted { method, question });
        }
        let mut draft = draft.changed(&reply)?;
        for remark in ["cWarningMessage", "cSubPartMessage", "cConfigPartMessage"] {
            draft.warn(reply.text(remark));
        }
        said(&draft, &reply).part(target.part_num.as_str())?;
        Ok(draft)
    }

    /// Asks for the quantity.
    pub(super) async fn with_quantity(
        &self,
        draft: Draft,
        target: &LineTarget,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let quantity = target.quantity.decimal();
        let values = value(Values::new(), "ipSellingQuantity", &Exact(quantity));
        let values = value(values, "pcPartNum", &draft.row.text("PartNum").unwrap_or_default());
        let values = value(values, "pcDimCode", &draft.row.text("SalesUM").unwrap_or_default());
        let method = Method::ChangeSellingQtyMaster;
        let reply = self.door.invoke(method, values, &draft.fed(), Safety::Safe, deadline).await?;
        let mut draft = draft.changed(&reply)?;
        for remark in ["pcMessage", "opWarningMsg", "cSellingQuantityChangedMsgText"] {
            draft.warn(reply.text(remark));
        }
        said(&draft, &reply).number("SellingQuantity", quantity)?;
        Ok(draft)
    }

    /// Asks for the price.
    pub(super) async fn with_price(
        &self,
        mut draft: Draft,
        target: &LineTarget,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let row = &mut draft.row;
        for column in PRICES {
            row.set_decimal(column, target.unit_price.decimal());
        }
        // Else a price list, or a later change of the quantity, would bring another price.
        row.set_flag("OverridePriceList", true);
        row.set_flag("LockPrice", true);
        let method = Method::ChangeUnitPrice;
        let reply = self.door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        let said = said(&draft, &reply);
        said.number("DocUnitPrice", target.unit_price.decimal())?;
        said.number("SellingQuantity", target.quantity.decimal())?;
        Ok(draft)
    }

    /// Asks for the discount.
    pub(super) async fn with_discount(
        &self,
        mut draft: Draft,
        target: &LineTarget,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        for column in DISCOUNTS {
            draft.row.set_decimal(column, target.discount.decimal());
        }
        let method = Method::ChangeDiscountAmount;
        let reply = self.door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        let said = said(&draft, &reply);
        said.number("DocDiscount", target.discount.decimal())?;
        said.number("DocUnitPrice", target.unit_price.decimal())?;
        said.number("SellingQuantity", target.quantity.decimal())?;
        Ok(draft)
    }
}

/// What the line in work says after an answer.
const fn said<'a>(draft: &'a Draft, reply: &'a Reply) -> Said<'a> {
    Said { reply, table: LINE, row: &draft.row }
}
