//! What the store shows of the catalogue because we said so: one record a SKU.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use connector_domain::{ConnectionId, Sku, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What was published of each SKU, what stands in its way, every change that was made, and which products are to be looked at again.
///
/// It is memory, not truth: what is lost or late is published again, which changes nothing in the store. So a record is put after the
/// store has taken the change, and the last one wins.
///
/// Guarantees, each tested by the conformance suite:
///
/// - Records come back as they were put, and the last one wins. Of SKUs that were never put none comes.
/// - Any number of SKUs may be asked for at once, and any number of records put.
/// - All records of a connection are listed by SKU, in the order of its bytes; a page shorter than its limit is the last.
/// - The records with an issue are listed the same way, and one whose issue is gone is not among them.
/// - Changes of a SKU come back newest first, as many as are asked for at most; putting one again changes nothing.
/// - A product that was marked is told once, until its mark is taken back. A mark that was
///   renewed after it was read stays.
/// - Nothing of one connection is seen by another; SKUs are compared exactly.
#[async_trait]
pub trait Shelf: Debug + Send + Sync {
    /// The records of these SKUs, as far as there are any.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`].
    async fn get(
        &self,
        connection: &ConnectionId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Shelved>, ShelfError>;

    /// Keeps these records in place of those there were, and the changes that led to them.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`]: any part of it may have been kept. Put it again.
    async fn put(
        &self,
        connection: &ConnectionId,
        records: &[(Sku, Shelved)],
        changes: &[Published],
    ) -> Result<(), ShelfError>;

    /// At most `limit` records, beginning after `after`.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`].
    async fn list(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError>;

    /// At most `limit` records that have an issue, beginning after `after`.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`].
    async fn with_issue(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError>;

    /// The newest `limit` changes of a SKU at most.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`].
    async fn changes(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        limit: usize,
    ) -> Result<Vec<Published>, ShelfError>;

    /// Something was heard of these products of the store: they are to be compared with what was published.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`]: any of them may have been marked. Mark them again.
    async fn mark(
        &self,
        connection: &ConnectionId,
        products: &[u64],
        at: Timestamp,
    ) -> Result<(), ShelfError>;

    /// At most `limit` marks, in the order of their products.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`].
    async fn marked(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<Mark>, ShelfError>;

    /// Takes back marks as they were read. One that was renewed since stays: what it tells of may not have been seen.
    ///
    /// # Errors
    /// [`ShelfError::Unavailable`]: any of them may be left. What is marked twice is looked at twice.
    async fn unmark(&self, connection: &ConnectionId, marks: &[Mark]) -> Result<(), ShelfError>;
}

/// A product of the store of which something was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The store's number of it.
    pub product: u64,
    /// When it was heard last.
    pub at: Timestamp,
}

/// What is known of one SKU.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shelved {
    /// What it is in the store; `None` if it is not there, or not known to be.
    pub place: Option<ShopPlace>,
    /// What was published last, by field: `name`, `price`, `stock/1`. A long text is kept as its beginning and a digest.
    pub fields: BTreeMap<String, String>,
    /// The `SysRevID` of the Kinetic row that it was made of, by set.
    pub revisions: BTreeMap<String, i64>,
    /// Why it is not as it should be.
    pub issue: Option<ShelfIssue>,
    /// What other jobs need to know of the Kinetic part, as it was last read.
    #[serde(default)]
    pub part: Option<PartFacts>,
}

/// What the jobs of prices and stock need to know of a part, so that they do not ask Kinetic for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartFacts {
    /// Whether it is stocked.
    pub stocked: Stocked,
    /// `IUM`: the unit that its stock is counted in.
    pub stock_um: String,
    /// `SalesUM`: the unit that it is sold in.
    pub sales_um: String,
    /// `PricePerCode`: for how many its price is.
    pub price_per: String,
}

/// Whether there is stock of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stocked {
    /// There is.
    Yes,
    /// It is not stocked, or its quantity is not kept.
    No,
    /// A kit: its components are.
    Kit,
}

/// Where a SKU is in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShopPlace {
    /// The product.
    pub product: u64,
    /// The variant that has the SKU; of a simple product its only one.
    pub variant: u64,
    /// Whether the product has no other variants: then it is changed as a product.
    pub simple: bool,
}

/// What stands in the way of a SKU, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfIssue {
    /// A stable word.
    pub reason: String,
    /// What is wrong and what to do.
    pub words: String,
    /// Since when.
    pub since: Timestamp,
    /// Whether the SKU goes out all the same.
    pub flagged_only: bool,
}

/// A change that the store has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Of which SKU.
    pub sku: Sku,
    /// When.
    pub at: Timestamp,
    /// What: a field as in [`Shelved::fields`].
    pub field: String,
    /// What was published before; `None` if nothing was.
    pub old: Option<String>,
    /// What is now; `None` if it was taken away.
    pub new: Option<String>,
    /// The `SysRevID` of the Kinetic row that it came from, if one did.
    pub revision: Option<i64>,
}

/// What can go wrong with the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShelfError {
    /// It could not be reached, or what it holds could not be read.
    #[error("the shelf is unavailable: {0}")]
    Unavailable(String),
}
