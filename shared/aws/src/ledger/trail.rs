//! The trail of an order: entries numbered by the row, several to an item.

use std::time::Duration;

use connector_domain::Timestamp;
use connector_ports::{AuditEvent, OrderKey, TrailEntry};

use super::entry::{Entry, sk};
use crate::item::{Attributes, BadItem, document, key, n, read_document};
use crate::table::EXPIRES;

/// The most entries of an item. A vendor's words are cut where they are scrubbed, so that many stay far below an item's 400 KB.
const A_PACK: usize = 90;

/// The most items of the trail in one transaction, which may have 100 items and 4 MB.
pub(super) const PACKS: usize = 40;

/// The most events of one transaction.
pub(super) const AT_ONCE: usize = A_PACK * PACKS;

pub(super) fn pk(order: &OrderKey) -> String {
    format!("trail#{order}")
}

/// Numbers `events` behind the last entry of `entry`, and packs them into items. A repeat has the same numbers, and overwrites itself.
pub(super) fn packed(
    entry: &mut Entry,
    events: Vec<AuditEvent>,
    at: Timestamp,
    kept: Option<Duration>,
) -> Result<Vec<Attributes>, BadItem> {
    let order = entry.row.key.clone();
    let mut numbered = Vec::with_capacity(events.len());
    for event in events {
        entry.entries = entry.entries.saturating_add(1);
        numbered.push(TrailEntry { number: entry.entries, at, event });
    }
    let expires = kept.map(|kept| at.as_second().saturating_add_unsigned(kept.as_secs()));
    numbered.chunks(A_PACK).map(|pack| item(&order, pack, expires)).collect()
}

fn item(order: &OrderKey, pack: &[TrailEntry], expires: Option<i64>) -> Result<Attributes, BadItem> {
    let first = pack.first().map(|entry| entry.number).unwrap_or_default();
    let mut item = key(&pk(order), &sk(connector_domain::OrderId(first)));
    item.insert("trail".to_owned(), document(&pack)?);
    expires.and_then(|at| item.insert(EXPIRES.to_owned(), n(at)));
    Ok(item)
}

/// The entries of one item.
pub(super) fn entries(item: &Attributes) -> Result<Vec<TrailEntry>, BadItem> {
    Ok(read_document(item, "trail")?.unwrap_or_default())
}
