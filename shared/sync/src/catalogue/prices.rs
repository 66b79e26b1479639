//! The job `prices`: prices of lists that changed go out to the store.
//!
//! A list tells a product's price, its sale price, or a price list of the store. Revisions tell which rows changed; what they do not tell is
//! found by reading all rows of a list again: it begins or ends to be in force, the rules changed, or a break did (`docs/facts/kinetic.md` §6).

mod base;
mod explain;
mod heads;
mod look;
mod note;
mod offer;
mod place;
mod records;
mod rows;
mod sale;
mod shop;

pub use explain::{PriceExplained, PriceTold};

use std::collections::BTreeSet;

use connector_domain::{Sku, Timestamp};
use connector_kinetic::{RootSet, Since, SysRevId};
use connector_ports::{Digest, Shelved};
use sha2::{Digest as _, Sha256};

use self::place::{Place, as_named};
use self::rows::Asked;
use super::changes::ReadTo;
use super::job::CatalogueJob;
use super::keeper::Keeper;
use super::turn::{Halt, Turn};
use crate::job::after;
use crate::jobs::Ran;
use crate::rules::{PriceRules, only};

/// So many rows come at once: as many as the store takes prices. A site may give fewer; what a page holds is what is held in memory.
const PAGE: u16 = 1_000;

/// On the shelf, among the revisions: the row of a list, `PriceLstParts/DIST`; without a code, that the lists were asked for the SKU at all.
const LIST_ROW: &str = "PriceLstParts";

/// On the shelf, among the revisions: a break of a list, `PLPartBrk/DIST/100`.
const BREAK: &str = "PLPartBrk";

/// What is known of the rows of lists holds no more: the part is sold in another unit, say. The job of parts asks for them again.
pub(super) fn ask_again(record: &mut Shelved) {
    record.revisions.retain(|set, _| !set.starts_with(LIST_ROW) && !set.starts_with(BREAK));
}

impl Turn<'_> {
    /// Publishes the prices that changed, page by page. A page's place is written down when its work is done.
    pub(super) async fn prices(&self) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.prices;
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Prices).await?;
        let begun = self.on.now();
        let mut ran = Ran::default();
        if rules.only.is_some() {
            self.on_time()?;
            self.still_ours().await?;
            self.begin(&mut at, begun);
            if !self.read_heads(&mut at).await? {
                return Ok(ran);
            }
            self.find_lists(&mut at).await?;
            at.next = begun;
            at.keep().await?;
            let Some(sent) = self.read_rows(&mut at, begun).await? else { return Ok(ran) };
            ran.sent += sent;
            ran.sent += self.read_breaks(&mut at, begun).await?;
            ran.sent += self.read_lists_again(&mut at).await?;
        }
        at.next = after(begun, rules.every);
        at.keep().await?;
        Ok(ran)
    }

    /// Rules that say something else, and time, make all rows be read again.
    fn begin(&self, at: &mut Keeper<'_, Place>, now: Timestamp) {
        let rules = &self.connected.rules.prices;
        let digest = self.digest();
        let codes = || rules.codes().into_iter().map(|code| (code.to_owned(), 0));
        if at.place.rules != Some(digest) {
            at.place.rules = Some(digest);
            at.place.heads.begin_anew();
            at.place.lists.heads.clear();
            at.place.lists.shop.clear();
            // Each list whose head is new to us is read again.
            at.place.again.clear();
        }
        let read_all = *at.place.read_all.get_or_insert(now);
        if rules.breaks_every.is_some_and(|every| now >= after(read_all, every)) {
            at.place.again.extend(codes());
            at.place.read_all = Some(now);
        }
    }

    /// Of all that decides what goes out.
    fn digest(&self) -> Digest {
        let rules = &self.connected.rules;
        let PriceRules { base, without, per, sale, lists, currencies, .. } = &rules.prices;
        let text = format!("{base:?}{without:?}{per:?}{sale:?}{lists:?}{currencies:?}");
        let (owned, inexact) = (&rules.catalogue.owned, rules.catalogue.inexact);
        let text =
            format!("{text}{owned:?}{inexact:?}{}{}", rules.orders.currency, rules.orders.kinetic_currency);
        Digest::new(Sha256::digest(text).into())
    }

    /// Rows by revision. `None`: the database is another.
    async fn read_rows(&self, at: &mut Keeper<'_, Place>, begun: Timestamp) -> Result<Option<usize>, Halt> {
        let overlap = self.connected.rules.catalogue.overlap;
        let mut sent = 0;
        loop {
            self.on_time()?;
            self.still_ours().await?;
            let read = &at.place.rows;
            let since = Since {
                after: SysRevId(read.after(begun, overlap)),
                top: PAGE,
                only: self.connected.rules.prices.only.as_ref(),
            };
            let changed = self.connected.kinetic.changes().price_list_parts(since, self.deadline).await?;
            let seen = changed.highest.map(|revision| revision.0);
            if self.is_another(read, changed.more, seen, RootSet::PriceLstParts).await? {
                self.stop_prices(at).await?;
                return Ok(None);
            }
            let marks: Vec<(String, i64)> =
                changed.rows.iter().map(|row| (row.row_id.clone(), row.revision.0)).collect();
            let asked = changed.rows.into_iter().filter_map(|row| self.asked(row)).collect();
            sent += self.price_page(at, asked, false).await?;
            let rows = marks.iter().map(|(row, revision)| (row.as_str(), *revision));
            at.place.rows.done(rows, !changed.more, begun, overlap);
            at.place.stopped = None;
            at.keep().await?;
            if !changed.more {
                return Ok(Some(sent));
            }
        }
    }

    /// Breaks by revision, from the site's own query: the parts whose breaks are not known as they are now.
    async fn read_breaks(&self, at: &mut Keeper<'_, Place>, begun: Timestamp) -> Result<usize, Halt> {
        let rules = &self.connected.rules;
        let Some(baq) = &rules.prices.breaks_baq else { return Ok(0) };
        let overlap = rules.catalogue.overlap;
        let codes: Vec<&str> = rules.prices.lists.keys().map(String::as_str).collect();
        let Some(of_lists) = only("PLPartBrk_ListCode", codes.iter().copied()) else { return Ok(0) };
        let mut sent = 0;
        loop {
            self.on_time()?;
            self.still_ours().await?;
            let after = SysRevId(at.place.breaks.after(begun, overlap));
            let since = Since { after, top: PAGE, only: Some(&of_lists) };
            let changed = self.connected.kinetic.baq(baq).breaks(since, self.deadline).await?;
            let skus: Vec<Sku> = changed.rows.iter().map(|row| Sku(row.part_num.clone())).collect();
            let records = self.on.shelf.get(&self.connected.id, &skus).await?;
            let mut marks = Vec::new();
            let mut news: BTreeSet<(&str, Sku)> = BTreeSet::new();
            for (row, sku) in changed.rows.iter().zip(skus) {
                let quantity = row.quantity.normalize();
                marks.push((
                    format!("{}/{}/{}/{quantity}", row.list_code, row.part_num, row.uom),
                    row.revision.0,
                ));
                let Some(code) = as_named(rules, &row.list_code) else { continue };
                let holds = at.place.lists.heads.get(code).is_some_and(|head| head.in_force);
                let is_new = records.get(&sku).is_some_and(|record| {
                    let known = record.revisions.get(&format!("{BREAK}/{code}/{quantity}"));
                    record.place.is_some() && is_sold_in(record, &row.uom) && known != Some(&row.revision.0)
                });
                if holds && is_new {
                    news.insert((code, sku));
                }
            }
            for code in &codes {
                let skus: Vec<Sku> =
                    news.iter().filter(|(of, _)| of == code).map(|(_, sku)| sku.clone()).collect();
                let asked = self.look_up(code, &skus).await?;
                sent += self.price_page(at, asked, true).await?;
            }
            let rows = marks.iter().map(|(row, revision)| (row.as_str(), *revision));
            at.place.breaks.done(rows, !changed.more, begun, overlap);
            at.keep().await?;
            if !changed.more {
                return Ok(sent);
            }
        }
    }

    /// All rows of the lists that are to be read again.
    async fn read_lists_again(&self, at: &mut Keeper<'_, Place>) -> Result<usize, Halt> {
        let mut sent = 0;
        while let Some((code, done)) = at.place.again.first_key_value().map(|(code, at)| (code.clone(), *at))
        {
            self.on_time()?;
            self.still_ours().await?;
            let of_list = only("ListCode", [code.as_str()]);
            let since = Since { after: SysRevId(done), top: PAGE, only: of_list.as_ref() };
            let changed = self.connected.kinetic.changes().price_list_parts(since, self.deadline).await?;
            let asked = changed.rows.into_iter().filter_map(|row| self.asked(row)).collect();
            sent += self.price_page(at, asked, true).await?;
            match changed.highest.filter(|_| changed.more) {
                Some(highest) => at.place.again.insert(code, highest.0),
                None => at.place.again.remove(&code),
            };
            at.keep().await?;
        }
        Ok(sent)
    }

    async fn price_page(
        &self,
        at: &mut Keeper<'_, Place>,
        asked: Vec<Asked>,
        anyway: bool,
    ) -> Result<usize, Halt> {
        let done = self.price(&at.place.lists, asked, anyway).await?;
        // It is found or made again by the next run, which then reads all rows of it.
        at.place.lists.shop.retain(|code, _| !done.lost.contains(code));
        Ok(done.sent)
    }

    /// A row that the rules name the list of.
    fn asked(&self, row: connector_kinetic::ListPartRow) -> Option<Asked> {
        let code = as_named(&self.connected.rules, &row.list_code)?.to_owned();
        Some(Asked { code, sku: Sku(row.part_num.clone()), row: Some(row) })
    }

    /// Whether a database is another than the one that was read. The page tells mostly; another list's rows may hide what it would tell by.
    async fn is_another(
        &self,
        read: &ReadTo,
        more: bool,
        seen: Option<i64>,
        set: RootSet,
    ) -> Result<bool, Halt> {
        if !read.has_begun() || read.is_under_way() || !(more || read.is_another_database(seen)) {
            return Ok(false);
        }
        let highest = self.connected.kinetic.changes().highest(set, self.deadline).await?;
        Ok(read.is_another_database(highest.map(|revision| revision.0)))
    }

    /// Another database has other prices under the same revisions.
    async fn stop_prices(&self, at: &mut Keeper<'_, Place>) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        if at.place.stopped.is_none() {
            tracing::error!(%connection, "Kinetic's database of {connection} is another than before: none of its newest price lists is there. No price of a list is published until a person has looked: was it restored, or copied from another company? What goes on is `connector catalog restart`");
        }
        at.place.stopped = at.place.stopped.or(Some(now));
        at.next = after(now, self.connected.rules.prices.every);
        at.keep().await
    }
}

/// Whether a part is sold in this unit, as far as it is known.
fn is_sold_in(record: &Shelved, uom: &str) -> bool {
    let sold = record.part.as_ref().map(|part| part.sales_um.trim());
    sold.is_some_and(|sold| sold.eq_ignore_ascii_case(uom.trim()))
}
