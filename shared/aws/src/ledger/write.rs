//! Writing an order: read it, change it, and write it in place of what was read.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use connector_domain::Timestamp;
use connector_ports::{AuditEvent, Claim, LedgerError, LedgerRow, OrderKey};

use super::AwsLedger;
use super::entry::{Entry, item_key};
use super::trail::{self, PACKS};
use crate::item::{Attributes, moment, n};

/// Nobody else has written since it was read, and what is under a claim is written while the claim lasts.
const UNCHANGED: &str = "version = :version AND (attribute_not_exists(lease_until) OR lease_until > :now)";

/// The same for what needs no claim.
const UNCHANGED_BESIDE: &str = "version = :version";

impl AwsLedger {
    /// Changes the row under `claim` by `change`, which may add events, and writes it with all events.
    ///
    /// Only a mark or a write-back can come in between, and then it is made anew from what they left. More events than a transaction holds
    /// go ahead, in their order.
    pub(super) async fn under(
        &self,
        claim: &Claim,
        events: Vec<AuditEvent>,
        change: impl Fn(&mut LedgerRow, &mut Vec<AuditEvent>, Timestamp) + Send + Sync,
    ) -> Result<(), LedgerError> {
        let mut left = events;
        for _ in 0..super::ROUNDS {
            let mut entry = self.claimed(claim).await?;
            let now = self.clock.now();
            if left.len() > trail::AT_ONCE {
                let rest = left.split_off(trail::AT_ONCE);
                let ahead = std::mem::replace(&mut left, rest);
                if !self.write(&mut entry, ahead.clone(), now).await? {
                    left = [ahead, left].concat();
                }
                continue;
            }
            let mut events = left.clone();
            change(&mut entry.row, &mut events, now);
            if self.write(&mut entry, events, now).await? {
                return Ok(());
            }
        }
        Err(self.contended(claim.key()))
    }

    /// Changes a row without a claim.
    pub(super) async fn beside(
        &self,
        order: &OrderKey,
        change: impl Fn(&mut LedgerRow) + Send + Sync,
    ) -> Result<(), LedgerError> {
        for _ in 0..super::ROUNDS {
            let found = self.find(order).await?;
            let mut entry = found.ok_or_else(|| LedgerError::Unknown(order.clone()))?;
            change(&mut entry.row);
            let item = entry.written().map_err(|error| self.unreadable(&error))?;
            if self.put(item, entry.version).await? {
                return Ok(());
            }
        }
        Err(self.contended(order))
    }

    async fn claimed(&self, claim: &Claim) -> Result<Entry, LedgerError> {
        match self.find(claim.key()).await? {
            Some(entry) if entry.fence == claim.fence() && entry.row.is_leased(self.clock.now()) => Ok(entry),
            Some(_) | None => Err(LedgerError::Lost(claim.key().clone())),
        }
    }

    /// The order as it is, whoever wrote it last.
    pub(super) async fn find(&self, order: &OrderKey) -> Result<Option<Entry>, LedgerError> {
        let call = self.clients.dynamodb.get_item().table_name(&self.table.0).consistent_read(true);
        let got = call.set_key(Some(item_key(order))).send().await;
        let item = got.map_err(|error| self.unavailable("GetItem", &error))?.item;
        item.map(|item| self.entry(&item)).transpose()
    }

    /// Writes the entry with its events, both or neither; false if somebody else has written since it was read, or the claim has lapsed.
    ///
    /// It is a transaction even without events: its token makes a second sending by the SDK harmless, where a plain write would meet its
    /// own first one and take the claim for lost.
    async fn write(
        &self,
        entry: &mut Entry,
        events: Vec<AuditEvent>,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let bad = |error| self.unreadable(&error);
        let packs = trail::packed(entry, events, now, self.audit_kept).map_err(bad)?;
        let item = entry.written().map_err(bad)?;
        self.transact(item, entry.version, packs, now).await
    }

    async fn put(&self, item: Attributes, version: u64) -> Result<bool, LedgerError> {
        let sent = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.table.0)
            .set_item(Some(item))
            .condition_expression(UNCHANGED_BESIDE)
            .expression_attribute_values(":version", n(version))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(
                    PutItemError::ConditionalCheckFailedException(_)
                    | PutItemError::TransactionConflictException(_),
                ) => Ok(false),
                Some(_) | None => Err(self.unavailable("PutItem", &error)),
            },
        }
    }

    async fn transact(
        &self,
        item: Attributes,
        version: u64,
        packs: Vec<Attributes>,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let put = |item| Put::builder().table_name(&self.table.0).set_item(Some(item));
        let row = put(item)
            .condition_expression(UNCHANGED)
            .expression_attribute_values(":version", n(version))
            .expression_attribute_values(":now", moment(now));
        let mut items = Vec::with_capacity(packs.len().saturating_add(1));
        for put in std::iter::once(row).chain(packs.into_iter().map(put)) {
            let put = put.build().map_err(|error| LedgerError::Unavailable(error.to_string()))?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        debug_assert!(items.len() <= PACKS + 1, "a transaction has 100 items at most");
        let sent = self.clients.dynamodb.transact_write_items().set_transact_items(Some(items)).send().await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if lost_a_race(&error) => Ok(false),
            Err(error) => Err(self.unavailable("TransactWriteItems", &error)),
        }
    }
}

/// Whether another write came first, or is coming at this moment.
fn lost_a_race<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => canceled
            .cancellation_reasons()
            .iter()
            .filter_map(|reason| reason.code())
            .any(|code| code == "ConditionalCheckFailed" || code == "TransactionConflict"),
        Some(_) | None => false,
    }
}
