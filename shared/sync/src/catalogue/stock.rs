//! The job `stock`: levels of stock that changed go out to the store.
//!
//! What Kinetic had when a reading began ([`level`]), less what the store has sold and that reading cannot contain ([`unwritten`]), is set
//! as a whole ([`push`]). Orders that came in between are found by a second reading, and the levels put right in the same run.

mod level;
mod offer;
mod push;
mod unwritten;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_domain::{ConnectionId, Quantity, Sku, Text, Timestamp};
use connector_kinetic::{BaqId, Since, StockKey, StockRow, SysRevId};
use connector_ports::{Digest, Shelved};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use self::level::{InWarehouse, NotTold, arithmetic_of_query, arithmetic_of_search};
use self::offer::Offer;
use self::push::Pushed;
use self::unwritten::Orders;
use super::changes::ReadTo;
use super::explain::{Owed, StockRowTold};
use super::turn::{Catalogue, CatalogueJob, Halt, Keeper, Turn};
use crate::job::{Failure, after};
use crate::jobs::{Figure, Ran};
use crate::rules::StockRules;

/// So many rows come at once. A site may give fewer.
const PAGE: u16 = 1000;

/// So many levels are gathered before they go out, the lowest first: what is held in memory, whatever the catalogue's size.
const GATHERED: usize = 8_000;

/// How far the stock of a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// How far the query was read.
    read: ReadTo,
    /// Behind which row a reading of all rows goes on.
    behind: Option<(String, String)>,
    /// When the round began that is not at its end.
    round: Option<Timestamp>,
    /// When the last whole round began: no level of the store is older than that.
    as_of: Option<Timestamp>,
    /// When orders were read last.
    orders: Option<Timestamp>,
    /// The longest time between a reading of orders and the next one behind a push, in the last run that pushed.
    window_seconds: Option<u64>,
    /// Of the rules under which it was published: others publish all of it anew.
    rules: Option<Digest>,
    /// Kinetic's database was another at this moment: nothing goes out until a person has looked.
    stopped: Option<Timestamp>,
}

impl Catalogue<'_> {
    /// How old the store's stock can be; `None` where nothing was published yet.
    ///
    /// # Errors
    /// A port of ours failed, or what it holds cannot be read.
    pub async fn stock_age(&self, connection: &ConnectionId) -> Result<Option<Duration>, Failure> {
        let place: Option<Place> = self.place(CatalogueJob::Stock, connection).await?;
        let as_of = place.and_then(|place| place.as_of);
        Ok(as_of.map(|moment| Duration::try_from(self.now().duration_since(moment)).unwrap_or_default()))
    }
}

impl Turn<'_> {
    /// Publishes the levels that changed.
    pub(super) async fn stock(&self) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.stock;
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Stock).await?;
        let digest = digest_of(rules);
        if at.place.rules != Some(digest) {
            at.place.read.begin_anew();
            (at.place.behind, at.place.round) = (None, None);
            at.place.rules = Some(digest);
        }
        let mut pushed = Pushed::default();
        match &rules.baq {
            Some(query) => self.stock_by_query(query, &mut at, &mut pushed).await?,
            None => self.stock_row_by_row(&mut at, &mut pushed).await?,
        }
        let mut ran = Ran { sent: pushed.levels, ..Ran::default() };
        if let Some(window) = pushed.window {
            ran.figures.push((Figure::StockWindow, window.as_secs()));
        }
        Ok(ran)
    }

    /// By a query that tells which rows changed.
    async fn stock_by_query(
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
                let rows = self.news(rows).await?;
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
            let touched = touched.get_or_insert_with(|| unwritten.lately.clone());
            let known: BTreeSet<&str> = offers.iter().map(|offer| offer.sku.0.as_str()).collect();
            let lately = std::mem::take(touched);
            let lately: Vec<String> =
                lately.into_iter().filter(|part| !known.contains(part.as_str())).collect();
            offers.extend(self.offers_of_parts(&lately).await?);
            self.push(offers, &mut orders, &unwritten, pushed).await?;
            at.place.read = read;
            self.came_to(at, pushed, orders.snapshot(), ended.then_some(begun)).await?;
            if ended {
                return Ok(());
            }
        }
    }

    /// All rows there are, in the order of their keys: a part's rows come together.
    async fn stock_row_by_row(&self, at: &mut Keeper<'_, Place>, pushed: &mut Pushed) -> Result<(), Halt> {
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

    /// Writes down what is done; `whole` is when a round began that has come to its end.
    async fn came_to(
        &self,
        at: &mut Keeper<'_, Place>,
        pushed: &Pushed,
        orders: Timestamp,
        whole: Option<Timestamp>,
    ) -> Result<(), Halt> {
        at.place.orders = Some(orders);
        at.place.stopped = None;
        if let Some(window) = pushed.window {
            at.place.window_seconds = Some(window.as_secs());
        }
        at.next = orders;
        if let Some(round) = whole {
            (at.place.as_of, at.place.round) = (Some(round), None);
            at.next = after(round, self.connected.rules.stock.every).max(orders);
        }
        at.keep().await
    }

    async fn not_told(&self, at: &mut Keeper<'_, Place>, query: &BaqId) -> Result<(), Halt> {
        let words = format!(
            "stock.formula = \"query\" needs a column Calculated_Available, and BAQ {query} has none; add it, or choose another formula"
        );
        self.stop_stock(at, &words).await
    }

    async fn stop_stock(&self, at: &mut Keeper<'_, Place>, why: &str) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        if at.place.stopped.is_none() {
            tracing::error!(%connection, "no stock of {connection} is published until a person has looked: {why}");
        }
        at.place.stopped = at.place.stopped.or(Some(now));
        at.next = after(now, self.connected.rules.stock.every);
        at.keep().await
    }

    /// Stock is published between the pages of another job, if its time has come: a long import must not let the store oversell. What stands in
    /// its way is told, and is not in the other job's way.
    pub(super) async fn let_stock_in(&self) -> Result<(), Halt> {
        let connection = &self.connected.id;
        let wanted = self.connected.rules.stock.publish && self.connected.rules.catalogue.publish;
        if !wanted || !self.on.is_due(CatalogueJob::Stock, connection).await? {
            return Ok(());
        }
        match Box::pin(self.stock()).await {
            Ok(_) => Ok(()),
            Err(Halt::Failed(error)) => {
                tracing::error!(%connection, %error, "the stock of {connection} waits for its next time: {error}");
                Ok(())
            }
            Err(halt @ (Halt::Time | Halt::Moved)) => Err(halt),
        }
    }

    /// The first levels of those of these SKUs that have just come to the store. A query tells nothing of them: their stock has not changed.
    /// Where all rows are read each time they come by themselves.
    pub(super) async fn first_stock(&self, skus: &[Sku]) -> Result<(), Halt> {
        let rules = &self.connected.rules.stock;
        if !rules.publish || rules.baq.is_none() {
            return Ok(());
        }
        let is_new = |record: &Shelved| record.place.is_some() && !record.revisions.contains_key(offer::SET);
        let connection = &self.connected.id;
        let records = self.on.shelf.get(connection, skus).await?;
        let new: Vec<Sku> =
            records.into_iter().filter(|(_, record)| is_new(record)).map(|(sku, _)| sku).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.restock(&new).await?;
        let mut looked_at: Vec<(Sku, Shelved)> =
            self.on.shelf.get(connection, &new).await?.into_iter().collect();
        for (_, record) in &mut looked_at {
            record.revisions.insert(offer::SET.to_owned(), 0);
        }
        Ok(self.on.shelf.put(connection, &looked_at, &[]).await?)
    }

    /// Publishes the stock of these SKUs anew, whatever the shelf says of it; how many levels went out.
    pub(super) async fn restock(&self, skus: &[Sku]) -> Result<usize, Halt> {
        if skus.is_empty() {
            return Ok(0);
        }
        let mut orders = Orders::now(self, None).await?;
        let parts: Vec<String> = skus.iter().map(|sku| sku.0.clone()).collect();
        let mut offers = self.offers_of_parts(&parts).await?;
        for offer in &mut offers {
            offer.whatever_is_known = true;
        }
        let (unwritten, mut pushed) = (orders.read().await?, Pushed::default());
        self.push(offers, &mut orders, &unwritten, &mut pushed).await?;
        Ok(pushed.levels)
    }

    /// Tells of every level that would be set: of which SKU, where, what was published and what would be. Nothing is written.
    pub(super) async fn every_news(
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
    pub(super) async fn stock_of(&self, sku: &Sku) -> Result<StockLooked, Halt> {
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

    /// All stock of these parts; `None` where the query lacks what the formula needs, which is told when it is read as a whole.
    async fn rows_of(&self, part_nums: &[String]) -> Result<Option<Vec<InWarehouse>>, Halt> {
        let rules = &self.connected.rules.stock;
        // What is no part number is in no warehouse.
        let parts: Vec<Text<50>> = part_nums.iter().filter_map(|part| Text::exact(part)).collect();
        if parts.is_empty() {
            return Ok(Some(Vec::new()));
        }
        if let Some(query) = &rules.baq {
            let rows = self.connected.kinetic.baq(query).of_parts(&parts, self.deadline).await?;
            return Ok(rows.iter().map(|row| InWarehouse::of_query(row, rules.formula).ok()).collect());
        }
        let rows = self.connected.kinetic.stock().of_parts(&parts, self.deadline).await?;
        Ok(Some(rows.iter().map(|row| InWarehouse::of_search(row, rules.formula)).collect()))
    }
}

/// What there is of one SKU.
#[derive(Debug)]
pub(super) struct StockLooked {
    pub(super) rows: Vec<StockRowTold>,
    pub(super) owed: Vec<Owed>,
    /// By location: what can be sold, and the level that follows.
    pub(super) levels: BTreeMap<u64, (i64, u32)>,
}

/// How many rows there are before the part that the last row is of.
fn before_the_last_part(rows: &[StockRow]) -> usize {
    let last = rows.last().map(|row| row.key.part_num.as_str()).unwrap_or_default();
    rows.iter().rposition(|row| row.key.part_num != last).map_or(0, |at| at.saturating_add(1))
}

/// Of all that decides what goes out.
fn digest_of(rules: &StockRules) -> Digest {
    let StockRules {
        publish: _,
        warehouses,
        formula,
        baq,
        buffer,
        non_stock,
        kits,
        every: _,
        orders_overlap: _,
    } = rules;
    Digest::new(
        Sha256::digest(format!("{warehouses:?}{formula:?}{baq:?}{buffer}{non_stock:?}{kits:?}")).into(),
    )
}
