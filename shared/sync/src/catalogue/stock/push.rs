//! Levels go out: the lowest first, in bulk, halved where a row is refused, and looked after once more.

use std::collections::BTreeMap;
use std::time::Duration;

use connector_bigcommerce::{
    Batch, ItemRef, ItemsOf, LocationId, ProductId, STOCK_LEVELS, StockLevel, StockSet, VariantId,
};
use connector_domain::{Sku, Timestamp};
use connector_ports::{Published, ShelfIssue, Shelved};

use super::super::halves::Halves;
use super::super::turn::{Halt, Turn};
use super::super::wanted::Problem;
use super::super::written::since;
use super::offer::{Offer, SET, level_field, refused_field};
use super::unwritten::{Orders, Unwritten};

/// The store's word for why its stock changed.
const REASON: &str = "ml-connector: stock of Kinetic";

/// How often orders are read after a push at most, if each time one has come for what was pushed.
const ROUNDS: u32 = 5;

/// So many items are asked for to see whether a push was applied.
const PROBES: usize = 50;

/// The pauses between two looks at whether a push was applied; after the last it is not waited for any longer.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// What went out in a run.
#[derive(Debug, Default)]
pub(super) struct Pushed {
    /// Levels that the store took.
    pub(super) levels: usize,
    /// The longest time between a reading of orders and the next one behind the push: an order that was placed in it was taken into account
    /// with that much delay.
    pub(super) window: Option<Duration>,
    /// Locations that may be written to, once somebody asked.
    open: Option<Vec<u64>>,
}

/// A level on its way, with the offer it belongs to.
struct Row {
    offer: usize,
    location: u64,
    level: u32,
}

impl Turn<'_> {
    /// Sends what is new of these offers. `unwritten` is what was sold when they were gathered; it is read anew before each batch.
    pub(super) async fn push(
        &self,
        mut offers: Vec<Offer>,
        orders: &mut Orders<'_>,
        unwritten: &Unwritten,
        pushed: &mut Pushed,
    ) -> Result<(), Halt> {
        let buffer = self.connected.rules.stock.buffer;
        let at_rest: Vec<(Sku, Shelved)> = offers
            .iter()
            .filter(|offer| offer.has_newer_revisions() && offer.news(unwritten, buffer).is_empty())
            .map(|offer| (offer.sku.clone(), with_revisions(offer)))
            .collect();
        self.on.shelf.put(&self.connected.id, &at_rest, &[]).await?;
        offers.retain(|offer| !offer.news(unwritten, buffer).is_empty());
        if offers.is_empty() {
            return Ok(());
        }
        self.ask_for_locations(pushed).await?;
        // Low stock first: that is what can be oversold.
        offers.sort_by_cached_key(|offer| {
            offer.levels(unwritten, buffer).values().copied().map(u64::from).sum::<u64>()
        });
        let mut rest = offers.as_mut_slice();
        while !rest.is_empty() {
            let fit = fitting(rest, unwritten, buffer);
            let (batch, behind) = rest.split_at_mut(fit);
            self.batch(batch, orders, pushed).await?;
            rest = behind;
        }
        Ok(())
    }

    /// One batch, and what it takes until no order has come for it meanwhile.
    async fn batch(
        &self,
        offers: &mut [Offer],
        orders: &mut Orders<'_>,
        pushed: &mut Pushed,
    ) -> Result<(), Halt> {
        for _ in 0..ROUNDS {
            self.on_time()?;
            // A level that is older than somebody else's must not come behind it.
            self.still_ours().await?;
            let read_at = self.on.now();
            let unwritten = orders.read().await?;
            let rows = self.rows(offers, &unwritten, pushed);
            for offer in offers.iter_mut() {
                offer.whatever_is_known = false;
            }
            if rows.is_empty() {
                return Ok(());
            }
            pushed.levels += self.send(&rows, offers).await?;
            self.applied(&rows, offers).await?;
            let window = Duration::try_from(self.on.now().duration_since(read_at)).unwrap_or_default();
            pushed.window = pushed.window.max(Some(window));
        }
        let connection = &self.connected.id;
        tracing::warn!(%connection, "orders came for the same articles of {connection} after each of {ROUNDS} pushes of their stock; the next run goes on");
        Ok(())
    }

    fn rows(&self, offers: &[Offer], unwritten: &Unwritten, pushed: &Pushed) -> Vec<Row> {
        let buffer = self.connected.rules.stock.buffer;
        let is_open = |location: &u64| pushed.open.as_ref().is_none_or(|open| open.contains(location));
        let of = |(offer, one): (usize, &Offer)| {
            let news = one.news(unwritten, buffer).into_iter();
            news.map(move |(location, level)| Row { offer, location, level })
        };
        offers.iter().enumerate().flat_map(of).filter(|row| is_open(&row.location)).collect()
    }

    /// Sends rows, writes down what was taken before anything else is sent, and says how many were.
    async fn send(&self, rows: &[Row], offers: &mut [Offer]) -> Result<usize, Halt> {
        let (mut taken, mut halves) = (0, Halves::of(rows.len()));
        while let Some(range) = halves.next() {
            self.on_time()?;
            let some = rows.get(range.clone()).unwrap_or_default();
            let levels: Vec<StockLevel> = some
                .iter()
                .filter_map(|row| {
                    Some(StockLevel::new(LocationId(row.location), offers.get(row.offer)?.item(), row.level))
                })
                .collect();
            let Some(batch) = Batch::<_, STOCK_LEVELS>::of(&levels) else {
                // More than fit are two batches.
                halves.refused(range);
                continue;
            };
            let set = match self.connected.shop.inventory().set_absolute(REASON, batch, self.deadline).await {
                Ok(set) => set,
                Err(error) => {
                    self.forget(some, offers).await?;
                    return Err(error.into());
                }
            };
            let words = match set {
                StockSet::Accepted { .. } => {
                    self.take(some, offers).await?;
                    taken += some.len();
                    continue;
                }
                StockSet::Refused(refusal) => refusal.to_string(),
                StockSet::TooLarge(words) => words,
            };
            if let Some(row) = halves.refused(range).and_then(|row| rows.get(row)) {
                self.refuse(row, offers, &words).await?;
            }
        }
        Ok(taken)
    }

    /// What the store has taken stands on the shelf, each change of it by itself.
    async fn take(&self, rows: &[Row], offers: &mut [Offer]) -> Result<(), Halt> {
        let now = self.on.now();
        let (mut records, mut changes) = (BTreeMap::new(), Vec::new());
        for row in rows {
            let Some(offer) = offers.get_mut(row.offer) else { continue };
            let (field, new) = (level_field(row.location), row.level.to_string());
            let revision = offer.revisions.values().max().copied();
            offer.record = with_revisions(offer);
            offer.record.fields.remove(&refused_field(row.location));
            let old = offer.record.fields.insert(field.clone(), new.clone());
            if offer.record.issue.as_ref().is_some_and(|issue| OURS.contains(&issue.reason.as_str())) {
                offer.record.issue = None;
            }
            if old.as_ref() != Some(&new) {
                changes.push(Published {
                    sku: offer.sku.clone(),
                    at: now,
                    field,
                    old,
                    new: Some(new),
                    revision,
                });
            }
            records.insert(offer.sku.clone(), offer.record.clone());
        }
        let records: Vec<(Sku, Shelved)> = records.into_iter().collect();
        Ok(self.on.shelf.put(&self.connected.id, &records, &changes).await?)
    }

    /// Nobody knows what the store has of these: the answer may have been lost. What the shelf says of them is taken off, and the rows they
    /// are of, so that the next run sends them whatever Kinetic says by then.
    async fn forget(&self, rows: &[Row], offers: &mut [Offer]) -> Result<(), Halt> {
        let mut records = BTreeMap::new();
        for row in rows {
            let Some(offer) = offers.get_mut(row.offer) else { continue };
            offer.record.fields.remove(&level_field(row.location));
            let is_stock = |set: &str| set == SET || set.starts_with(&format!("{SET}/"));
            offer.record.revisions.retain(|set, _| !is_stock(set));
            records.insert(offer.sku.clone(), offer.record.clone());
        }
        let records: Vec<(Sku, Shelved)> = records.into_iter().collect();
        Ok(self.on.shelf.put(&self.connected.id, &records, &[]).await?)
    }

    async fn refuse(&self, row: &Row, offers: &mut [Offer], words: &str) -> Result<(), Halt> {
        let Some(offer) = offers.get_mut(row.offer) else { return Ok(()) };
        let sku = offer.sku.clone();
        offer.record.fields.insert(refused_field(row.location), row.level.to_string());
        let words =
            format!("the store refused {} of \"{sku}\" at location {}: {words}", row.level, row.location);
        let problem = Problem { reason: "stock_refused", words };
        offer.record = self.with_issue(&sku, offer.record.clone(), problem);
        let record = [(sku, offer.record.clone())];
        Ok(self.on.shelf.put(&self.connected.id, &record, &[]).await?)
    }

    /// Waits until the store shows what was pushed, as far as it can be seen, and not for long: no call tells it, and an order may have come
    /// for it already.
    async fn applied(&self, rows: &[Row], offers: &[Offer]) -> Result<(), Halt> {
        let probes: Vec<(ItemRef, u64, u32)> = rows
            .iter()
            .filter_map(|row| Some((offers.get(row.offer)?, row)))
            .filter(|(offer, row)| {
                offer.record.fields.get(&level_field(row.location)) == Some(&row.level.to_string())
            })
            .map(|(offer, row)| (offer.item(), row.location, row.level))
            .collect();
        // The last rows are as late as any.
        let probes = probes.get(probes.len().saturating_sub(PROBES)..).unwrap_or_default();
        for pause in PAUSES {
            if probes.is_empty() || self.shows(probes).await? {
                return Ok(());
            }
            self.on_time()?;
            self.on.clock().sleep(pause).await;
        }
        let connection = &self.connected.id;
        tracing::info!(%connection, "{connection} does not show yet all of what was pushed; orders are looked at once more all the same");
        Ok(())
    }

    async fn shows(&self, probes: &[(ItemRef, u64, u32)]) -> Result<bool, Halt> {
        let products: Vec<ProductId> = probes.iter().filter_map(|(item, ..)| product(item)).collect();
        let variants: Vec<VariantId> = probes.iter().filter_map(|(item, ..)| variant(item)).collect();
        let inventory = self.connected.shop.inventory();
        let mut items = Vec::new();
        if !products.is_empty() {
            items.extend(inventory.items(&ItemsOf::Products(&products), 1, self.deadline).await?.items);
        }
        if !variants.is_empty() {
            items.extend(inventory.items(&ItemsOf::Variants(&variants), 1, self.deadline).await?.items);
        }
        Ok(probes.iter().all(|(of, location, level)| {
            let item = items
                .iter()
                .find(|item| product(of) == Some(item.product_id) || variant(of) == Some(item.variant_id));
            let here = item.and_then(|item| item.stock.iter().find(|stock| stock.location_id.0 == *location));
            here.is_some_and(|stock| stock.total_inventory_onhand == i64::from(*level))
        }))
    }

    /// Which locations may be written to; asked once a run, and only if there is something to write.
    async fn ask_for_locations(&self, pushed: &mut Pushed) -> Result<(), Halt> {
        if pushed.open.is_some() {
            return Ok(());
        }
        let connection = &self.connected.id;
        let locations = match self.connected.shop.inventory().locations(self.deadline).await {
            Ok(locations) => locations,
            // Without the right to read them the levels themselves will tell.
            Err(error) if error.class == connector_http::Class::Forbidden => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let open: Vec<u64> =
            locations.iter().filter(|location| location.enabled).map(|location| location.id.0).collect();
        for (warehouse, location) in &self.connected.rules.stock.warehouses {
            if !open.contains(location) {
                tracing::error!(%connection, warehouse, location, "the stock of warehouse {warehouse} of {connection} is not published: location {location} of the store is not there or disabled; enable it, or correct stock.warehouses");
            }
        }
        pushed.open = Some(open);
        Ok(())
    }

    /// Notes what is wrong with the stock of a SKU, and leaves its level as it is.
    pub(super) async fn note_issue(&self, sku: &Sku, record: Shelved, problem: Problem) -> Result<(), Halt> {
        if self.only_looks() {
            return Ok(());
        }
        let noted = self.with_issue(sku, record.clone(), problem);
        if noted == record {
            return Ok(());
        }
        Ok(self.on.shelf.put(&self.connected.id, &[(sku.clone(), noted)], &[]).await?)
    }

    fn with_issue(&self, sku: &Sku, record: Shelved, problem: Problem) -> Shelved {
        let (connection, reason) = (&self.connected.id, problem.reason);
        let known = record.issue.as_ref();
        if known.is_none_or(|issue| issue.reason != reason) {
            tracing::warn!(%connection, %sku, reason, "the stock of {sku} of {connection} is not published: {}", problem.words);
        }
        // What keeps the whole article back is told first.
        if known.is_some_and(|issue| !issue.flagged_only && !OURS.contains(&issue.reason.as_str())) {
            return record;
        }
        let since: Timestamp = since(known, reason, self.on.now());
        let issue = ShelfIssue { reason: reason.to_owned(), words: problem.words, since, flagged_only: true };
        Shelved { issue: Some(issue), ..record }
    }
}

/// The issues that this job makes, and takes away.
const OURS: [&str; 2] = ["stock_refused", "stock_unknown_unit"];

fn with_revisions(offer: &Offer) -> Shelved {
    let mut record = offer.record.clone();
    record.revisions.extend(offer.revisions.clone());
    record
}

const fn product(item: &ItemRef) -> Option<ProductId> {
    match item {
        ItemRef::Product(product) => Some(*product),
        ItemRef::Variant(_) | ItemRef::Sku(_) => None,
    }
}

const fn variant(item: &ItemRef) -> Option<VariantId> {
    match item {
        ItemRef::Variant(variant) => Some(*variant),
        ItemRef::Product(_) | ItemRef::Sku(_) => None,
    }
}

/// How many offers fit into one call with all their levels; one at least.
fn fitting(offers: &[Offer], unwritten: &Unwritten, buffer: u32) -> usize {
    let mut rows = 0_usize;
    let fits = |offer: &&Offer| {
        rows = rows.saturating_add(offer.news(unwritten, buffer).len());
        rows <= STOCK_LEVELS
    };
    offers.iter().take_while(fits).count().max(1)
}
