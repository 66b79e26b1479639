//! What the shelf will say of SKUs that went out, or that something stands in the way of.

use std::collections::BTreeMap;

use connector_domain::{Sku, Timestamp};
use connector_ports::{PartFacts, Published, ShelfIssue, Shelved};

use super::plan::Change;
use super::wanted::{Field, Problem};
use crate::rules::Owned;

/// The set whose revision stands on the shelf.
pub(super) const SET: &str = "Parts";

/// How the reasons of what is wrong with a list's price begin: they are the job of prices' own, and stay when a part goes out.
pub(super) const OF_A_LIST: &str = "list_";

/// The same of what is wrong with stock.
const OF_STOCK: &str = "stock_";

/// What the shelf will say of some SKUs.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) records: Vec<(Sku, Shelved)>,
    pub(super) changes: Vec<Published>,
}

/// What is known before a page goes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) records: &'a BTreeMap<Sku, Shelved>,
    pub(super) revisions: &'a BTreeMap<Sku, i64>,
    /// Whether what stands in the way of a SKU stays when it went out: its part was not judged anew.
    pub(super) keeps_issues: bool,
    /// The set that these are revisions of.
    pub(super) set: &'a str,
}

impl<'a> Known<'a> {
    /// Of the row that a SKU goes out from.
    pub(super) fn revision(&self, sku: &Sku) -> Option<(&'a str, i64)> {
        self.revisions.get(sku).map(|revision| (self.set, *revision))
    }
}

impl Written {
    /// Nothing had to be done: what stood in its way does not any more, and what was found is kept.
    pub(super) fn rest(
        &mut self,
        sku: &Sku,
        known: Option<&Shelved>,
        facts: Option<&PartFacts>,
        revision: Option<(&str, i64)>,
    ) {
        let Some(known) = known else { return };
        let found_now = known.revisions.is_empty();
        let held = known.issue.as_ref().is_some_and(|issue| !issue.flagged_only && !is_of_another_job(issue));
        // By its revision it is known next time that nothing has to be asked about it.
        let newer = revision.is_some_and(|(set, revision)| known.revisions.get(set) != Some(&revision));
        if found_now || held || newer || known.part.as_ref() != facts {
            let issue = known.issue.clone().filter(|issue| issue.flagged_only || is_of_another_job(issue));
            let mut record = Shelved { issue, ..known.clone() };
            record.revisions.extend(revision.map(|(set, revision)| (set.to_owned(), revision)));
            self.records.push((sku.clone(), record));
        }
    }

    /// The store has taken these fields; says how many.
    pub(super) fn change(
        &mut self,
        sku: &Sku,
        known: &Shelved,
        fields: &BTreeMap<Owned, Field>,
        revision: Option<(&str, i64)>,
        at: Timestamp,
    ) -> usize {
        let of_part = revision.is_none_or(|(set, _)| set == SET);
        let stays = |issue: &ShelfIssue| if of_part { is_of_another_job(issue) } else { !is_of_price(issue) };
        let mut record = Shelved { issue: known.issue.clone().filter(stays), ..known.clone() };
        record.revisions.extend(revision.map(|(set, revision)| (set.to_owned(), revision)));
        let revision = revision.map(|(_, revision)| revision);
        for (field, value) in fields {
            let (field, new) = (field.as_str().to_owned(), value.shown());
            let old = record.fields.insert(field.clone(), new.clone());
            self.changes.push(Published { sku: sku.clone(), at, field, old, new: Some(new), revision });
        }
        self.records.push((sku.clone(), record));
        fields.len()
    }

    /// These fields of the record that was just written count as published, without having been sent.
    pub(super) fn note(&mut self, sku: &Sku, fields: &BTreeMap<Owned, Field>) {
        if let Some((_, record)) = self.records.iter_mut().rev().find(|(other, _)| other == sku) {
            record
                .fields
                .extend(fields.iter().map(|(field, value)| (field.as_str().to_owned(), value.shown())));
        }
    }

    /// A change of which nothing is sent.
    pub(super) fn noted(&mut self, change: &Change, on: Known<'_>, now: Timestamp) {
        let known = on.records.get(&change.sku).cloned().unwrap_or_default();
        let revision = on.revision(&change.sku);
        self.change(&change.sku, &known, &BTreeMap::new(), revision, now);
        self.note(&change.sku, &change.noted);
        self.flag(&change.sku, &change.flags, now, known.issue.as_ref());
    }

    /// What stood in the way of the record that was just written stays so.
    pub(super) fn still(&mut self, sku: &Sku, issue: Option<ShelfIssue>) {
        if let Some((_, record)) = self.records.iter_mut().rev().find(|(other, _)| other == sku) {
            record.issue = issue;
        }
    }

    /// What a person should know of the record that was just written.
    pub(super) fn flag(&mut self, sku: &Sku, flags: &[Problem], now: Timestamp, before: Option<&ShelfIssue>) {
        let Some(first) = flags.first() else { return };
        let words = flags.iter().map(|flag| flag.words.as_str()).collect::<Vec<_>>().join("; ");
        let since = since(before, first.reason, now);
        if let Some((_, record)) = self.records.iter_mut().rev().find(|(other, _)| other == sku) {
            record.issue =
                Some(ShelfIssue { reason: first.reason.to_owned(), words, since, flagged_only: true });
        }
    }
}

/// Whether it is not the job of parts' to take away.
pub(super) fn is_of_another_job(issue: &ShelfIssue) -> bool {
    is_of_a_list(issue) || issue.reason.starts_with(OF_STOCK)
}

/// Whether it is about a price on a list.
pub(super) fn is_of_a_list(issue: &ShelfIssue) -> bool {
    issue.reason.starts_with(OF_A_LIST)
}

/// Whether it is about the price of the product.
pub(super) fn is_of_price(issue: &ShelfIssue) -> bool {
    ["no_list_price", "inexact_price", "no_price", "unknown_price_code"].contains(&issue.reason.as_str())
}

/// Since when it is so, if it was before.
pub(super) fn since(before: Option<&ShelfIssue>, reason: &str, now: Timestamp) -> Timestamp {
    before.filter(|issue| issue.reason == reason).map_or(now, |issue| issue.since)
}
