//! `/v3/inventory/adjustments/{absolute,relative}`: accepted at once, applied later.

use std::sync::Arc;

use axum::{body::Bytes, extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    MAXIMUM, Move, What,
    identity::{find, invalid, open_location, refuse, rows},
};
use crate::bigcommerce::{
    answer::{self, Refused},
    sim::Shared,
    store::Store,
};

/// Sets what lies there; never refused for the quantity itself, unless a switch says so.
pub(crate) async fn absolute(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    accept(&shared, &body, |store, one, quantity| {
        let words = &one.1;
        if quantity > MAXIMUM && store.habits.above_maximum_refused {
            let title = format!("[Item with {words} has a quantity above {MAXIMUM}]");
            return Err(refuse(422, &title, &json!({})));
        }
        Ok(What::Absolute(quantity))
    })
}

/// Adds to what lies there, which must have been set absolutely before.
pub(crate) async fn relative(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refused> {
    accept(&shared, &body, |store, (item, words, location), by| {
        let Some(shelf) = store.inventory.shelf(*item, *location).filter(|shelf| shelf.counted) else {
            let title =
                format!("Items with identity: [{words}] requires absolute adjustment before relative");
            return Err(refuse(422, &title, &json!({})));
        };
        if by < 0 && shelf.sellable().saturating_add(by) < 0 {
            let title = format!("[Item with {words} would fall below its safety stock]");
            return Err(refuse(422, &title, &json!({})));
        }
        Ok(What::Relative(by))
    })
}

/// The item of a row, how the row named it, and the location.
type Named = (super::stock::Item, String, u64);

/// Checks all rows before anything is accepted.
fn accept(
    shared: &Shared,
    body: &[u8],
    check: impl Fn(&Store, &Named, i64) -> Result<What, Refused>,
) -> Result<Response, Refused> {
    let rows = rows(body, "items")?;
    let (mut store, now) = shared.settled();
    let mut moves = Vec::new();
    for (nth, row) in rows.iter().enumerate() {
        let at = format!("items.{nth}");
        let field = |name: &str| format!("{at}.{name}");
        let location = row.get("location_id").and_then(Value::as_u64);
        let location = location.ok_or_else(|| invalid(&field("location_id"), "must be a number"))?;
        let quantity = row.get("quantity").and_then(Value::as_i64);
        let quantity = quantity.ok_or_else(|| invalid(&field("quantity"), "must be a whole number"))?;
        let (item, words) = find(&store, row, &at)?;
        open_location(&store, location)?;
        let named = (item, words, location);
        let what = check(&store, &named, quantity)?;
        moves.push(Move { item, location, what });
    }
    Ok(queued(shared, &mut store, moves, now))
}

/// Puts changes where they wait for their time, and answers the transaction.
pub(super) fn queued(shared: &Shared, store: &mut Store, moves: Vec<Move>, now: jiff::Timestamp) -> Response {
    let due = now.saturating_add(store.habits.stock_lag).unwrap_or(jiff::Timestamp::MAX);
    let transaction = store.inventory.accept(moves, due);
    store.settle_stock(now, &shared.config);
    answer::json(200, json!({"transaction_id": transaction}).to_string())
}
