//! A charge of the whole order: a new one (§8.4, step 11), and another amount for one that stands (§8.6).

use connector_domain::{Deadline, Money};
use connector_http::Safety;

use super::draft::Drafted;
use super::proof::Said;
use super::{CHARGE, Draft, NewCharge, OpenOrder, SalesOrders, StoredCharge};
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
        if new.amount.is_zero() {
            return Err(refused(new.code.as_str()));
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
        self.with_amount(draft, new.amount, deadline).await
    }

    /// Drafts another amount for a charge that stands; one that it says already is not asked for. Saves nothing.
    ///
    /// # Errors
    /// As [`SalesOrders::draft_charge`].
    pub async fn draft_charge_change(
        &self,
        order: &OpenOrder,
        charge: &StoredCharge,
        amount: Money,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        if amount.is_zero() {
            return Err(refused(&charge.row.text("MiscCode").unwrap_or_default()));
        }
        let draft = Draft::of_stored(order, Drafted::Charge(order.clone()), &charge.row, &[]);
        if draft.row.decimal("DocMiscAmt") == Ok(amount.decimal()) {
            return Ok(draft);
        }
        self.with_amount(draft, amount, deadline).await
    }

    /// Asks for the amount.
    async fn with_amount(
        &self,
        mut draft: Draft,
        amount: Money,
        deadline: Deadline,
    ) -> Result<Draft, KineticError> {
        for column in AMOUNTS {
            draft.row.set_decimal(column, amount.decimal());
        }
        let method = Method::ChangeMiscAmount;
        let reply = self.door.invoke(method, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        let draft = draft.changed(&reply)?;
        let said = Said { reply: &reply, table: CHARGE, row: &draft.row };
        said.number("DocMiscAmt", amount.decimal())?;
        Ok(draft)
    }
}

fn refused(code: &str) -> KineticError {
    let words = format!("the charge {code} of 0 would be refused");
    KineticError::NotSaved { method: Method::ChangeMiscAmount, words }
}
