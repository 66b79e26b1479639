//! `PUT /v3/inventory/locations/{id}/items`: safety stock and the like.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Move, What,
    adjust_api::queued,
    identity::{find, invalid, open_location, refuse, rows},
    stock::Settings,
};
use crate::bigcommerce::{answer::Refused, sim::Shared};

const NO_SETTING: &str = "At least one setting must be specified: safety_stock, is_in_stock, warning_level, \
                          bin_picking_number";

pub(crate) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refused> {
    let rows = rows(&body, "settings")?;
    let (mut store, now) = shared.settled();
    let known = id.parse().ok().filter(|id| store.inventory.locations.contains_key(id));
    let location: u64 = known.ok_or_else(|| refuse(404, "The resource was not found.", &json!({})))?;
    open_location(&store, location)?;
    let mut moves = Vec::new();
    for (nth, row) in rows.iter().enumerate() {
        let identity = row.get("identity").unwrap_or(&Value::Null);
        let (item, _) = find(&store, identity, &format!("setting.{nth}.identity"))?;
        let what = What::Settings(read(row, nth)?);
        moves.push(Move { item, location, what });
    }
    Ok(queued(&shared, &mut store, moves, now))
}

fn read(row: &Value, nth: usize) -> Result<Settings, Refused> {
    let at = |name: &str| format!("setting.{nth}.{name}");
    let amount = |name: &str| match row.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64().filter(|amount| *amount >= 0) {
            Some(amount) => Ok(Some(amount)),
            None => Err(invalid(&at(name), "must be a whole number that is not negative")),
        },
    };
    let in_stock = row.get("is_in_stock");
    let in_stock = in_stock
        .map(|value| value.as_bool().ok_or_else(|| invalid(&at("is_in_stock"), "must be true or false")));
    let bin = row.get("bin_picking_number");
    let bin =
        bin.map(|value| value.as_str().ok_or_else(|| invalid(&at("bin_picking_number"), "must be text")));
    let settings = Settings {
        safety: amount("safety_stock")?,
        in_stock: in_stock.transpose()?,
        warning: amount("warning_level")?,
        bin: bin.transpose()?.map(str::to_owned),
    };
    let any = [settings.safety.is_some(), settings.in_stock.is_some(), settings.warning.is_some()];
    if any.contains(&true) || settings.bin.is_some() {
        Ok(settings)
    } else {
        Err(invalid(&at("settings"), NO_SETTING))
    }
}
