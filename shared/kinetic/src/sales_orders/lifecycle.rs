//! What happens to an order when all of it stands: calculation, release.

use connector_domain::Deadline;
use connector_http::Safety;

use super::save::not_saved;
use super::{OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Values, value};
use crate::profile::Method;

impl SalesOrders<'_> {
    /// Lets Kinetic calculate taxes, now and with every later save.
    ///
    /// `SetReadyToCalc` runs the calculation (§8.2); whether it also stores the flag is unknown, so where the answer does not show the flag
    /// as stored, a save of the header follows.
    ///
    /// # Errors
    /// As [`SalesOrders::release`].
    pub async fn set_ready_to_calc(
        &self,
        order: OpenOrder,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        let values = value(Values::new(), "ipOrderNum", &order.order_num.0);
        let method = Method::SetReadyToCalc;
        let reply = self.door.invoke(method, values, &order.fed(), Safety::Idempotent, deadline).await?;
        let order = order.after(&reply)?;
        if order.header.row_mod().is_empty() && order.header.flag("ReadyToCalc") == Ok(true) {
            return Ok(order);
        }
        self.change(order, &[("ReadyToCalc", true)], deadline).await
    }

    /// Lets the warehouse see the order: `ReadyToFulfill`, and no longer held.
    ///
    /// # Errors
    /// The call's: `kinetic.row_modified` (Conflict) where somebody changed the order meanwhile, open it again.
    /// [`KineticError::NotSaved`] where the flags did not stay.
    pub async fn release(&self, order: OpenOrder, deadline: Deadline) -> Result<OpenOrder, KineticError> {
        self.change(order, &[("ReadyToFulfill", true), ("OrderHeld", false)], deadline).await
    }

    /// Saves flags of an existing header.
    async fn change(
        &self,
        mut order: OpenOrder,
        flags: &[(&'static str, bool)],
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        for (column, flag) in flags {
            order.header.set_flag(column, *flag);
        }
        let order = self.save_header(order, false, deadline).await?;
        if flags.iter().all(|(column, flag)| order.header.flag(column) == Ok(*flag)) {
            return Ok(order);
        }
        Err(not_saved("the order's flags did not stay as they were set".to_owned()))
    }
}
