//! Finding an order by the shop's reference (§9).

use connector_domain::{CustNum, Deadline, ExternalRef, OrderNum};

use super::{Anchor, SalesOrders};
use crate::error::KineticError;
use crate::odata::Filter;
use crate::odata::read::{Key, Set};
use crate::row::{ColumnError, Row};

/// `SalesOrderSvc/SalesOrders`, for the look before a write.
const ORDERS: Set = Set {
    label: "GET Erp.BO.SalesOrderSvc/SalesOrders",
    path: "Erp.BO.SalesOrderSvc/SalesOrders",
    columns: &[
        "OrderNum",
        "CustNum",
        "OpenOrder",
        "VoidOrder",
        "PONum",
        "ECCOrderNum",
        "ECCPONum",
        "UserChar1",
    ],
};

/// What bears a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    None,
    /// One order, which may be closed or void.
    One(FoundOrder),
    /// Several: only a person can say which is right.
    Many(Vec<OrderNum>),
}

/// An order that bears a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundOrder {
    /// Its number.
    pub order_num: OrderNum,
    /// Whose it is.
    pub cust_num: CustNum,
    /// Still open.
    pub open: bool,
    /// Closed before anything was shipped.
    pub void: bool,
}

impl SalesOrders<'_> {
    /// The orders that bear `reference` in the column `anchor`; where there are several, voided ones do not count.
    ///
    /// SQL Server ignores case and trailing blanks, so what it finds is compared again here, exactly (§3).
    ///
    /// # Errors
    /// The call's.
    pub async fn find(
        &self,
        reference: &ExternalRef,
        anchor: Anchor,
        deadline: Deadline,
    ) -> Result<Found, KineticError> {
        let filter = Filter::equals(anchor.column(), reference.as_str());
        let rows = self.door.read_all(ORDERS, &filter, Key::Whole("OrderNum"), deadline).await?;
        let candidates = rows.read(|row| Ok((row.text(anchor.column())?, order(row)?)))?;
        let exact =
            candidates.into_iter().filter(|(text, _)| text == reference.as_str()).map(|(_, order)| order);
        let orders: Vec<FoundOrder> = exact.collect();
        let valid: Vec<FoundOrder> = orders.iter().filter(|order| !order.void).copied().collect();
        Ok(match (orders.as_slice(), valid.as_slice()) {
            ([], _) => Found::None,
            ([one], _) | (_, [one]) => Found::One(*one),
            // All were voided: the latest speaks for them.
            ([.., last], []) => Found::One(*last),
            (_, several) => Found::Many(several.iter().map(|order| order.order_num).collect()),
        })
    }

    /// How the order of that number stands; `None` if there is none.
    ///
    /// # Errors
    /// The call's.
    pub(super) async fn standing(
        &self,
        order_num: OrderNum,
        deadline: Deadline,
    ) -> Result<Option<FoundOrder>, KineticError> {
        let filter = Filter::equals("OrderNum", order_num.0);
        let mut orders = self.door.read(ORDERS, &filter, deadline).await?.read(order)?;
        orders.retain(|order| order.order_num == order_num);
        Ok(orders.pop())
    }
}

fn order(row: &Row) -> Result<FoundOrder, ColumnError> {
    Ok(FoundOrder {
        order_num: OrderNum(row.int("OrderNum")?),
        cust_num: CustNum(row.int("CustNum")?),
        open: row.flag("OpenOrder")?,
        void: row.flag("VoidOrder")?,
    })
}
