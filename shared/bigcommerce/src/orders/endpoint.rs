//! The calls about orders: v2, `docs/facts/bigcommerce.md` §3.1.

use connector_domain::{Deadline, OrderId};
use connector_http::{Answer, Call, CallError, Remote, absent};
use serde::Serialize;
use serde_json::value::RawValue;

use super::extras::fee_items;
use super::full::Answers;
use super::listed::not_as_asked;
use super::{FullOrder, Order, OrderLine, OrderPage, OrderSummary};
use crate::paging;
use crate::wire::date;
use crate::wire::read::{read, read_all};

const ORDER: &str = "GET /v2/orders/{id}";

/// Orders of the store.
#[derive(Debug, Clone, Copy)]
pub struct Orders<'a> {
    remote: &'a Remote,
}

impl<'a> Orders<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// The order as it is now, without its lines; `None` if the store has none of that number.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn get(&self, order: OrderId, deadline: Deadline) -> Result<Option<Order>, CallError> {
        let Some(answer) = self.answer(order, deadline).await? else { return Ok(None) };
        let raw: Box<RawValue> = answer.json()?;
        read("order", &raw).map(Some).map_err(|drift| answer.unreadable(drift.0))
    }

    /// The order with all its lines, shipping addresses, coupons and fees.
    ///
    /// If the lines do not add up to the order, everything is read once more: the order may have been edited in between. If
    /// they still do not, [`FullOrder::doubt`] says so.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn get_full(&self, order: OrderId, deadline: Deadline) -> Result<Option<FullOrder>, CallError> {
        match self.read_full(order, deadline).await? {
            Some(first) if first.doubt.is_some() => self.read_full(order, deadline).await,
            sure => Ok(sure),
        }
    }

    /// The lines of an order, without anything else of it; none if the store has no order of that number.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn lines(&self, order: OrderId, deadline: Deadline) -> Result<Vec<OrderLine>, CallError> {
        let call = Call::get("GET /v2/orders/{id}/products", format!("v2/orders/{order}/products"));
        let mut lines: Vec<OrderLine> = Vec::new();
        for number in 1_u32.. {
            let call = call.clone().query("page", number.to_string()).query("limit", paging::LIMIT);
            let Some(answer) = absent(self.remote.send(&call, deadline).await)? else { break };
            let rows: Vec<Box<RawValue>> = if answer.is_empty() { Vec::new() } else { answer.json()? };
            let page: Vec<OrderLine> =
                read_all("products", &rows).map_err(|drift| answer.unreadable(drift.0))?;
            let before = lines.len();
            for line in page {
                if !lines.iter().any(|known| known.id == line.id) {
                    lines.push(line);
                }
            }
            if lines.len() == before {
                break;
            }
        }
        Ok(lines)
    }

    /// One page of the list of orders, in one call; empty at the end.
    ///
    /// A short page is not the last ([`OrderPage`] says how the next is asked for).
    ///
    /// # Errors
    /// By class; `Unreadable` where the list is not as documented or not as asked for, because an order could be missing from it.
    pub async fn page(&self, page: &OrderPage, deadline: Deadline) -> Result<Vec<OrderSummary>, CallError> {
        let mut call = Call::get("GET /v2/orders", "v2/orders");
        if let Some(min_id) = page.min_id {
            call = call.query("min_id", min_id.to_string());
        }
        if let Some(since) = page.modified_since {
            call = call.query("min_date_modified", date::filter(since));
        }
        let sort = if page.newest_first { "id:desc" } else { "id:asc" };
        let call = call.query("sort", sort).query("limit", page.limit.to_string());
        let answer = self.remote.send(&call, deadline).await?;
        let rows: Vec<Box<RawValue>> = if answer.is_empty() { Vec::new() } else { answer.json()? };
        let orders = read_all("orders", &rows).map_err(|drift| answer.unreadable(drift.0))?;
        match not_as_asked(page, &orders) {
            Some(why) => Err(answer.unreadable(why)),
            None => Ok(orders),
        }
    }

    /// Writes the Kinetic order's number into `external_order_id`, and nothing else: read-only fields in a body are errors
    /// (`docs/facts/bigcommerce.md` §3.5). The store answers with an event of its own, our echo.
    ///
    /// # Errors
    /// By class.
    pub async fn set_external_order_id(
        &self,
        order: OrderId,
        number: &str,
        deadline: Deadline,
    ) -> Result<(), CallError> {
        #[derive(Serialize)]
        struct Body<'a> {
            external_order_id: &'a str,
        }
        let call = Call::put("PUT /v2/orders/{id}", format!("v2/orders/{order}"));
        // A struct of one text can always be written; if it could not, the store would refuse the empty body.
        let body = serde_json::to_string(&Body { external_order_id: number }).unwrap_or_default();
        self.remote.send(&call.body(body), deadline).await.map(|_| ())
    }

    async fn answer(&self, order: OrderId, deadline: Deadline) -> Result<Option<Answer>, CallError> {
        let call = Call::get(ORDER, format!("v2/orders/{order}"));
        let found = absent(self.remote.send(&call, deadline).await)?;
        Ok(found.filter(|answer| !answer.is_empty()))
    }

    /// One reading of everything.
    async fn read_full(&self, order: OrderId, deadline: Deadline) -> Result<Option<FullOrder>, CallError> {
        let Some(answer) = self.answer(order, deadline).await? else { return Ok(None) };
        let raw: Box<RawValue> = answer.json()?;
        let head: Order = read("order", &raw).map_err(|drift| answer.unreadable(drift.0))?;
        let under = |name, what: &str| Call::get(name, format!("v2/orders/{order}/{what}"));
        let list = |call, enough| paging::all(self.remote, call, enough, deadline);
        let answers = Answers {
            lines: list(under("GET /v2/orders/{id}/products", "products"), None).await?,
            shipping_addresses: list(
                under("GET /v2/orders/{id}/shipping_addresses", "shipping_addresses"),
                head.shipping_address_count,
            )
            .await?,
            coupons: list(under("GET /v2/orders/{id}/coupons", "coupons"), None).await?,
            fees: self.fees(under("GET /v2/orders/{id}/fees", "fees"), deadline).await?,
            order: raw,
        };
        FullOrder::read(&answers).map(Some).map_err(|unreadable| answer.unreadable(unreadable.0))
    }

    async fn fees(&self, call: Call, deadline: Deadline) -> Result<Vec<Box<RawValue>>, CallError> {
        let answer = self.remote.send(&call, deadline).await?;
        if answer.is_empty() {
            return Ok(Vec::new());
        }
        let raw: Box<RawValue> = answer.json()?;
        fee_items(raw.get()).map_err(|drift| answer.unreadable(drift.0))
    }
}
