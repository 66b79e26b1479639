//! The job `parts`: parts of Kinetic that changed go out to the store.

use connector_domain::{Sku, Timestamp};
use connector_kinetic::{PartRow, RootSet, Since, SysRevId};
use connector_ports::Digest;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::changes::ReadTo;
use super::job::CatalogueJob;
use super::keeper::Keeper;
use super::publish::Publishing;
use super::turn::{Halt, Turn};
use crate::job::after;
use crate::jobs::Ran;
use crate::rules::{CatalogueRules, Changes, PriceRules, Rules};

/// So many parts come at once. A site may give fewer; what a page holds is what is held in memory.
const PAGE: u16 = 250;

/// How far the parts of a connection are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// How far they were read.
    read: ReadTo,
    /// Of the rules under which they were published: others publish all of them anew.
    rules: Option<Digest>,
    /// Kinetic's database was another at this moment: nothing goes out until a person has looked.
    stopped: Option<Timestamp>,
    /// All of them are read because the rules changed: prices are looked up of those too that did not.
    #[serde(default)]
    anew: bool,
    /// How far they were read, where it is told by date.
    #[serde(default)]
    by_date: ByDate,
}

/// How far parts were read that are told by date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ByDate {
    /// All of them were read once.
    whole: bool,
    /// Behind which one a reading goes on.
    behind: Option<String>,
}

/// `ChangedOn` is the server's local time, and not every write sets it (`docs/facts/kinetic.md` §4): so each reading begins so long ago, and
/// what the stamp does not tell is found at night.
const TWO_DAYS: SignedDuration = SignedDuration::from_hours(48);

impl Turn<'_> {
    /// Publishes the parts that changed, page by page. A page's place is written down when its work is done.
    pub(super) async fn parts(&self) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.catalogue;
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Parts).await?;
        let digest = digest_of(&self.connected.rules);
        if at.place.rules != Some(digest) {
            // What they say now may be otherwise of every part.
            at.place.read.begin_anew();
            at.place.anew = true;
            at.place.rules = Some(digest);
        }
        if rules.changes == Changes::Date {
            return self.parts_by_date(&mut at).await;
        }
        let begun = self.on.now();
        let mut ran = Ran::default();
        loop {
            if self.on_time().is_err() {
                return Ok(Ran { more: true, ..ran });
            }
            self.still_ours().await?;
            let read = &at.place.read;
            let after_revision = SysRevId(read.after(begun, rules.overlap));
            let since = Since { after: after_revision, top: PAGE, only: rules.parts.filter.as_ref() };
            let changed = self.connected.kinetic.changes().parts(since, self.deadline).await?;
            // Before anything of a reading goes out. The page itself tells mostly; a filter of the owner's may hide what it would tell by.
            let seen = changed.highest.map(|revision| revision.0);
            if read.has_begun() && !read.is_under_way() && (changed.more || read.is_another_database(seen)) {
                let highest = self.connected.kinetic.changes().highest(RootSet::Parts, self.deadline).await?;
                if read.is_another_database(highest.map(|revision| revision.0)) {
                    self.stop(&mut at).await?;
                    return Ok(ran);
                }
            }
            ran.sent += self.publish_rows(&changed.rows, at.place.anew).await?;
            self.let_stock_in().await?;
            at.place.anew &= changed.more;
            let rows = changed.rows.iter().map(|row| (row.row_id.as_str(), row.revision.0));
            at.place.read.done(rows, !changed.more, begun, rules.overlap);
            at.place.stopped = None;
            at.next = if changed.more { begun } else { after(begun, rules.every) };
            at.keep().await?;
            if !changed.more {
                return Ok(ran);
            }
        }
    }

    /// Whether parts were published, and Kinetic's database is still the one that they are of. Asked by whoever compares the two.
    pub(super) async fn parts_are_known(&self) -> Result<bool, Halt> {
        let at: Keeper<'_, Place> = self.keeper(CatalogueJob::Parts).await?;
        if at.place.stopped.is_some() || !(at.place.read.has_begun() || at.place.by_date.whole) {
            return Ok(false);
        }
        let highest = self.connected.kinetic.changes().highest(RootSet::Parts, self.deadline).await?;
        Ok(!at.place.read.is_another_database(highest.map(|revision| revision.0)))
    }

    /// The same by the day on which they changed, for a site that refuses to filter by revision; all of them at first, and under other rules.
    async fn parts_by_date(&self, at: &mut Keeper<'_, Place>) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.catalogue;
        let begun = self.on.now();
        if at.place.anew && at.place.by_date.behind.is_none() {
            at.place.by_date.whole = false;
        }
        let mut ran = Ran::default();
        loop {
            if self.on_time().is_err() {
                return Ok(Ran { more: true, ..ran });
            }
            self.still_ours().await?;
            let ByDate { whole, behind } = at.place.by_date.clone();
            let since =
                if whole { begun.checked_sub(TWO_DAYS).unwrap_or(begun) } else { Timestamp::UNIX_EPOCH };
            let only = rules.parts.filter.as_ref();
            let changes = self.connected.kinetic.changes();
            let page = changes.parts_by_date(since, behind.as_deref(), only, PAGE, self.deadline).await?;
            let ends = page.is_empty();
            ran.sent += self.publish_rows(&page, at.place.anew).await?;
            self.let_stock_in().await?;
            at.place.anew &= !ends;
            at.place.by_date.behind = page.last().map(|part| part.part_num.clone());
            at.place.by_date.whole |= ends;
            at.next = if ends { after(begun, rules.every) } else { begun };
            at.keep().await?;
            if ends {
                return Ok(ran);
            }
        }
    }

    /// Publishes these parts as they are now, with the prices and the levels of those that are new in the store. `anew` looks prices up of those
    /// too whose rows are known.
    async fn publish_rows(&self, rows: &[PartRow], anew: bool) -> Result<usize, Halt> {
        let prices = self.prices_from(rows, anew).await?;
        let sent = Publishing::of(self, rows, prices).page(rows).await? + self.price_new(rows).await?;
        let skus: Vec<Sku> = rows.iter().map(|row| Sku(row.part_num.clone())).collect();
        self.first_stock(&skus).await?;
        Ok(sent)
    }

    /// The same for whoever reads parts for another reason.
    pub(super) async fn publish(&self, rows: &[PartRow]) -> Result<usize, Halt> {
        self.publish_rows(rows, false).await
    }

    /// Another database has other parts under the same revisions: whatever was published of it would be a guess.
    async fn stop(&self, at: &mut Keeper<'_, Place>) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        if at.place.stopped.is_none() {
            tracing::error!(%connection, "Kinetic's database of {connection} is another than before: none of its newest parts is there. Nothing is published until a person has looked: was it restored, or copied from another company? What goes on is `connector catalog restart`");
        }
        at.place.stopped = at.place.stopped.or(Some(now));
        at.next = after(now, self.connected.rules.catalogue.every);
        at.keep().await
    }
}

/// Of all that decides what goes out.
fn digest_of(rules: &Rules) -> Digest {
    let CatalogueRules {
        publish: _,
        parts,
        new: _,
        owned,
        name,
        weight,
        inexact,
        quota_share: _,
        changes: _,
        every: _,
        overlap: _,
    } = &rules.catalogue;
    let text = format!("{parts:?}{owned:?}{name:?}{weight:?}{inexact:?}");
    let PriceRules { base, without, per, .. } = &rules.prices;
    let of_list = |code| format!("{code}{without:?}{per:?}{}", rules.orders.kinetic_currency);
    let text = text + &base.as_ref().map(of_list).unwrap_or_default();
    Digest::new(Sha256::digest(text).into())
}
