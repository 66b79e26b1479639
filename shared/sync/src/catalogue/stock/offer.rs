//! What a SKU has to offer, from its rows in the warehouses that are sold from.

use std::collections::{BTreeMap, BTreeSet};

use connector_bigcommerce::{ItemRef, ProductId, VariantId};
use connector_domain::{Sku, Text};
use connector_kinetic::UnitRow;
use connector_ports::{PartFacts, Shelved, ShopPlace, Stocked};
use rust_decimal::Decimal;

use super::super::turn::{Halt, Turn};
use super::super::wanted::Problem;
use super::level::{Conversion, InWarehouse, levels};
use super::unwritten::{Unwritten, folded};
use crate::rules::Unstocked;

/// On the shelf: the set whose revisions are kept, one for each warehouse.
pub(super) const SET: &str = "PartWhse";

/// What a SKU has to offer, before what is sold is taken off.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) sku: Sku,
    pub(super) place: ShopPlace,
    /// As the shelf knows it.
    pub(super) record: Shelved,
    /// Whole units in which it is sold, by location of the store.
    pub(super) sellable: BTreeMap<u64, i64>,
    /// Of the rows it was made of, by warehouse.
    pub(super) revisions: BTreeMap<String, i64>,
    /// It goes out even if the shelf says that it did.
    pub(super) whatever_is_known: bool,
}

impl Offer {
    /// What the store is told that it is of.
    pub(super) const fn item(&self) -> ItemRef {
        let ShopPlace { product, variant, simple } = self.place;
        if simple { ItemRef::Product(ProductId(product)) } else { ItemRef::Variant(VariantId(variant)) }
    }

    /// What each location may offer.
    pub(super) fn levels(&self, unwritten: &Unwritten, buffer: u32) -> BTreeMap<u64, u32> {
        levels(&self.sellable, unwritten.of(&self.sku.0), buffer)
    }

    /// Those of its levels that are not on the shelf.
    pub(super) fn news(&self, unwritten: &Unwritten, buffer: u32) -> Vec<(u64, u32)> {
        let is_news = |(location, level): &(u64, u32)| {
            let known = |field: String| {
                self.record.fields.get(&field).map(String::as_str) == Some(&level.to_string())
            };
            self.whatever_is_known || !(known(level_field(*location)) || known(refused_field(*location)))
        };
        self.levels(unwritten, buffer).into_iter().filter(is_news).collect()
    }

    /// Whether the shelf lacks something that was read.
    pub(super) fn has_newer_revisions(&self) -> bool {
        self.revisions.iter().any(|(set, revision)| self.record.revisions.get(set) != Some(revision))
    }
}

/// On the shelf: the level at a location.
pub(super) fn level_field(location: u64) -> String {
    format!("stock/{location}")
}

/// On the shelf: a level that the store refused; it is not sent again unless it changes, or somebody asks.
pub(super) fn refused_field(location: u64) -> String {
    format!("stock_refused/{location}")
}

impl Turn<'_> {
    /// Those rows that the shelf does not know.
    pub(super) async fn news(&self, rows: Vec<InWarehouse>) -> Result<Vec<InWarehouse>, Halt> {
        let skus: BTreeSet<Sku> = rows.iter().map(|row| Sku(row.part_num.clone())).collect();
        let skus: Vec<Sku> = skus.into_iter().collect();
        let records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let is_news = |row: &InWarehouse| {
            let known = records
                .get(&Sku(row.part_num.clone()))
                .and_then(|record| record.revisions.get(&revision_of(row)));
            row.revision.is_none() || known != row.revision.as_ref()
        };
        Ok(rows.into_iter().filter(is_news).collect())
    }

    /// Offers of parts of which some rows changed. Where more than one warehouse is sold from, the others have to be looked up.
    pub(super) async fn offers_of_changed(&self, rows: Vec<InWarehouse>) -> Result<Vec<Offer>, Halt> {
        let warehouses = &self.connected.rules.stock.warehouses;
        let rows: Vec<InWarehouse> =
            rows.into_iter().filter(|row| warehouses.contains_key(&row.warehouse)).collect();
        if warehouses.len() <= 1 {
            return self.offers(rows).await;
        }
        let parts: BTreeSet<String> = rows.into_iter().map(|row| row.part_num).collect();
        self.offers_of_parts(&parts.into_iter().collect::<Vec<_>>()).await
    }

    /// Offers of these parts, looked up now. What is on the shelf of one that is in no warehouse any more is taken off.
    pub(super) async fn offers_of_parts(&self, part_nums: &[String]) -> Result<Vec<Offer>, Halt> {
        let Some(rows) = self.rows_of(part_nums).await? else { return Ok(Vec::new()) };
        let mut offers = self.offers(rows).await?;
        let found: BTreeSet<String> = offers.iter().map(|offer| folded(&offer.sku.0)).collect();
        let gone: Vec<Sku> = part_nums
            .iter()
            .filter(|part| !found.contains(&folded(part)))
            .map(|part| Sku(part.clone()))
            .collect();
        let records = self.on.shelf.get(&self.connected.id, &gone).await?;
        for (sku, record) in records {
            let Some(place) = record.place else { continue };
            let is_level = |field: &String| field.strip_prefix("stock/").and_then(|at| at.parse().ok());
            let sellable: BTreeMap<u64, i64> =
                record.fields.keys().filter_map(is_level).map(|at| (at, 0)).collect();
            if !sellable.is_empty() && self.is_offered(record.part.as_ref()) {
                let revisions = BTreeMap::new();
                offers.push(Offer { sku, place, record, sellable, revisions, whatever_is_known: false });
            }
        }
        Ok(offers)
    }

    /// Offers of what is in these rows, all rows of a part among them, and in the store.
    pub(super) async fn offers(&self, rows: Vec<InWarehouse>) -> Result<Vec<Offer>, Halt> {
        let rules = &self.connected.rules.stock;
        let mut by_part: BTreeMap<Sku, Vec<InWarehouse>> = BTreeMap::new();
        for row in rows {
            if rules.warehouses.contains_key(&row.warehouse) {
                by_part.entry(Sku(row.part_num.clone())).or_default().push(row);
            }
        }
        let skus: Vec<Sku> = by_part.keys().cloned().collect();
        let mut records = self.on.shelf.get(&self.connected.id, &skus).await?;
        records.retain(|_, record| record.place.is_some() && self.is_offered(record.part.as_ref()));
        let units = self.units(&records).await?;
        let mut offers = Vec::new();
        for (sku, rows) in by_part {
            let Some(record) = records.remove(&sku) else { continue };
            let (Some(place), Some(facts)) = (record.place, record.part.clone()) else { continue };
            let Some(conversion) = conversion(&sku, &facts, &units) else {
                self.flag_units(&sku, record, &facts).await?;
                continue;
            };
            let mut there: BTreeMap<u64, Decimal> = BTreeMap::new();
            for row in &rows {
                if let Some(location) = rules.warehouses.get(&row.warehouse) {
                    *there.entry(*location).or_default() += row.available;
                }
            }
            let none = facts.stocked != Stocked::Yes;
            let whole = |available| if none { 0 } else { conversion.whole(available) };
            let sellable =
                there.into_iter().map(|(location, available)| (location, whole(available))).collect();
            let revisions = rows.iter().filter_map(|row| Some((revision_of(row), row.revision?))).collect();
            offers.push(Offer { sku, place, record, sellable, revisions, whatever_is_known: false });
        }
        Ok(offers)
    }

    /// Whether a level of such a part goes out. Of one that nothing is known of, none does.
    fn is_offered(&self, facts: Option<&PartFacts>) -> bool {
        let rules = &self.connected.rules.stock;
        facts.is_some_and(|facts| match facts.stocked {
            Stocked::Yes => true,
            Stocked::No => rules.non_stock == Unstocked::Zero,
            Stocked::Kit => rules.kits == Unstocked::Zero,
        })
    }

    /// The units of those that are sold in another unit than their stock is counted in.
    async fn units(&self, records: &BTreeMap<Sku, Shelved>) -> Result<Vec<UnitRow>, Halt> {
        let differs = |facts: &PartFacts| !facts.stock_um.eq_ignore_ascii_case(&facts.sales_um);
        let parts: Vec<Text<50>> = records
            .iter()
            .filter(|(_, record)| record.part.as_ref().is_some_and(differs))
            .filter_map(|(sku, _)| Text::exact(&sku.0))
            .collect();
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.connected.kinetic.parts().units(&parts, self.deadline).await?)
    }

    async fn flag_units(&self, sku: &Sku, record: Shelved, facts: &PartFacts) -> Result<(), Halt> {
        let PartFacts { stock_um, sales_um, .. } = facts;
        let problem = Problem {
            reason: "stock_unknown_unit",
            words: format!(
                "the stock of \"{sku}\" is counted in {stock_um} and sold in {sales_um}, and the part has no conversion between the two; its level is left as it is until there is one"
            ),
        };
        self.note_issue(sku, record, problem).await
    }
}

fn conversion(sku: &Sku, facts: &PartFacts, units: &[UnitRow]) -> Option<Conversion> {
    let own = folded(&sku.0);
    let own: Vec<&UnitRow> = units.iter().filter(|unit| folded(&unit.part_num) == own).collect();
    Conversion::of(&own, &facts.stock_um, &facts.sales_um)
}

fn revision_of(row: &InWarehouse) -> String {
    format!("{SET}/{}", row.warehouse)
}
