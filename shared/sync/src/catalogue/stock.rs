//! The job `stock`: levels of stock that changed go out to the store.
//!
//! What Kinetic had when a reading began ([`level`]), less what the store has sold and that reading cannot contain ([`unwritten`]), is set
//! as a whole ([`push`]). Orders that came in between are found by a second reading, and the levels put right in the same run.

mod level;
mod look;
mod offer;
mod push;
mod read;
mod unwritten;

use std::time::Duration;

use connector_domain::{ConnectionId, Sku, Text, Timestamp};
use connector_kinetic::BaqId;
use connector_ports::{Digest, Shelved};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use self::level::InWarehouse;
use self::push::Pushed;
use self::unwritten::{Noted, Orders};
use super::changes::ReadTo;
use super::job::CatalogueJob;
use super::keeper::Keeper;
use super::turn::{Catalogue, Halt, Turn};
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
    /// All of it is read because the rules changed: rows count anew though they did not.
    #[serde(default)]
    anew: bool,
    /// What was taken off when levels went out, by part. Where it is another by now the level is counted anew: nothing in Kinetic may tell.
    #[serde(default)]
    owed: Noted,
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
            at.place.anew = true;
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
            (at.place.as_of, at.place.round, at.place.anew) = (Some(round), None, false);
            at.next = after(round, self.connected.rules.stock.every).max(orders);
        }
        at.keep().await
    }

    async fn not_told(&self, at: &mut Keeper<'_, Place>, query: &BaqId) -> Result<(), Halt> {
        let words = format!(
            "stock.formula = \"query\" needs a column Calculated_Available, and BAQ {query} has none; add it, or choose another formula."
        );
        self.stop_stock(at, &words).await
    }

    async fn stop_stock(&self, at: &mut Keeper<'_, Place>, why: &str) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        if at.place.stopped.is_none() {
            tracing::error!(%connection, "no stock of {connection} is published until a person has looked: {why} What goes on is `connector catalog restart`");
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
        let owed = unwritten.of_these(&parts);
        if self.connected.rules.stock.baq.is_some() && !owed.is_empty() {
            let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Stock).await?;
            at.place.owed.extend(owed);
            at.leave().await?;
        }
        Ok(pushed.levels)
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

/// The first level of a SKU is asked for once more: it is counted or sold in another unit than before, or stocked otherwise.
pub(super) fn ask_again(record: &mut Shelved) {
    record.revisions.remove(offer::SET);
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
