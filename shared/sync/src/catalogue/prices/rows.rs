//! What rows of lists mean for the parts that are in the store, and what is to be done about it.

use std::collections::{BTreeMap, BTreeSet};

use connector_domain::{Money, Sku, Text};
use connector_kinetic::{ListPartRow, PartRow, PricePer};
use connector_ports::{PartFacts, Shelved};

use super::base::{Based, NO_LIST_PRICE};
use super::look::is_edited;
use super::note::{Note, What, is_mark_of};
use super::offer::offer;
use super::place::Lists;
use super::records::Record;
use super::sale::{SALE, Sold};
use super::{BREAK, LIST_ROW, is_sold_in};
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::{Problem, priced};
use crate::rules::{ListPricePer, Owned};

/// What a list says of a part.
#[derive(Debug)]
pub(super) struct Asked {
    /// Which list, as the rules write it.
    pub(super) code: String,
    pub(super) sku: Sku,
    /// `None`: it is not on the list.
    pub(super) row: Option<ListPartRow>,
}

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// So many fields the store has taken.
    pub(super) sent: usize,
    /// Lists of the store that are not there any more.
    pub(super) lost: BTreeSet<String>,
}

/// What is to be done.
#[derive(Default)]
struct Work {
    base: Vec<Based>,
    /// They have no price on the list of base prices.
    without: Vec<Sku>,
    /// They were held because they had none, and have one now.
    held: Vec<Sku>,
    sale: Vec<Sold>,
    records: BTreeMap<String, Vec<Record>>,
    notes: Vec<Note>,
    marks: Vec<Note>,
}

impl Turn<'_> {
    /// Publishes what differs. Rows that are known to be done with are done again only `anyway`; parts that are not in the store yet
    /// are left to the job of parts, which asks for their prices when they are.
    pub(super) async fn price(&self, lists: &Lists, asked: Vec<Asked>, anyway: bool) -> Result<Done, Halt> {
        let skus: BTreeSet<Sku> = asked.iter().map(|asked| asked.sku.clone()).collect();
        let skus: Vec<Sku> = skus.into_iter().collect();
        if skus.is_empty() {
            return Ok(Done::default());
        }
        let records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let mut work = Work::default();
        for asked in &asked {
            if let Some(record) = records.get(&asked.sku) {
                self.weigh(&mut work, lists, asked, record, anyway);
            }
        }
        let mut done = Done { sent: self.note(work.notes).await?, ..Done::default() };
        done.sent += self.publish_base(&work.base).await?;
        done.sent += self.publish_without(&work.without).await?;
        done.sent += self.publish_held(&work.held).await?;
        done.sent += self.publish_sales(&work.sale).await?;
        for (code, of_list) in work.records {
            let Some(list) = lists.shop.get(&code) else { continue };
            if let Some(sent) = self.publish_records(*list, &code, &of_list).await? {
                done.sent += sent;
            } else {
                work.marks.retain(|mark| mark.code != code);
                done.lost.insert(code);
            }
        }
        self.note(work.marks).await?;
        Ok(done)
    }

    fn weigh(&self, work: &mut Work, lists: &Lists, asked: &Asked, record: &Shelved, anyway: bool) {
        let rules = &self.connected.rules;
        let Asked { code, sku, row } = asked;
        let (Some(facts), Some(head)) = (&record.part, lists.heads.get(code)) else { return };
        // A row in another unit is another price.
        if row.as_ref().is_some_and(|row| !is_sold_in(record, &row.uom)) {
            return;
        }
        let marks = row.as_ref().map(|row| marks_of(code, row)).unwrap_or_default();
        let known = record.revisions.iter().filter(|(set, _)| is_mark_of(set, code));
        let known: BTreeMap<String, i64> = known.map(|(set, revision)| (set.clone(), *revision)).collect();
        if known == marks && !anyway {
            return;
        }
        let revision = row.as_ref().map(|row| row.revision.0);
        let note = |what| Note { sku: sku.clone(), code: code.clone(), what, revision };
        // Where its list of the store is not there yet, it is not done with.
        let waits =
            record.place.is_some() && rules.prices.lists.contains_key(code) && !lists.shop.contains_key(code);
        if known != marks && !waits {
            work.marks.push(note(What::Marks(marks)));
        }
        let row = row.as_ref().filter(|row| head.in_force && (!row.base_price.is_zero() || head.zero));
        let Some(place) = record.place else {
            let lacks = record.issue.as_ref().is_some_and(|issue| issue.reason == NO_LIST_PRICE);
            if lacks && row.is_some() && rules.prices.base.as_ref() == Some(code) {
                work.held.push(sku.clone());
            }
            return;
        };
        let inexact = rules.catalogue.inexact;
        let per = self.per(facts);
        let is = |named: &Option<String>| named.as_ref() == Some(code) && head.is_of_products(rules);
        let of_one = |row: &ListPartRow| priced(&row.part_num, "BasePrice", row.base_price, &per, inexact);
        if is(&rules.prices.base) && rules.catalogue.owned.contains(&Owned::Price) {
            match row.map(&of_one) {
                Some(Ok((price, flag))) => {
                    work.base.extend(Based::of(sku, record, price, flag, code, revision));
                }
                Some(Err(problem)) => work.notes.push(note(What::Held(problem))),
                None => work.without.push(sku.clone()),
            }
        }
        if is(&rules.prices.sale) {
            let was = record.fields.get(SALE);
            let shown = |price: Money| price.decimal().normalize().to_string();
            match row.map(&of_one).transpose() {
                Ok(price) => {
                    let (price, flags) = price.map_or((None, None), |(price, flag)| (Some(price), flag));
                    let (new, flags) = (price.map(shown), Vec::from_iter(flags));
                    if was == new.as_ref() {
                        at_rest(work, &note, record, flags);
                    } else {
                        let taken = note(What::Taken { field: SALE.to_owned(), new, flags });
                        work.sale.push(Sold { place, price, taken });
                    }
                }
                Err(problem) => work.notes.push(note(What::Held(problem))),
            }
        }
        let (Some(list), Some(currency)) = (lists.shop.get(code), head.currency(rules)) else { return };
        let field = format!("list/{code}");
        let was = record.fields.get(&field).cloned();
        match row.map(|row| offer(row, &per, inexact)).transpose() {
            Ok(offered) => {
                let (offer, flags) =
                    offered.map_or_else(Default::default, |(offer, flags)| (Some(offer), flags));
                let new = offer.as_ref().map(|offer| offer.shown(*list, &currency));
                if was == new {
                    at_rest(work, &note, record, flags);
                } else {
                    let taken = note(What::Taken { field, new, flags });
                    let record = Record { variant: place.variant, currency, offer, was, taken };
                    work.records.entry(code.clone()).or_default().push(record);
                }
            }
            Err(problem) => work.notes.push(note(What::Held(problem))),
        }
    }

    /// For how many a list's price of a part is.
    pub(super) fn per(&self, facts: &PartFacts) -> PricePer {
        match self.connected.rules.prices.per {
            ListPricePer::Part => PricePer::of(facts.price_per.clone()),
            ListPricePer::Each => PricePer::Each,
        }
    }

    /// What a list says of these parts now; not asked while it is not in force, since nothing of it counts.
    pub(super) async fn look_up(&self, code: &str, skus: &[Sku]) -> Result<Vec<Asked>, Halt> {
        let named = part_nums(skus);
        let rows = self.connected.kinetic.changes().prices_of(code, &named, self.deadline).await?;
        let asked = |row: ListPartRow| Asked {
            code: code.to_owned(),
            sku: Sku(row.part_num.clone()),
            row: Some(row),
        };
        Ok(rows.into_iter().map(asked).collect())
    }

    /// Compares all prices of these SKUs with Kinetic and publishes what differs; what a list no longer has is taken away. For the sweep, which
    /// finds what was deleted: no revision tells that.
    pub(in crate::catalogue) async fn reprice(&self, skus: &[Sku]) -> Result<usize, Halt> {
        self.price_all(skus, true).await
    }

    /// Parts that have just come to the store, or are sold otherwise than before, get the prices of the lists.
    pub(in crate::catalogue) async fn price_new(&self, parts: &[PartRow]) -> Result<usize, Halt> {
        if !self.connected.rules.prices.has_more_than_base() {
            return Ok(0);
        }
        let skus: Vec<Sku> = parts.iter().map(|part| Sku(part.part_num.clone())).collect();
        let records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let waits = |record: &Shelved| record.place.is_some() && !record.revisions.contains_key(LIST_ROW);
        let waiting: Vec<Sku> =
            records.into_iter().filter(|(_, record)| waits(record)).map(|(sku, _)| sku).collect();
        let sent = self.price_all(&waiting, false).await?;
        let records = self.on.shelf.get(&self.connected.id, &waiting).await?;
        let asked = |mut record: Shelved| {
            record.revisions.insert(LIST_ROW.to_owned(), 0);
            record
        };
        let records: Vec<_> = records.into_iter().map(|(sku, record)| (sku, asked(record))).collect();
        if !records.is_empty() {
            self.on.shelf.put(&self.connected.id, &records, &[]).await?;
        }
        Ok(sent)
    }

    async fn price_all(&self, skus: &[Sku], base: bool) -> Result<usize, Halt> {
        if skus.is_empty() {
            return Ok(0);
        }
        self.on_time()?;
        let lists = self.known_lists().await?;
        let rules = &self.connected.rules.prices;
        let mut sent = 0;
        for code in rules.codes() {
            let is_base = rules.base.as_deref() == Some(code);
            let more = rules.sale.as_deref() == Some(code) || rules.lists.contains_key(code);
            if !(more || base && is_base) {
                continue;
            }
            let records = self.on.shelf.get(&self.connected.id, skus).await?;
            let holds = lists.heads.get(code).is_some_and(|head| head.in_force);
            let mut asked = if holds { self.look_up(code, skus).await? } else { Vec::new() };
            let sold = |asked: &Asked| {
                let uom = asked.row.as_ref().map(|row| row.uom.as_str()).unwrap_or_default();
                records.get(&asked.sku).is_some_and(|record| is_sold_in(record, uom))
            };
            asked.retain(sold);
            let there: BTreeSet<Sku> = asked.iter().map(|asked| asked.sku.clone()).collect();
            let gone = skus.iter().filter(|sku| !there.contains(*sku)).cloned();
            asked.extend(gone.map(|sku| Asked { code: code.to_owned(), sku, row: None }));
            self.still_ours().await?;
            let done = self.price(&lists, asked, true).await?;
            sent += done.sent;
            self.forget_lists(&done.lost).await?;
        }
        Ok(sent)
    }
}

/// What is as it should be is written down only if somebody has to know something of it, or had to. That it is another in the store is told by
/// whoever reads the store.
fn at_rest(work: &mut Work, note: &impl Fn(What) -> Note, record: &Shelved, flags: Vec<Problem>) {
    if !flags.is_empty() || record.issue.as_ref().is_some_and(|issue| !is_edited(issue)) {
        work.notes.push(note(What::AtRest { flags }));
    }
}

/// As they can be asked for; a SKU that is longer than any part number is none.
pub(super) fn part_nums<'s>(skus: impl IntoIterator<Item = &'s Sku>) -> Vec<Text<50>> {
    skus.into_iter().filter_map(|sku| Text::exact(&sku.0)).collect()
}

/// Of which rows a price is.
fn marks_of(code: &str, row: &ListPartRow) -> BTreeMap<String, i64> {
    let breaks =
        row.breaks.iter().map(|at| (format!("{BREAK}/{code}/{}", at.quantity.normalize()), at.revision.0));
    breaks.chain([(format!("{LIST_ROW}/{code}"), row.revision.0)]).collect()
}
