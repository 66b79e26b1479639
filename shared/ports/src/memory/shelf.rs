//! The shelf in memory.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use async_trait::async_trait;
use connector_domain::{ConnectionId, Sku, Timestamp};
use parking_lot::Mutex;

use crate::shelf::{Mark, Published, Shelf, ShelfError, Shelved};

/// [`Shelf`] in memory.
#[derive(Debug, Default)]
pub struct MemoryShelf(Mutex<HashMap<ConnectionId, Shelves>>);

#[derive(Debug, Default)]
struct Shelves {
    records: BTreeMap<Sku, Shelved>,
    changes: BTreeMap<Sku, Vec<Published>>,
    marks: BTreeMap<u64, Timestamp>,
}

impl MemoryShelf {
    /// Nothing was published yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn page(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
        fits: impl Fn(&Shelved) -> bool,
    ) -> Vec<(Sku, Shelved)> {
        let shelves = self.0.lock();
        let Some(of_connection) = shelves.get(connection) else { return Vec::new() };
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = of_connection.records.range::<Sku, _>((from, Bound::Unbounded));
        let fitting = rows.filter(|(_, record)| fits(record)).take(limit);
        fitting.map(|(sku, record)| (sku.clone(), record.clone())).collect()
    }
}

#[async_trait]
impl Shelf for MemoryShelf {
    async fn get(
        &self,
        connection: &ConnectionId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Shelved>, ShelfError> {
        let shelves = self.0.lock();
        let Some(of_connection) = shelves.get(connection) else { return Ok(BTreeMap::new()) };
        let found = |sku: &Sku| of_connection.records.get(sku).map(|record| (sku.clone(), record.clone()));
        Ok(skus.iter().filter_map(found).collect())
    }

    async fn put(
        &self,
        connection: &ConnectionId,
        records: &[(Sku, Shelved)],
        changes: &[Published],
    ) -> Result<(), ShelfError> {
        let mut shelves = self.0.lock();
        let of_connection = shelves.entry(connection.clone()).or_default();
        of_connection.records.extend(records.iter().cloned());
        for change in changes {
            let known = of_connection.changes.entry(change.sku.clone()).or_default();
            known.retain(|other| (other.at, &other.field) != (change.at, &change.field));
            known.push(change.clone());
            known.sort_by(|one, other| (one.at, &one.field).cmp(&(other.at, &other.field)));
        }
        Ok(())
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        Ok(self.page(connection, after, limit, |_| true))
    }

    async fn with_issue(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        Ok(self.page(connection, after, limit, |record| record.issue.is_some()))
    }

    async fn changes(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        limit: usize,
    ) -> Result<Vec<Published>, ShelfError> {
        let shelves = self.0.lock();
        let changes = shelves.get(connection).and_then(|of_connection| of_connection.changes.get(sku));
        Ok(changes.into_iter().flatten().rev().take(limit).cloned().collect())
    }

    async fn mark(
        &self,
        connection: &ConnectionId,
        products: &[u64],
        at: Timestamp,
    ) -> Result<(), ShelfError> {
        let mut shelves = self.0.lock();
        let of_connection = shelves.entry(connection.clone()).or_default();
        of_connection.marks.extend(products.iter().map(|product| (*product, at)));
        Ok(())
    }

    async fn marked(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<Mark>, ShelfError> {
        let shelves = self.0.lock();
        let marks = shelves.get(connection).into_iter().flat_map(|of_connection| &of_connection.marks);
        Ok(marks.take(limit).map(|(product, at)| Mark { product: *product, at: *at }).collect())
    }

    async fn unmark(&self, connection: &ConnectionId, marks: &[Mark]) -> Result<(), ShelfError> {
        let mut shelves = self.0.lock();
        let Some(of_connection) = shelves.get_mut(connection) else { return Ok(()) };
        for mark in marks {
            if of_connection.marks.get(&mark.product) == Some(&mark.at) {
                of_connection.marks.remove(&mark.product);
            }
        }
        Ok(())
    }
}
