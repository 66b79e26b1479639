//! SKUs of which the store was read: what differs is put right, or told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_bigcommerce::{Product, ProductId};
use connector_domain::{Sku, Timestamp};
use connector_ports::{ShelfIssue, Shelved, ShopPlace};

use super::compare::{Differs, STOCK, compare, stock_differs};
use crate::catalogue::plan::Change;
use crate::catalogue::publish::Publishing;
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::written::{Known, SET, Written, since};
use crate::rules::Typed;

/// The issue of a SKU whose value somebody changed in the store.
const EDITED: &str = "edited_in_shop";

/// So often a value is put right in a day. If it is changed again and again, somebody or something does not agree, or the store does not
/// keep it as it is written: each write of ours tells us of a change, and we would go on for ever.
const A_DAY: (usize, Duration) = (3, Duration::from_hours(24));

/// So many of a SKU's changes are looked at for that.
const CHANGES: usize = 30;

/// What is written back.
#[derive(Default)]
struct PutRight {
    products: Vec<Change>,
    variants: Vec<Change>,
    /// With what the store shows, so that the trail says what stood there.
    records: BTreeMap<Sku, Shelved>,
    revisions: BTreeMap<Sku, i64>,
}

impl Turn<'_> {
    /// Compares what the store shows of these SKUs, and says how many fields it has taken. All products of theirs that there are were read.
    pub(super) async fn look(
        &self,
        records: BTreeMap<Sku, Shelved>,
        products: &[Product],
    ) -> Result<usize, Halt> {
        let rules = &self.connected.rules;
        let by_id: BTreeMap<u64, &Product> = products.iter().map(|product| (product.id.0, product)).collect();
        let (mut right, mut written, mut gone) = (PutRight::default(), Written::default(), BTreeMap::new());
        let mut there = Vec::new();
        for (sku, record) in records {
            let Some(place) = record.place else { continue };
            let seen = by_id.get(&place.product);
            let seen = seen.and_then(|product| compare(&record, place, product, &rules.catalogue));
            let Some(differs) = seen else {
                gone.insert(sku, record);
                continue;
            };
            if record.issue.as_ref().is_some_and(|issue| !issue.flagged_only) {
                // Nothing of it goes out.
            } else if differs.is_empty() {
                not_edited(&mut written, &sku, &record);
            } else if rules.sweep.typed == Typed::Keep || self.is_changed_again(&sku, &differs).await? {
                self.flag(&mut written, &sku, &record, &differs);
            } else {
                right.add(&sku, &record, place, differs);
            }
            there.push((sku, record));
        }
        let publishing = Publishing::of_no_parts(self);
        publishing.keep(written).await?;
        let known =
            Known { records: &right.records, revisions: &right.revisions, set: SET, keeps_issues: true };
        if !(right.products.is_empty() && right.variants.is_empty()) {
            self.still_ours().await?;
        }
        let mut sent = publishing.change_products(&right.products, known).await?;
        sent += publishing.change_variants(&right.variants, known).await?;
        sent += self.look_at_stock(&there).await?;
        Ok(sent + self.bring_back(gone).await?)
    }

    /// Whether what was put right lately is changed to the same again.
    async fn is_changed_again(&self, sku: &Sku, differs: &[Differs]) -> Result<bool, Halt> {
        let changes = self.on.shelf.changes(&self.connected.id, sku, CHANGES).await?;
        let (most, span) = A_DAY;
        let lately =
            |at: Timestamp| Duration::try_from(self.on.now().duration_since(at)).is_ok_and(|age| age < span);
        Ok(differs.iter().any(|Differs { field, shows, should }| {
            let again = changes.iter().filter(|change| {
                change.field == field.as_str()
                    && lately(change.at)
                    && change.old == *shows
                    && change.new.as_ref() == Some(&should.shown())
            });
            again.count() >= most
        }))
    }

    /// Tells it once, and says nothing where a person has to look at the SKU anyway.
    fn flag(&self, written: &mut Written, sku: &Sku, record: &Shelved, differs: &[Differs]) {
        if record.issue.as_ref().is_some_and(|issue| issue.reason != EDITED) {
            return;
        }
        let each = differs.iter().map(|Differs { field, shows, should }| {
            let shows = shows.as_deref().unwrap_or("nothing");
            format!("{} is \"{shows}\" there and \"{}\" by Kinetic", field.as_str(), should.shown())
        });
        let words = format!(
            "\"{sku}\" was changed in the store and is left so: {}; correct one of them, or leave the field to the merchandiser (catalogue.owned)",
            each.collect::<Vec<_>>().join(", ")
        );
        let since = since(record.issue.as_ref(), EDITED, self.on.now());
        let issue = ShelfIssue { reason: EDITED.to_owned(), words, since, flagged_only: true };
        if record.issue.as_ref() == Some(&issue) {
            return;
        }
        if record.issue.is_none() {
            let connection = &self.connected.id;
            tracing::warn!(%connection, %sku, reason = EDITED, "{sku} of {connection} was changed in the store and is left so");
        }
        written.records.push((sku.clone(), Shelved { issue: Some(issue), ..record.clone() }));
    }

    /// Stock goes down by orders, so that another than was published is not wrong: it is counted anew.
    async fn look_at_stock(&self, there: &[(Sku, Shelved)]) -> Result<usize, Halt> {
        if !self.connected.rules.stock.publish {
            return Ok(0);
        }
        let with_stock = |record: &&(Sku, Shelved)| record.1.fields.keys().any(|key| key.starts_with(STOCK));
        let published: Vec<_> = there.iter().filter(with_stock).collect();
        let products: BTreeSet<u64> =
            published.iter().filter_map(|(_, record)| Some(record.place?.product)).collect();
        if products.is_empty() {
            return Ok(0);
        }
        let products: Vec<ProductId> = products.into_iter().map(ProductId).collect();
        let items = self.connected.shop.inventory().by_products(&products, self.deadline).await?;
        let items: BTreeMap<u64, _> = items.iter().map(|item| (item.variant_id.0, item)).collect();
        let differs = |(_, record): &&&(Sku, Shelved)| {
            let item = record.place.and_then(|place| items.get(&place.variant));
            item.is_some_and(|item| stock_differs(record, item))
        };
        let skus: Vec<Sku> = published.iter().filter(differs).map(|(sku, _)| sku.clone()).collect();
        if skus.is_empty() { Ok(0) } else { self.restock(&skus).await }
    }
}

impl PutRight {
    fn add(&mut self, sku: &Sku, record: &Shelved, place: ShopPlace, differs: Vec<Differs>) {
        let mut known = record.clone();
        known.issue = known.issue.filter(|issue| issue.reason != EDITED);
        let mut fields = BTreeMap::new();
        for Differs { field, shows, should } in differs {
            match shows {
                Some(shows) => known.fields.insert(field.as_str().to_owned(), shows),
                None => known.fields.remove(field.as_str()),
            };
            fields.insert(field, should);
        }
        let revision = record.revisions.get(SET);
        self.revisions.extend(revision.map(|revision| (sku.clone(), *revision)));
        self.records.insert(sku.clone(), known);
        let change = Change { sku: sku.clone(), place, fields, noted: BTreeMap::new(), flags: Vec::new() };
        if place.simple {
            self.products.push(change);
        } else {
            self.variants.push(change);
        }
    }
}

/// What was flagged is as it should be.
fn not_edited(written: &mut Written, sku: &Sku, record: &Shelved) {
    if record.issue.as_ref().is_some_and(|issue| issue.reason == EDITED) {
        written.records.push((sku.clone(), Shelved { issue: None, ..record.clone() }));
    }
}
