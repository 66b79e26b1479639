//! A new charge of the whole order (§8.4, step 11).

use connector_domain::Deadline;
use connector_http::Safety;

use super::draft::Drafted;
use super::{CHARGE, Draft, NewCharge, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Values, value};
use crate::profile::Method;

/// Base, order and displayed amount: all set before the call (§8.3).
const AMOUNTS: [&str; 4] = ["MiscAmt", "DocMiscAmt", "DspMiscAmt", "DocDspMiscAmt"];

impl SalesOrders<'_> {
    /// Drafts a charge: code with its defaults, then our words and amount. Saves nothing.
    ///
    /// # Errors
    /// The call's; [`KineticError::NotSaved`] for an amount of zero, which Kinetic refuses, and where the row does not say our amount
    /// afterwards.
    pub async fn draft_charge(
        &self,
        order: &OpenOrder,
        new: &NewCharge,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        let method = Method::ChangeMiscAmount;
        if new.amount.is_zero() {
            let words = format!("the charge {} of 0 would be refused", new.code);
            return Err(KineticError::NotSaved { method, words });
        }
        let door = self.door;
        let values = value(Values::new(), "orderNum", &order.order_num.0);
        let reply =
            door.invoke(Method::GetNewOHOrderMsc, values, &order.fed(), Safety::Safe, deadline).await?;
        let mut draft = Draft::begun(Drafted::Charge(order.clone()), &reply)?;

        draft.row.set_text("MiscCode", new.code.as_str());
        let reply =
            door.invoke(Method::ChangeMiscCode, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let mut draft = draft.changed(&reply)?;

        draft.row.set_text("Description", new.description.as_str());
        for column in AMOUNTS {
            draft.row.set_decimal(column, new.amount.decimal());
        }
        let reply = door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        let said = draft.row.decimal("DocMiscAmt").map_err(|error| reply.column(CHARGE, error))?;
        if said == new.amount.decimal() {
            return Ok(draft);
        }
        let words = format!("DocMiscAmt became {} instead of {}", said.normalize(), new.amount);
        Err(KineticError::NotSaved { method, words })
    }
}
