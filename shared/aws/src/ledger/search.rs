//! Finding orders: what is due, and lists.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{LedgerError, LedgerRow, OrderKey, StateName, TrailEntry};

use super::entry::{in_state, item_key, order_key, pk, sk};
use super::{AwsLedger, trail};
use crate::item::{Attributes, BadItem, bad, moment, s, timestamp};
use crate::pages;
use crate::table::{DUE, DUE_SHARDS, HELD, STATE};

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
            for item in self.queried(&query, limit).await? {
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
        // No order's number begins with a blank.
        let after = after.map_or_else(|| " ".to_owned(), sk);
        let query = self.clients.dynamodb.query().table_name(&self.table.0);
        let query = query.expression_attribute_values(":after", s(after));
        let Some(name) = state else {
            let query = query
                .consistent_read(true)
                .key_condition_expression("pk = :hash AND sk > :after")
                .expression_attribute_values(":hash", s(pk(connection.as_str())));
            let found = self.queried(&query, limit).await?;
            return found.iter().map(|item| Ok(self.entry(item)?.row)).collect();
        };
        let query = query
            .index_name(STATE.0)
            .key_condition_expression("in_state = :hash AND sk > :after")
            .expression_attribute_values(":hash", s(in_state(connection, name)));
        self.indexed(query, limit, |row| (row.state.name() == name).then(|| sk(row.key.order))).await
    }

    pub(super) async fn held_for(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let prefix = format!("{reason}#");
        // A place ends with a number, so nothing lies between it and itself with a blank.
        let from = after.map_or_else(String::new, |after| format!("{after} ")).max(prefix.clone());
        // `$` comes next to `#`.
        let to = format!("{reason}$");
        if from > to {
            return Ok(Vec::new());
        }
        let query = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table.0)
            .index_name(HELD.0)
            .key_condition_expression("held_in = :hash AND held_by BETWEEN :from AND :to")
            .expression_attribute_values(":hash", s(connection.as_str()))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":to", s(to));
        self.indexed(query, limit, |row| row.held_by().filter(|place| place.starts_with(&prefix))).await
    }

    /// Up to `limit` rows that an index names, in its order, which is that of `place`: where the row belongs in the index now, if anywhere.
    ///
    /// The index may be a moment behind the table. What has moved on since is left out, and more is read in its stead: a page that is
    /// short for it would be taken for the last.
    async fn indexed(
        &self,
        query: QueryFluentBuilder,
        limit: usize,
        place: impl Fn(&LedgerRow) -> Option<String> + Send + Sync,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let (mut found, mut from) = (Vec::new(), None);
        while found.len() < limit {
            let page = pages::page(&query, limit.saturating_sub(found.len()), from, &self.table).await;
            let page = page.map_err(LedgerError::Unavailable)?;
            let mut keys = Vec::new();
            for item in page.items() {
                keys.push(order_key(item).map_err(|error| self.unreadable(&error))?);
            }
            let rows = self.rows(keys).await?;
            found.extend(rows.into_iter().filter_map(|row| Some((place(&row)?, row))));
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(found.into_iter().map(|(_, row)| row).collect())
    }

    async fn queried(
        &self,
        query: &QueryFluentBuilder,
        limit: usize,
    ) -> Result<Vec<Attributes>, LedgerError> {
        pages::queried(query, limit, &self.table).await.map_err(LedgerError::Unavailable)
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
        for item in self.queried(&query, usize::MAX).await? {
            entries.extend(trail::entries(&item).map_err(|error| self.unreadable(&error))?);
        }
        Ok(entries)
    }
}

fn due_key(item: &Attributes) -> Result<(Timestamp, OrderKey), BadItem> {
    let due_at = timestamp(item, "due_at")?.ok_or_else(|| bad("due_at", "is missing"))?;
    Ok((due_at, order_key(item)?))
}
