//! What happens to an order when all of it stands: calculation, release.

use connector_domain::Deadline;
use connector_http::Safety;

use super::save::{not_saved, went_on};
use super::{HEADER, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Values, value};
use crate::profile::Method;
use crate::row::Row;

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

    /// Saves flags of an existing header. Sent twice it leaves the same state, or is refused as a stale row.
    async fn change(
        &self,
        mut order: OpenOrder,
        flags: &[(&'static str, bool)],
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        for (column, flag) in flags {
            order.header.set_flag(column, *flag);
        }
        order.header.set_text("RowMod", "U");
        let values = value(Values::new(), "cTableName", HEADER);
        let values = value(values, "iCustNum", &order.cust_num.0);
        let values = value(values, "iOrderNum", &order.order_num.0);
        let method = Method::MasterUpdate;
        let reply = self.door.invoke(method, values, &order.fed(), Safety::Idempotent, deadline).await?;
        went_on(&reply)?;
        let stored = reply.newest(HEADER)?.filter(|row| row.row_mod().is_empty());
        let kept = |row: &Row| flags.iter().all(|(column, flag)| row.flag(column) == Ok(*flag));
        match stored {
            Some(row) if kept(&row) => order.after(&reply),
            Some(_) => Err(not_saved("the order's flags did not stay as they were set".to_owned())),
            None => Err(not_saved("the header came back as not stored".to_owned())),
        }
    }
}
