//! An order's item: its row, its claims, and the attributes its indexes read.

use connector_domain::{ConnectionId, OrderId, OrderNum, Timestamp};
use connector_ports::{LedgerRow, OrderKey, StateName};

use crate::item::{
    Attributes, BadItem, bad, document, flag, key, moment, n, number, read_document, s, text, timestamp,
};
use crate::table::DUE_SHARDS;

/// One order as the table holds it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) row: LedgerRow,
    /// How often it was claimed.
    pub(super) fence: u64,
    /// How often the item was written. A write names the version it was made from.
    pub(super) version: u64,
    /// How many entries its trail has.
    pub(super) entries: u64,
}

pub(super) fn pk(connection: &str) -> String {
    format!("orders#{connection}")
}

/// An order id as it sorts.
pub(super) fn sk(order: OrderId) -> String {
    format!("{:020}", order.0)
}

pub(super) fn item_key(order: &OrderKey) -> Attributes {
    key(&pk(order.connection.as_str()), &sk(order.order))
}

/// The shard of [`crate::table::DUE`] that an order is in.
pub(super) fn shard(order: OrderId) -> String {
    (order.0 % DUE_SHARDS).to_string()
}

/// The key out of an item's own.
pub(super) fn order_key(item: &Attributes) -> Result<OrderKey, BadItem> {
    let connection = text(item, "pk")?.strip_prefix("orders#").ok_or_else(|| bad("pk", "is no order's"))?;
    let connection = connection.parse().map_err(|_| bad("pk", "has no connection's id"))?;
    let order = text(item, "sk")?.parse().map_err(|_| bad("sk", "is no order's number"))?;
    Ok(OrderKey { connection, order: OrderId(order) })
}

impl Entry {
    pub(super) fn read(item: &Attributes) -> Result<Self, BadItem> {
        let missing = |name: &'static str| move || bad(name, "is missing");
        let first_seen = timestamp(item, "first_seen")?.ok_or_else(missing("first_seen"))?;
        let mut row = LedgerRow::new(order_key(item)?, first_seen);
        row.state = read_document(item, "state")?.ok_or_else(missing("state"))?;
        row.changed_at = timestamp(item, "changed_at")?.ok_or_else(missing("changed_at"))?;
        row.held_since = timestamp(item, "held_since")?;
        row.lease_until = timestamp(item, "lease_until")?;
        row.again = flag(item, "again")?;
        row.order_num = number(item, "order_num")?.map(OrderNum);
        row.applied = read_document(item, "applied")?;
        row.digest = read_document(item, "digest")?;
        row.date_modified = timestamp(item, "date_modified")?;
        row.lines = read_document(item, "lines")?.unwrap_or_default();
        row.totals = read_document(item, "totals")?;
        row.write_back = read_document(item, "write_back")?.unwrap_or_default();
        row.settlement = read_document(item, "settlement")?.unwrap_or_default();
        Ok(Self {
            row,
            fence: number(item, "fence")?.unwrap_or_default(),
            version: number(item, "version")?.unwrap_or_default(),
            entries: number(item, "entries")?.unwrap_or_default(),
        })
    }

    /// The whole item, as it is written in place of the one with `self.version`.
    pub(super) fn written(&self) -> Result<Attributes, BadItem> {
        let Self { row, fence, version, entries } = self;
        let mut item = item_key(&row.key);
        let mut set = |name: &str, value| item.insert(name.to_owned(), value);
        set("state", document(&row.state)?);
        set("first_seen", moment(row.first_seen));
        set("changed_at", moment(row.changed_at));
        for (name, at) in [
            ("held_since", row.held_since),
            ("lease_until", row.lease_until),
            ("date_modified", row.date_modified),
        ] {
            at.and_then(|at| set(name, moment(at)));
        }
        if row.again {
            set("again", aws_sdk_dynamodb::types::AttributeValue::Bool(true));
        }
        row.order_num.and_then(|number| set("order_num", n(number.0)));
        if let Some(applied) = &row.applied {
            set("applied", document(applied)?);
        }
        if let Some(digest) = &row.digest {
            set("digest", document(digest)?);
        }
        if !row.lines.is_empty() {
            set("lines", document(&row.lines)?);
        }
        if let Some(totals) = &row.totals {
            set("totals", document(totals)?);
        }
        set("write_back", document(&row.write_back)?);
        set("settlement", document(&row.settlement)?);
        set("fence", n(fence));
        set("version", n(version.saturating_add(1)));
        set("entries", n(entries));
        let key = &row.key;
        if let Some(due_at) = due_at(row) {
            set("due_shard", s(shard(key.order)));
            set("due_at", moment(due_at));
        }
        set("in_state", s(in_state(&key.connection, row.state.name())));
        if let Some(held_by) = row.held_by() {
            set("held_in", s(key.connection.as_str()));
            set("held_by", s(held_by));
        }
        Ok(item)
    }
}

/// When the row is or will be due, as far as it stands written.
fn due_at(row: &LedgerRow) -> Option<Timestamp> {
    row.due_since(Timestamp::MAX)
}

/// The hash value of [`crate::table::STATE`].
pub(super) fn in_state(connection: &ConnectionId, state: StateName) -> String {
    format!("{connection}#{state}")
}
