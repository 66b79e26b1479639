//! Finding orders: what is due, and lists.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{LedgerError, LedgerRow, OrderKey, StateName, TrailEntry};

use super::entry::{in_state, item_key, order_key, pk, sk};
use super::{AwsLedger, trail};
use crate::item::{Attributes, BadItem, bad, moment, s, timestamp};
use crate::table::{DUE, DUE_SHARDS, STATE};

/// The most keys of one `BatchGetItem`.
const BATCH: usize = 100;

impl AwsLedger {
    /// The longest due of every shard, merged. The index lags a little: what was written a moment ago may come a minute later, and what is
    /// not due any more is found out by the claim.
    pub(super) async fn due_at(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError> {
        let mut due: Vec<(Timestamp, OrderKey)> = Vec::new();
        for shard in 0..DUE_SHARDS {
            let query = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.table.0)
                .index_name(DUE.0)
                .key_condition_expression("due_shard = :shard AND due_at <= :now")
                .expression_attribute_values(":shard", s(shard.to_string()))
                .expression_attribute_values(":now", moment(now));
            for item in self.queried(query, limit).await? {
                due.push(due_key(&item).map_err(|error| self.unreadable(&error))?);
            }
        }
        due.sort_unstable();
        Ok(due.into_iter().take(limit).map(|(_, key)| key).collect())
    }

    pub(super) async fn listed(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let query = self.clients.dynamodb.query().table_name(&self.table.0);
        let query = match state {
            None => query
                .consistent_read(true)
                .key_condition_expression("pk = :hash AND sk > :after")
                .expression_attribute_values(":hash", s(pk(connection.as_str()))),
            Some(name) => query
                .index_name(STATE.0)
                .key_condition_expression("in_state = :hash AND sk > :after")
                .expression_attribute_values(":hash", s(in_state(connection, name))),
        };
        // No order's number begins with a blank.
        let after = after.map_or_else(|| " ".to_owned(), sk);
        let found = self.queried(query.expression_attribute_values(":after", s(after)), limit).await?;
        if state.is_none() {
            return found.iter().map(|item| Ok(self.entry(item)?.row)).collect();
        }
        let mut keys = Vec::with_capacity(found.len());
        for item in &found {
            keys.push(order_key(item).map_err(|error| self.unreadable(&error))?);
        }
        let mut rows = self.rows(keys).await?;
        // The index may be a moment behind the table.
        rows.retain(|row| state.is_none_or(|name| row.state.name() == name));
        rows.sort_by_key(|row| row.key.order);
        Ok(rows)
    }

    /// Up to `limit` items of a query, over as many pages as that takes.
    async fn queried(
        &self,
        query: aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder,
        limit: usize,
    ) -> Result<Vec<Attributes>, LedgerError> {
        let (mut found, mut from) = (Vec::new(), None);
        while found.len() < limit {
            let left = i32::try_from(limit.saturating_sub(found.len())).unwrap_or(i32::MAX);
            let page = query.clone().limit(left).set_exclusive_start_key(from).send().await;
            let page = page.map_err(|error| self.unavailable("Query", &error))?;
            found.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(found)
    }

    async fn rows(&self, keys: Vec<OrderKey>) -> Result<Vec<LedgerRow>, LedgerError> {
        let mut rows = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let mut wanted = Some(batch.iter().map(item_key).collect::<Vec<_>>());
            while let Some(keys) = wanted.take().filter(|keys| !keys.is_empty()) {
                let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
                let keys = keys.map_err(|error| LedgerError::Unavailable(error.to_string()))?;
                let call = self.clients.dynamodb.batch_get_item().request_items(&self.table.0, keys);
                let got = call.send().await.map_err(|error| self.unavailable("BatchGetItem", &error))?;
                for item in got.responses.into_iter().flat_map(HashMap::into_values).flatten() {
                    rows.push(self.entry(&item)?.row);
                }
                let left = got.unprocessed_keys.into_iter().flat_map(HashMap::into_values).next();
                wanted = left.map(|left| left.keys);
            }
        }
        Ok(rows)
    }

    pub(super) async fn trail_of(&self, order: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        let query = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table.0)
            .consistent_read(true)
            .key_condition_expression("pk = :hash")
            .expression_attribute_values(":hash", s(trail::pk(order)));
        let mut entries = Vec::new();
        for item in self.queried(query, usize::MAX).await? {
            entries.extend(trail::entries(&item).map_err(|error| self.unreadable(&error))?);
        }
        Ok(entries)
    }
}

fn due_key(item: &Attributes) -> Result<(Timestamp, OrderKey), BadItem> {
    let due_at = timestamp(item, "due_at")?.ok_or_else(|| bad("due_at", "is missing"))?;
    Ok((due_at, order_key(item)?))
}
