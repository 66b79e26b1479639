//! Stock for whoever only looks.

use std::collections::{BTreeMap, BTreeSet};

use connector_domain::{Quantity, Sku, Text};
use connector_kinetic::{Since, SysRevId};

use super::level::{InWarehouse, arithmetic_of_query, arithmetic_of_search};
use super::unwritten::Orders;
use super::{PAGE, offer};
use crate::catalogue::explain::{Owed, StockRowTold};
use crate::catalogue::turn::{Halt, Turn};

impl Turn<'_> {
    /// Tells of every level that would be set: of which SKU, where, what was published and what would be. Nothing is written.
    pub(in crate::catalogue) async fn every_news(
        &self,
        mut tell: impl FnMut(&Sku, u64, Option<&str>, u32) + Send,
    ) -> Result<(), Halt> {
        let rules = &self.connected.rules.stock;
        let mut orders = Orders::now(self, None).await?;
        let unwritten = orders.read().await?;
        let (mut after, mut behind) = (SysRevId(0), None);
        let (mut rest, mut ended): (Vec<InWarehouse>, bool) = (Vec::new(), false);
        let mut told = BTreeSet::new();
        while !ended {
            self.on_time()?;
            if let Some(query) = &rules.baq {
                let since = Since { after, top: PAGE, only: None };
                let page = self.connected.kinetic.baq(query).page(since, self.deadline).await?;
                ended = !page.more;
                after = page.highest.unwrap_or(after);
                rest = page
                    .rows
                    .iter()
                    .filter_map(|row| InWarehouse::of_query(row, rules.formula).ok())
                    .collect();
                // Other rows of the same part may come much later.
                if rules.warehouses.len() > 1 {
                    let parts: BTreeSet<String> = rest.drain(..).map(|row| row.part_num).collect();
                    rest = self.rows_of(&parts.into_iter().collect::<Vec<_>>()).await?.unwrap_or_default();
                }
            } else {
                let page =
                    self.connected.kinetic.stock().page(behind.as_ref(), None, PAGE, self.deadline).await?;
                ended = page.is_empty();
                behind = page.last().map(|row| row.key.clone()).or(behind);
                rest.extend(page.iter().map(|row| InWarehouse::of_search(row, rules.formula)));
            }
            let last = rest.last().map(|row| row.part_num.clone()).filter(|_| !ended && rules.baq.is_none());
            // The last part of a page may go on on the next one.
            let (whole, open) = rest.drain(..).partition(|row| Some(&row.part_num) != last.as_ref());
            rest = open;
            for offer in self.offers(whole).await? {
                let news = offer.news(&unwritten, rules.buffer);
                // Rows of one part may be on several pages.
                if news.is_empty() || !told.insert(offer.sku.clone()) {
                    continue;
                }
                for (location, level) in news {
                    let old = offer.record.fields.get(&offer::level_field(location)).map(String::as_str);
                    tell(&offer.sku, location, old, level);
                }
            }
        }
        Ok(())
    }

    /// What there is of one SKU, row by row, and what follows; nothing is written.
    pub(in crate::catalogue) async fn stock_of(&self, sku: &Sku) -> Result<StockLooked, Halt> {
        let rules = &self.connected.rules.stock;
        let mut orders = Orders::now(self, None).await?;
        let parts: Vec<Text<50>> = Text::exact(&sku.0).into_iter().collect();
        let deadline = self.deadline;
        let told: Vec<(String, String, Option<InWarehouse>)> = if let Some(query) = &rules.baq {
            let rows = self.connected.kinetic.baq(query).of_parts(&parts, deadline).await?;
            let told = rows.iter().map(|row| {
                let arithmetic = arithmetic_of_query(row, rules.formula);
                (row.key.warehouse.clone(), arithmetic, InWarehouse::of_query(row, rules.formula).ok())
            });
            told.collect()
        } else {
            let rows = self.connected.kinetic.stock().of_parts(&parts, deadline).await?;
            let told = rows.iter().map(|row| {
                let arithmetic = arithmetic_of_search(row, rules.formula);
                (row.key.warehouse.clone(), arithmetic, Some(InWarehouse::of_search(row, rules.formula)))
            });
            told.collect()
        };
        let known: Vec<InWarehouse> = told.iter().filter_map(|(.., row)| row.clone()).collect();
        let offers = self.offers(known).await?;
        let unwritten = orders.read().await?;
        let rows = told.into_iter().map(|(warehouse, arithmetic, row)| StockRowTold {
            location: rules.warehouses.get(&warehouse.trim().to_uppercase()).copied(),
            warehouse,
            arithmetic,
            available: Quantity::new(row.map(|row| row.available).unwrap_or_default()),
        });
        let levels = offers.iter().flat_map(|offer| {
            let levels = offer.levels(&unwritten, rules.buffer).into_iter();
            levels.map(|(location, level)| {
                (location, (offer.sellable.get(&location).copied().unwrap_or_default(), level))
            })
        });
        let owed = unwritten.orders_of(&sku.0).iter();
        Ok(StockLooked {
            rows: rows.collect(),
            owed: owed
                .map(|(order, quantity)| Owed { order: *order, quantity: Quantity::new(*quantity) })
                .collect(),
            levels: levels.collect(),
        })
    }
}

/// What there is of one SKU.
#[derive(Debug)]
pub(in crate::catalogue) struct StockLooked {
    pub(in crate::catalogue) rows: Vec<StockRowTold>,
    pub(in crate::catalogue) owed: Vec<Owed>,
    /// By location: what can be sold, and the level that follows.
    pub(in crate::catalogue) levels: BTreeMap<u64, (i64, u32)>,
}
