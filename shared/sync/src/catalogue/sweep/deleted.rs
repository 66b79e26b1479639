//! Parts that were deleted in Kinetic, or that the owner's own filter does not name any more: their products are hidden.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use connector_domain::Sku;
use connector_kinetic::RootSet;
use connector_ports::Shelved;

use crate::catalogue::plan::Change;
use crate::catalogue::publish::Publishing;
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::{Field, Problem};
use crate::catalogue::written::{Known, SET, Written};
use crate::rules::{Gone, Owned};

/// So many keys are asked for at once.
const KEYS: u16 = 1_000;

/// So many records of the shelf are read, and so many deleted parts dealt with, at once.
const RECORDS: usize = 500;

/// The issue of a SKU whose part is not there any more.
const DELETED: &str = "deleted_in_kinetic";

/// What the shelf has of which Kinetic has nothing.
#[derive(Default)]
struct Missing {
    /// How many are in the store.
    of_all: usize,
    /// Those that nothing was done about yet.
    skus: Vec<Sku>,
}

impl Turn<'_> {
    /// Hides what was deleted, unless it is so much that something else must be wrong; how many fields the store has taken.
    pub(super) async fn hide_deleted(&self) -> Result<usize, Halt> {
        let keys = self.keys().await?;
        let Missing { of_all, skus } = self.missing(&keys).await?;
        let most = usize::try_from(self.connected.rules.sweep.most_deleted).unwrap_or(0);
        let too_many = skus.len().saturating_mul(100) > most.saturating_mul(of_all);
        if !skus.is_empty() && (too_many || keys.is_empty()) {
            let (connection, deleted) = (&self.connected.id, skus.len());
            tracing::error!(%connection, reason = "too_many_deleted", deleted, of_all, "{deleted} of {of_all} parts that {connection} has published are not in Kinetic any more, or not in catalogue.filter, which is more than sweep.most_deleted allows: nothing is hidden. Were they deleted, does the API user not see them, or does the filter say something else?");
            return Ok(0);
        }
        let mut sent = 0;
        for some in skus.chunks(RECORDS) {
            self.on_time()?;
            self.still_ours().await?;
            let records = self.on.shelf.get(&self.connected.id, some).await?;
            sent += self.hide(&records).await?;
        }
        Ok(sent)
    }

    /// The keys of all parts that the filter names, as 64 bits each: 100,000 of them are about two megabytes. That two are the same is as likely as one in a
    /// thousand million for so many, and would leave one product shown.
    async fn keys(&self) -> Result<HashSet<u64>, Halt> {
        let (mut keys, mut last) = (HashSet::new(), None);
        let only = self.connected.rules.catalogue.parts.filter.as_ref();
        loop {
            self.begin_page().await?;
            let changes = self.connected.kinetic.changes();
            let rows = changes.keys(RootSet::Parts, last.as_deref(), only, KEYS, self.deadline).await?;
            keys.extend(rows.iter().flat_map(|row| &row.key).map(|part_num| hashed(part_num)));
            let Some(row) = rows.into_iter().next_back() else { return Ok(keys) };
            last = Some(row.key);
        }
    }

    /// Goes through the shelf. What was flagged and is there again is not flagged any more.
    async fn missing(&self, keys: &HashSet<u64>) -> Result<Missing, Halt> {
        let (mut missing, mut last) = (Missing::default(), None);
        loop {
            let page = self.on.shelf.list(&self.connected.id, last.as_ref(), RECORDS).await?;
            let ends = page.len() < RECORDS;
            last = page.last().map(|(sku, _)| sku.clone()).or(last);
            let mut written = Written::default();
            for (sku, record) in page.into_iter().filter(|(_, record)| record.place.is_some()) {
                missing.of_all = missing.of_all.saturating_add(1);
                let is_told = record.issue.as_ref().is_some_and(|issue| issue.reason == DELETED);
                match (keys.contains(&hashed(&sku.0)), is_told) {
                    (false, false) => missing.skus.push(sku),
                    (true, true) => written.records.push((sku, Shelved { issue: None, ..record })),
                    (true, false) | (false, true) => {}
                }
            }
            Publishing::of_no_parts(self).keep(written).await?;
            if ends {
                return Ok(missing);
            }
            self.on_time()?;
        }
    }

    async fn hide(&self, records: &BTreeMap<Sku, Shelved>) -> Result<usize, Halt> {
        let rules = &self.connected.rules;
        let hides = rules.sweep.deleted == Gone::Hide && rules.catalogue.owned.contains(&Owned::Visible);
        let (mut changes, mut told) = (Vec::new(), Written::default());
        for (sku, record) in records {
            let Some(place) = record.place else { continue };
            let is_hidden =
                record.fields.get(Owned::Visible.as_str()).is_some_and(|visible| visible == "false");
            if hides && place.simple && !is_hidden {
                let fields = BTreeMap::from([(Owned::Visible, Field::Flag(false))]);
                let (sku, flags) = (sku.clone(), Vec::from([self.deleted(sku, "its product is hidden")]));
                changes.push(Change { sku, place, fields, noted: BTreeMap::new(), flags });
            } else {
                let what = if is_hidden { "its product was hidden before" } else { "it is left as it is" };
                told.records.push((sku.clone(), record.clone()));
                told.flag(sku, &[self.deleted(sku, what)], self.on.now(), record.issue.as_ref());
            }
        }
        let (connection, deleted) = (&self.connected.id, records.len());
        tracing::warn!(%connection, deleted, reason = DELETED, "{deleted} parts that {connection} has published were deleted in Kinetic, or are not in catalogue.filter any more");
        let publishing = Publishing::of_no_parts(self);
        publishing.keep(told).await?;
        let revisions = BTreeMap::new();
        let known = Known { records, revisions: &revisions, set: SET, keeps_issues: false };
        publishing.change_products(&changes, known).await
    }

    fn deleted(&self, sku: &Sku, what: &str) -> Problem {
        let words = if self.connected.rules.catalogue.parts.filter.is_some() {
            format!(
                "part \"{sku}\" was deleted in Kinetic, or catalogue.filter does not name it any more, and {what}; delete the product, or bring the part back"
            )
        } else {
            format!(
                "part \"{sku}\" was deleted in Kinetic and {what}; delete the product, or enter the part again"
            )
        };
        Problem { reason: DELETED, words }
    }
}

/// Kinetic takes part numbers for the same whatever their case and the blanks behind them (`docs/facts/kinetic.md` §3).
fn hashed(part_num: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    part_num.trim_end().to_lowercase().hash(&mut hasher);
    hasher.finish()
}
