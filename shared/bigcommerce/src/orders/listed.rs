//! A page of the list of orders, each as little as a list is asked for (`docs/facts/bigcommerce.md` §3.1).

use connector_domain::{CurrencyCode, Money, OrderId, Timestamp};
use serde::Deserialize;

use super::OrderStatus;
use crate::wire::{date, lenient};

/// Which orders a page shows, by number: the lowest first, unless the newest is asked for.
///
/// The next page of a list is asked for by the number after the last, never by its own number: an order does not leave the set of those
/// that changed since a moment, and numbers do not move, so nothing is skipped while orders change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderPage {
    /// Only orders with this number or a higher one.
    pub min_id: Option<OrderId>,
    /// Only orders that changed at this moment or later, which is rounded down to the second.
    pub modified_since: Option<Timestamp>,
    /// The highest number first.
    pub newest_first: bool,
    /// So many at most; the store gives no more than 250.
    pub limit: u8,
}

impl OrderPage {
    /// As many orders as a page holds, from the lowest number on.
    pub const fn all() -> Self {
        Self { min_id: None, modified_since: None, newest_first: false, limit: 250 }
    }
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderSummary {
    /// The shop's number.
    pub id: OrderId,
    /// Where it stands.
    #[serde(rename = "status_id")]
    pub status: OrderStatus,
    /// When it was placed.
    #[serde(deserialize_with = "date::required")]
    pub date_created: Timestamp,
    /// When anything of it last changed, our own write-back included.
    #[serde(deserialize_with = "date::required")]
    pub date_modified: Timestamp,
    /// The whole with tax.
    pub total_inc_tax: Money,
    /// The currency that the shopper pays in.
    #[serde(rename = "default_currency_code")]
    pub currency: CurrencyCode,
    /// Archived: not the same as cancelled.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub is_deleted: bool,
}

/// What shows that a store did not do as asked, as a path and a reason. That its filters work together is written nowhere; where they do
/// not, an order would be skipped in silence.
pub(super) fn not_as_asked(page: &OrderPage, rows: &[OrderSummary]) -> Option<String> {
    let since = page.modified_since.map(Timestamp::as_second);
    let mut last: Option<OrderId> = None;
    for (index, row) in rows.iter().enumerate() {
        let in_turn = last.is_none_or(|last| if page.newest_first { row.id < last } else { row.id > last });
        if !in_turn {
            return Some(format!("orders[{index}].id: not in the order that was asked for"));
        }
        if page.min_id.is_some_and(|min| row.id < min) {
            return Some(format!("orders[{index}].id: below the min_id that was asked for"));
        }
        if since.is_some_and(|since| row.date_modified.as_second() < since) {
            return Some(format!("orders[{index}].date_modified: before the moment that was asked for"));
        }
        last = Some(row.id);
    }
    None
}
