//! A page of parts goes out: found in the store or created, changed where it differs, and written down.

use std::collections::BTreeMap;

use connector_domain::{Deadline, Sku};
use connector_kinetic::PartRow;
use connector_ports::{PartFacts, ShelfIssue, Shelved, Stocked};

use super::create::{CHANNELS, CREATING};
use super::find::Found;
use super::plan::{Step, plan};
use super::turn::{AT_LEAST, Catalogue, Halt, Turn};
use super::wanted::{PriceFrom, Problem, Wanted, wanted};
use super::written::{Known, SET, Written, since};
use super::{prices, stock};
use crate::connected::Connected;

/// One page on its way.
pub(super) struct Publishing<'a> {
    pub(super) on: Catalogue<'a>,
    pub(super) connected: &'a Connected,
    pub(super) deadline: Deadline,
    /// What the other jobs need to know of these parts; it stands on the shelf with whatever is written.
    facts: BTreeMap<Sku, PartFacts>,
    /// Where the prices come from of those that do not have the part's own.
    prices: BTreeMap<Sku, PriceFrom>,
}

impl<'a> Publishing<'a> {
    pub(super) fn of(turn: &'a Turn<'_>, parts: &[PartRow], prices: BTreeMap<Sku, PriceFrom>) -> Self {
        let facts = parts.iter().map(|part| (Sku(part.part_num.clone()), facts_of(part)));
        let Turn { on, connected, deadline, .. } = turn;
        Self { on: *on, connected, deadline: *deadline, facts: facts.collect(), prices }
    }

    /// For changes that do not come from parts that were just read.
    pub(super) fn of_no_parts(turn: &'a Turn<'_>) -> Self {
        Self::of(turn, &[], BTreeMap::new())
    }
}

impl Publishing<'_> {
    /// Publishes these parts, and says how many fields the store has taken.
    pub(super) async fn page(&self, parts: &[PartRow]) -> Result<usize, Halt> {
        let revisions: BTreeMap<Sku, i64> =
            parts.iter().map(|part| (Sku(part.part_num.clone()), part.revision.0)).collect();
        let (steps, mut records) = self.judge(parts).await?;
        let unassigned = records.iter().filter(|(_, record)| self.is_unassigned(record));
        let unassigned = unassigned.map(|(sku, record)| (sku.clone(), record.clone())).collect();
        records.extend(self.assign(unassigned).await?);
        let on = Known { records: &records, revisions: &revisions, set: SET, keeps_issues: false };
        self.carry_out(steps, on).await
    }

    /// What is to be done about these parts, and what is known of them. What nobody has looked for is looked for in the store; nothing is
    /// written.
    pub(super) async fn judge(
        &self,
        parts: &[PartRow],
    ) -> Result<(Vec<(Sku, Step)>, BTreeMap<Sku, Shelved>), Halt> {
        let rules = &self.connected.rules.catalogue;
        let skus: Vec<Sku> = parts.iter().map(|part| Sku(part.part_num.clone())).collect();
        let mut records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let mut steps = Vec::new();
        let mut to_find = Vec::new();
        for (part, sku) in parts.iter().zip(&skus) {
            let price = self.prices.get(sku).unwrap_or(&PriceFrom::Part);
            let step = plan(sku, wanted(part, price, rules), records.get(sku), rules);
            if let Step::Find(product) = step {
                to_find.push(product);
            } else {
                steps.push((sku.clone(), step));
            }
        }
        for found in self.find(to_find).await? {
            let (sku, step) = match found {
                Found::Nowhere(product) => (product.sku.clone(), Step::Create(product)),
                Found::Unclear(sku, problem) => (sku, Step::Hold(problem)),
                Found::Here(mut product, mut here) => {
                    let sku = product.sku.clone();
                    // The answer to its creation was lost, or whoever created it was.
                    if records.get(&sku).is_some_and(is_being_created) {
                        here.record.fields.remove(CHANNELS);
                    }
                    product.flags.extend(here.flag);
                    let step = plan(&sku, Wanted::Shown(product), Some(&here.record), rules);
                    records.insert(sku.clone(), here.record);
                    (sku, step)
                }
            };
            steps.push((sku, step));
        }
        Ok((steps, records))
    }

    async fn carry_out(&self, steps: Vec<(Sku, Step)>, on: Known<'_>) -> Result<usize, Halt> {
        let (mut products, mut variants, mut new) = (Vec::new(), Vec::new(), Vec::new());
        let mut at_rest = Written::default();
        for (sku, step) in steps {
            match step {
                // What was found in the store and is as it should be is known from now on.
                Step::Nothing => {
                    let facts = self.facts.get(&sku);
                    at_rest.rest(&sku, on.records.get(&sku), facts, on.revision(&sku));
                }
                Step::Hold(problem) => self.hold(&mut at_rest, &sku, on.records.get(&sku), &problem),
                Step::Find(product) | Step::Create(product) => new.push(product),
                Step::Change(change) if change.fields.is_empty() => {
                    at_rest.noted(&change, on, self.on.now());
                }
                Step::Change(change) if change.place.simple => products.push(change),
                Step::Change(change) => variants.push(change),
            }
        }
        self.keep(at_rest).await?;
        Ok(self.create(&new, on).await?
            + self.change_products(&products, on).await?
            + self.change_variants(&variants, on).await?)
    }

    /// Nothing of the SKU goes out; what is on the shelf of it stays.
    pub(super) fn hold(&self, written: &mut Written, sku: &Sku, known: Option<&Shelved>, problem: &Problem) {
        let known = known.cloned().unwrap_or_default();
        let since = since(known.issue.as_ref(), problem.reason, self.on.now());
        if known.issue.as_ref().is_none_or(|issue| issue.reason != problem.reason) {
            let connection = &self.connected.id;
            tracing::warn!(%connection, %sku, reason = problem.reason, "{sku} of {connection} is not published: {}", problem.words);
        }
        let issue = ShelfIssue {
            reason: problem.reason.to_owned(),
            words: problem.words.clone(),
            since,
            flagged_only: false,
        };
        if known.issue.as_ref() != Some(&issue) {
            written.records.push((sku.clone(), Shelved { issue: Some(issue), ..known }));
        }
    }

    pub(super) async fn keep(&self, mut written: Written) -> Result<(), Halt> {
        if written.records.is_empty() && written.changes.is_empty() {
            return Ok(());
        }
        for (sku, record) in &mut written.records {
            let known = record.part.as_ref();
            if self.facts.get(sku).is_some_and(|facts| known != Some(facts)) {
                prices::ask_again(record);
                stock::ask_again(record);
            }
            record.part = self.facts.get(sku).cloned().or_else(|| record.part.take());
        }
        Ok(self.on.shelf.put(&self.connected.id, &written.records, &written.changes).await?)
    }

    pub(super) fn on_time(&self) -> bool {
        self.deadline.fits(self.on.clock(), AT_LEAST)
    }
}

fn is_being_created(record: &Shelved) -> bool {
    record.fields.get(CHANNELS).is_some_and(|channels| channels == CREATING)
}

pub(super) fn facts_of(part: &PartRow) -> PartFacts {
    let stocked = match (part.type_code.as_str(), part.non_stock || !part.qty_bearing) {
        ("K", _) => Stocked::Kit,
        (_, true) => Stocked::No,
        (_, false) => Stocked::Yes,
    };
    let PartRow { ium, sales_um, price_per, .. } = part;
    let (stock_um, sales_um) = (ium.trim().to_owned(), sales_um.trim().to_owned());
    PartFacts { stocked, stock_um, sales_um, price_per: price_per.code().to_owned() }
}

/// Names are unique in a store.
pub(super) fn duplicate_name(sku: &Sku, words: &str) -> Problem {
    Problem {
        reason: "duplicate_name",
        words: format!(
            "another product of the store has the name of \"{sku}\" ({words}); rename one of them, or let names end with the part's number (catalogue.name = \"description_and_part\")"
        ),
    }
}

/// In the store's own words.
pub(super) fn refused(sku: &Sku, words: &str) -> Problem {
    Problem { reason: "shop_refused", words: format!("the store refused \"{sku}\": {words}") }
}
