//! Why the store offers what it does: rows, rule and arithmetic, for a person.

use std::collections::BTreeMap;

use connector_bigcommerce::{ItemsOf, LocationId, VariantId};
use connector_domain::{ConnectionId, Deadline, OrderId, Quantity, Sku, Timestamp};
use connector_ports::{PartFacts, Published, ShelfIssue, ShopPlace};
use serde::Serialize;

pub use super::prices::{PriceExplained, PriceTold};
use super::turn::{Catalogue, Halt};
use crate::job::Failure;

/// So many changes are told.
const CHANGES: usize = 10;

/// Why a SKU has the levels it has, as of now.
#[derive(Debug, Clone, Serialize)]
pub struct StockExplained {
    /// Which.
    pub sku: Sku,
    /// When it was looked at.
    pub at: Timestamp,
    /// Whether the rules publish stock at all.
    pub published: bool,
    /// Where it is in the store, as far as the connector knows.
    pub place: Option<ShopPlace>,
    /// What the job `parts` noted of the part.
    pub part: Option<PartFacts>,
    /// What Kinetic says now, warehouse by warehouse.
    pub rows: Vec<StockRowTold>,
    /// The formula of the rules.
    pub formula: &'static str,
    /// What is sold and not in Kinetic, order by order.
    pub owed: Vec<Owed>,
    /// Kept back at each location.
    pub buffer: u32,
    /// What follows, location by location.
    pub levels: Vec<LevelTold>,
    /// What stands in the way.
    pub issue: Option<ShelfIssue>,
    /// The last changes of its levels, the newest first.
    pub changes: Vec<Published>,
}

/// What Kinetic says of a warehouse.
#[derive(Debug, Clone, Serialize)]
pub struct StockRowTold {
    /// Which warehouse.
    pub warehouse: String,
    /// The location that it is sold from; `None`: nowhere.
    pub location: Option<u64>,
    /// The formula with its numbers, in the unit that stock is counted in.
    pub arithmetic: String,
    /// What comes out.
    pub available: Quantity,
}

/// An order whose lines Kinetic does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// Which.
    pub order: OrderId,
    /// How many of the SKU.
    pub quantity: Quantity,
}

/// The level of one location.
#[derive(Debug, Clone, Serialize)]
pub struct LevelTold {
    /// Which.
    pub location: u64,
    /// Whole units in which it is sold, before anything is taken off.
    pub sellable: i64,
    /// What should be offered now.
    pub level: u32,
    /// What was published last.
    pub published: Option<String>,
    /// What the store has now; `None` where it tells none.
    pub in_store: Option<i64>,
}

impl Catalogue<'_> {
    /// Why the store offers as many of a SKU as it does. It reads both systems, and writes nothing.
    ///
    /// # Errors
    /// A vendor or a port of ours failed, or the connection cannot be used.
    pub async fn explain_stock(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        deadline: Deadline,
    ) -> Result<StockExplained, Failure> {
        let turn = self.looking(connection, deadline).await?;
        let rules = &turn.connected.rules;
        let record =
            self.shelf.get(connection, std::slice::from_ref(sku)).await?.remove(sku).unwrap_or_default();
        let looked = turn.stock_of(sku).await.map_err(failed)?;
        let in_store = match record.place {
            Some(place) => {
                let of = [VariantId(place.variant)];
                let items =
                    turn.connected.shop.inventory().items(&ItemsOf::Variants(&of), 1, deadline).await?.items;
                let stock = items.into_iter().flat_map(|item| item.stock);
                stock.map(|stock| (stock.location_id, stock.total_inventory_onhand)).collect()
            }
            None => BTreeMap::new(),
        };
        let told = looked.levels.into_iter().map(|(location, (sellable, level))| LevelTold {
            location,
            sellable,
            level,
            published: record.fields.get(&format!("stock/{location}")).cloned(),
            in_store: in_store.get(&LocationId(location)).copied(),
        });
        let changes = self.shelf.changes(connection, sku, 10 * CHANGES).await?;
        let changes = changes.into_iter().filter(|change| change.field.starts_with("stock/"));
        Ok(StockExplained {
            sku: sku.clone(),
            at: self.now(),
            published: rules.catalogue.publish && rules.stock.publish,
            place: record.place,
            part: record.part,
            rows: looked.rows,
            formula: rules.stock.formula.as_str(),
            owed: looked.owed,
            buffer: rules.stock.buffer,
            levels: told.collect(),
            issue: record.issue,
            changes: changes.take(CHANGES).collect(),
        })
    }
}

/// Nobody who only looks is stopped for another reason.
pub(super) fn failed(halt: Halt) -> Failure {
    match halt {
        Halt::Failed(failure) => failure,
        Halt::Time | Halt::Moved => Failure::Shelf(connector_ports::ShelfError::Unavailable(
            "there was no time to look at all of it".to_owned(),
        )),
    }
}
