//! Closing an order, which voids it where nothing was shipped (§8.2, §8.6).

use connector_domain::{Deadline, OrderNum};
use connector_http::{Class, Safety};

use super::{HEADER, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Values, value};
use crate::profile::Method;
use crate::row::{ColumnError, Row};

/// How an order stands after it was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Still open. [`SalesOrders::close`] gives none that is.
    pub open: bool,
    /// Closed before anything was shipped.
    pub void: bool,
}

impl SalesOrders<'_> {
    /// Closes the order; before any shipment that voids it (§8.2, §8.6).
    ///
    /// Whether one that is closed already is refused is unknown (§8.6): after a refusal it is looked at, and a closed order is as wanted.
    ///
    /// # Errors
    /// The call's, among them Kinetic's refusal of an order that must not be closed, and `kinetic.not_found`;
    /// [`KineticError::NotSaved`] where the order is still open afterwards.
    pub async fn close(&self, order_num: OrderNum, deadline: Deadline) -> Result<Closed, KineticError> {
        let method = Method::CloseOrder;
        let values = value(Values::new(), "iOrderNum", &order_num.0);
        let reply = match self.door.ask(method, values, Safety::Idempotent, deadline).await {
            Ok(reply) => reply,
            Err(error) if error.class() == Class::Rejected => {
                let found = self.standing(order_num, deadline).await?.filter(|order| !order.open);
                return found.map(|order| Closed { open: false, void: order.void }).ok_or(error);
            }
            Err(error) => return Err(error),
        };
        let header = reply.newest(HEADER)?;
        let header = header.ok_or_else(|| reply.unreadable("OrderHed: expected the closed order"))?;
        let (of, closed) = closed(&header).map_err(|error| reply.column(HEADER, error))?;
        if of != order_num {
            return Err(reply.unreadable("OrderHed.OrderNum: expected the order that was to be closed"));
        }
        if closed.open {
            return Err(KineticError::NotSaved { method, words: "the order is still open".to_owned() });
        }
        Ok(closed)
    }
}

fn closed(header: &Row) -> Result<(OrderNum, Closed), ColumnError> {
    let closed = Closed { open: header.flag("OpenOrder")?, void: header.flag("VoidOrder")? };
    Ok((OrderNum(header.int("OrderNum")?), closed))
}
