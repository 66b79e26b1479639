//! The shelf in DynamoDB: one item a SKU, one a change, and one a mark.

mod batches;
mod items;
mod marks;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use connector_domain::{Clock, ConnectionId, Sku, Timestamp};
use connector_ports::{Mark, Published, Shelf, ShelfError, Shelved};
use futures_util::future::try_join_all;

use self::items::{change_item, changes_pk, issues, record_item, record_key, records_pk, sk};
use crate::clients::Clients;
use crate::failure;
use crate::item::{Attributes, BadItem, s};
use crate::pages;
use crate::table::{STATE, TableName};

/// So many marks are deleted at a time.
const AT_ONCE: usize = 10;

/// A [`Shelf`] in DynamoDB. What DynamoDB leaves undone is asked for again after a while on the clock it was given.
///
/// Records and changes are read as they were put last. That a record has an issue is known to the index a moment later; that it has none
/// any more, at once.
#[derive(Debug, Clone)]
pub struct AwsShelf {
    clients: Clients,
    table: TableName,
    clock: Arc<dyn Clock>,
}

impl AwsShelf {
    /// The shelf in `table`.
    pub fn new(clients: &Clients, table: TableName, clock: Arc<dyn Clock>) -> Self {
        Self { clients: clients.clone(), table, clock }
    }

    /// What has this hash value: of the table itself, or of an index.
    fn query(&self, attribute: &str, hash: String) -> QueryFluentBuilder {
        let query = self.clients.dynamodb.query().table_name(&self.table.0);
        query
            .key_condition_expression(format!("{attribute} = :hash"))
            .expression_attribute_values(":hash", s(hash))
    }

    /// The same for SKUs behind `after`.
    fn behind(&self, attribute: &str, hash: String, after: Option<&Sku>) -> QueryFluentBuilder {
        let query = self.query(attribute, hash);
        let Some(after) = after else { return query };
        query
            .key_condition_expression(format!("{attribute} = :hash AND sk > :after"))
            .expression_attribute_values(":after", s(sk(after)))
    }

    async fn queried(&self, query: &QueryFluentBuilder, limit: usize) -> Result<Vec<Attributes>, ShelfError> {
        pages::queried(query, limit, &self.table).await.map_err(ShelfError::Unavailable)
    }

    fn all<T>(
        &self,
        items: &[Attributes],
        read: impl Fn(&Attributes) -> Result<T, BadItem>,
    ) -> Result<Vec<T>, ShelfError> {
        items.iter().map(|item| read(item).map_err(|error| self.unreadable(&error))).collect()
    }

    fn unreadable(&self, error: &BadItem) -> ShelfError {
        ShelfError::Unavailable(format!(
            "an item of {} is not as this version writes it: {error}",
            self.table.0
        ))
    }

    fn unavailable<E, R>(&self, operation: &str, error: &SdkError<E, R>) -> ShelfError
    where
        E: ProvideErrorMetadata + fmt::Debug,
        R: fmt::Debug,
    {
        ShelfError::Unavailable(failure::words(operation, &self.table.0, error))
    }
}

#[async_trait]
impl Shelf for AwsShelf {
    async fn get(
        &self,
        connection: &ConnectionId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Shelved>, ShelfError> {
        // DynamoDB refuses a call that names a key twice.
        let keys: BTreeMap<&Sku, Attributes> =
            skus.iter().map(|sku| (sku, record_key(connection, sku))).collect();
        let found = self.read(keys.into_values().collect()).await?;
        Ok(self.all(&found, items::record)?.into_iter().collect())
    }

    async fn put(
        &self,
        connection: &ConnectionId,
        records: &[(Sku, Shelved)],
        changes: &[Published],
    ) -> Result<(), ShelfError> {
        // As for the keys: of what is named twice, the last one is put.
        let records: BTreeMap<_, _> = records.iter().map(|(sku, record)| (sku, record)).collect();
        let changes: BTreeMap<_, _> =
            changes.iter().map(|change| ((&change.sku, change.at, &change.field), change)).collect();
        // A record is what the next change is told from, so the changes that led to it go ahead.
        let changes = changes.into_values().map(|change| change_item(connection, change));
        let records = records.into_iter().map(|(sku, record)| record_item(connection, sku, record));
        let items: Result<Vec<_>, _> = changes.chain(records).collect();
        self.write(items.map_err(|error| self.unreadable(&error))?).await
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        let query = self.behind("pk", records_pk(connection), after).consistent_read(true);
        self.all(&self.queried(&query, limit).await?, items::record)
    }

    /// The index may be a moment behind the table. A record whose issue is gone is left out, and more is read in its stead: a page that is
    /// short for it would be taken for the last.
    async fn with_issue(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        let query = self.behind(STATE.1.hash.0, issues(connection), after).index_name(STATE.0);
        let (mut found, mut from) = (BTreeMap::new(), None);
        while found.len() < limit {
            let page = pages::page(&query, limit.saturating_sub(found.len()), from, &self.table).await;
            let page = page.map_err(ShelfError::Unavailable)?;
            let named = self.all(page.items(), items::sku)?;
            let records = self.get(connection, &named).await?;
            found.extend(records.into_iter().filter(|(_, record)| record.issue.is_some()));
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(found.into_iter().collect())
    }

    async fn changes(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        limit: usize,
    ) -> Result<Vec<Published>, ShelfError> {
        let query =
            self.query("pk", changes_pk(connection, sku)).consistent_read(true).scan_index_forward(false);
        self.all(&self.queried(&query, limit).await?, items::change)
    }

    async fn mark(
        &self,
        connection: &ConnectionId,
        products: &[u64],
        at: Timestamp,
    ) -> Result<(), ShelfError> {
        for product in products {
            self.put_mark(connection, *product, at).await?;
        }
        Ok(())
    }

    async fn marked(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<Mark>, ShelfError> {
        let query = self.query("pk", marks::marks_pk(connection)).consistent_read(true);
        self.all(&self.queried(&query, limit).await?, marks::mark)
    }

    /// A batch of deletes knows no condition, so each goes alone; several at a time.
    async fn unmark(&self, connection: &ConnectionId, marks: &[Mark]) -> Result<(), ShelfError> {
        for some in marks.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|mark| self.remove_mark(connection, mark))).await?;
        }
        Ok(())
    }
}
