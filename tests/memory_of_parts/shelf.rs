//! A shelf that is elsewhere: its records are made when they are read. What is put is counted and forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::{ConnectionId, Sku, Timestamp};
use connector_ports::{Mark, PartFacts, Published, Shelf, ShelfError, Shelved, ShopPlace, Stocked};
use parking_lot::Mutex;

use crate::goods::{BREAKS, Good, Goods, number_of};

/// The connection that has price lists.
pub(crate) const WITH_LISTS: &str = "lists";

/// Everything was published, as `published` has it.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) published: Arc<Goods>,
    put: Mutex<Put>,
}

/// How much was put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Put {
    pub(crate) records: usize,
    pub(crate) changes: usize,
    /// Of what something stands in its way.
    pub(crate) issues: usize,
}

impl Records {
    pub(crate) fn of(published: Arc<Goods>) -> Self {
        Self { published, put: Mutex::default() }
    }

    /// How much was put since this was asked the last time.
    pub(crate) fn taken(&self) -> Put {
        std::mem::take(&mut self.put.lock())
    }
}

/// What stands on the shelf of a part of a connection that has price lists, or of one that has stock.
fn record(good: Good, has_lists: bool) -> Shelved {
    let mut fields = vec![
        ("price", good.price().to_string()),
        ("weight", "0.25".to_owned()),
        ("upc", good.upc()),
        ("channels", "assigned".to_owned()),
    ];
    let mut revisions = vec![("Parts".to_owned(), good.part_revision())];
    if good.is_simple() {
        fields.extend([("name", good.name()), ("visible", "true".to_owned())]);
    }
    // A revision of 0 says that it was looked for when the part came to the store.
    if has_lists {
        let breaks = BREAKS.map(|(from, less)| format!(", {from}+ {}", good.price_less(less))).concat();
        fields.push(("list/DIST", format!("1: USD {}{breaks}", good.price())));
        revisions.extend([
            ("PriceLstParts".to_owned(), 0),
            ("PriceLstParts/BASE".to_owned(), good.base_revision()),
            ("PriceLstParts/DIST".to_owned(), good.list_revision()),
        ]);
        revisions.extend(BREAKS.map(|(from, _)| (format!("PLPartBrk/DIST/{from}"), good.list_revision())));
    } else {
        fields.push(("stock/1", good.level().to_string()));
        revisions.extend([("PartWhse".to_owned(), 0), ("PartWhse/MAIN".to_owned(), good.stock_revision())]);
    }
    Shelved {
        place: Some(ShopPlace { product: good.product(), variant: good.variant(), simple: good.is_simple() }),
        fields: fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
        revisions: revisions.into_iter().collect(),
        issue: None,
        part: Some(PartFacts {
            stocked: Stocked::Yes,
            stock_um: "EA".to_owned(),
            sales_um: "EA".to_owned(),
            price_per: "E".to_owned(),
        }),
    }
}

#[async_trait]
impl Shelf for Records {
    async fn get(
        &self,
        connection: &ConnectionId,
        skus: &[Sku],
    ) -> Result<BTreeMap<Sku, Shelved>, ShelfError> {
        let has_lists = connection.to_string() == WITH_LISTS;
        let known = |sku: &Sku| Some((sku.clone(), record(self.published.by_sku(&sku.0)?, has_lists)));
        Ok(skus.iter().filter_map(known).collect())
    }

    async fn put(
        &self,
        _: &ConnectionId,
        records: &[(Sku, Shelved)],
        changes: &[Published],
    ) -> Result<(), ShelfError> {
        let mut put = self.put.lock();
        put.records += records.len();
        put.changes += changes.len();
        put.issues += records.iter().filter(|(_, record)| record.issue.is_some()).count();
        Ok(())
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        after: Option<&Sku>,
        limit: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        let has_lists = connection.to_string() == WITH_LISTS;
        let behind = after.map_or(0, |sku| number_of(&sku.0).unwrap());
        let goods = self.published.behind(behind).take(limit);
        Ok(goods.map(|good| (Sku(good.sku()), record(good, has_lists))).collect())
    }

    async fn with_issue(
        &self,
        _: &ConnectionId,
        _: Option<&Sku>,
        _: usize,
    ) -> Result<Vec<(Sku, Shelved)>, ShelfError> {
        Ok(Vec::new())
    }

    async fn changes(&self, _: &ConnectionId, _: &Sku, _: usize) -> Result<Vec<Published>, ShelfError> {
        Ok(Vec::new())
    }

    async fn mark(&self, _: &ConnectionId, _: &[u64], _: Timestamp) -> Result<(), ShelfError> {
        Ok(())
    }

    async fn marked(&self, _: &ConnectionId, _: usize) -> Result<Vec<Mark>, ShelfError> {
        Ok(Vec::new())
    }

    async fn unmark(&self, _: &ConnectionId, _: &[Mark]) -> Result<(), ShelfError> {
        Ok(())
    }
}
