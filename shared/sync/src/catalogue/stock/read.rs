//! What there is, as a query tells it or row by row, gathered and pushed.

use std::collections::BTreeSet;

use connector_kinetic::{BaqId, Since, StockKey, StockRow, SysRevId};

use super::level::{InWarehouse, NotTold};
use super::offer::Offer;
use super::push::Pushed;
use super::unwritten::Orders;
use super::{GATHERED, PAGE, Place};
use crate::catalogue::keeper::Keeper;
use crate::catalogue::turn::{Halt, Turn};

impl Turn<'_> {
    /// By a query that tells which rows changed.
    pub(super) async fn stock_by_query(
        &self,
        query: &BaqId,
        at: &mut Keeper<'_, Place>,
        pushed: &mut Pushed,
    ) -> Result<(), Halt> {
        let rules = &self.connected.rules;
        let begun = self.on.now();
        let mut touched: Option<BTreeSet<String>> = None;
        loop {
            self.on_time()?;
            self.still_ours().await?;
            let mut orders = Orders::now(self, at.place.orders).await?;
            let (mut read, mut offers, mut ended) = (at.place.read.clone(), Vec::new(), false);
            while offers.len() < GATHERED && !ended {
                self.on_time()?;
                let since = SysRevId(read.after(begun, rules.catalogue.overlap));
                let since = Since { after: since, top: PAGE, only: None };
                let changed = self.connected.kinetic.baq(query).page(since, self.deadline).await?;
                let seen = changed.highest.map(|revision| revision.0);
                if read.has_begun() && !read.is_under_way() && read.is_another_database(seen) {
                    return self.stop_stock(at, "Kinetic's database is another than before: none of the newest rows of stock is there. Was it restored, or copied from another company?").await;
                }
                let rows = changed.rows.iter().map(|row| InWarehouse::of_query(row, rules.stock.formula));
                let Ok(rows) = rows.collect::<Result<Vec<_>, NotTold>>() else {
                    return self.not_told(at, query).await;
                };
                let keys = changed
                    .rows
                    .iter()
                    .map(|row| (format!("{}/{}", row.key.part_num, row.key.warehouse), row.revision.0));
                let keys: Vec<(String, i64)> = keys.collect();
                let rows = if at.place.anew { rows } else { self.news(rows).await? };
                offers.extend(self.offers_of_changed(rows).await?);
                ended = !changed.more;
                read.done(
                    keys.iter().map(|(key, revision)| (key.as_str(), *revision)),
                    ended,
                    begun,
                    rules.catalogue.overlap,
                );
            }
            let unwritten = orders.read().await?;
            let touched = touched.get_or_insert_with(|| unwritten.moved(&at.place.owed));
            let known: BTreeSet<&str> = offers.iter().map(|offer| offer.sku.0.as_str()).collect();
            let lately = std::mem::take(touched);
            let lately: Vec<String> =
                lately.into_iter().filter(|part| !known.contains(part.as_str())).collect();
            offers.extend(self.offers_of_parts(&lately).await?);
            self.push(offers, &mut orders, &unwritten, pushed).await?;
            at.place.read = read;
            at.place.owed = unwritten.noted();
            self.came_to(at, pushed, orders.snapshot(), ended.then_some(begun)).await?;
            if ended {
                return Ok(());
            }
        }
    }

    /// All rows there are, in the order of their keys: a part's rows come together.
    pub(super) async fn stock_row_by_row(
        &self,
        at: &mut Keeper<'_, Place>,
        pushed: &mut Pushed,
    ) -> Result<(), Halt> {
        let formula = self.connected.rules.stock.formula;
        loop {
            self.on_time()?;
            self.still_ours().await?;
            let mut orders = Orders::now(self, at.place.orders).await?;
            let round = *at.place.round.get_or_insert(orders.snapshot());
            let mut behind =
                at.place.behind.clone().map(|(part_num, warehouse)| StockKey { part_num, warehouse });
            // The last part of a page may go on on the next one.
            let (mut offers, mut rest, mut ended): (Vec<Offer>, Vec<StockRow>, bool) =
                (Vec::new(), Vec::new(), false);
            let mut done_to = behind.clone();
            while offers.len() < GATHERED && !ended {
                self.on_time()?;
                let page =
                    self.connected.kinetic.stock().page(behind.as_ref(), None, PAGE, self.deadline).await?;
                ended = page.is_empty();
                behind = page.last().map(|row| row.key.clone()).or(behind);
                rest.extend(page);
                let whole = if ended { rest.len() } else { before_the_last_part(&rest) };
                let rows: Vec<StockRow> = rest.drain(..whole).collect();
                done_to = rows.last().map(|row| row.key.clone()).or(done_to);
                let rows = rows.iter().map(|row| InWarehouse::of_search(row, formula)).collect();
                offers.extend(self.offers(rows).await?);
            }
            let unwritten = orders.read().await?;
            self.push(offers, &mut orders, &unwritten, pushed).await?;
            at.place.behind = done_to.filter(|_| !ended).map(|key| (key.part_num, key.warehouse));
            self.came_to(at, pushed, orders.snapshot(), ended.then_some(round)).await?;
            if ended {
                return Ok(());
            }
        }
    }
}

/// How many rows there are before the part that the last row is of.
fn before_the_last_part(rows: &[StockRow]) -> usize {
    let last = rows.last().map(|row| row.key.part_num.as_str()).unwrap_or_default();
    rows.iter().rposition(|row| row.key.part_num != last).map_or(0, |at| at.saturating_add(1))
}
