//! All of it: parts that changed without a trace, parts that were deleted, and what the store shows of everything that was published.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_bigcommerce::ProductId;
use connector_domain::{Sku, Timestamp};
use connector_kinetic::{Since, SysRevId};
use serde::{Deserialize, Serialize};

use super::Place;
use crate::catalogue::keeper::Keeper;
use crate::catalogue::turn::{Halt, Turn};
use crate::job::after;
use crate::rules::Changes;

/// So many parts are asked for at once. A site may give fewer; what a page holds is what is held in memory.
const PARTS: u16 = 1_000;

/// So many SKUs of the shelf are looked at together.
const SKUS: usize = 250;

/// Before the parts were read once, or while their database is another, it is looked again so much later.
const NOT_YET: Duration = Duration::from_mins(15);

/// So often deleted parts are looked for in one night. It cannot be gone on with, so a night in which there is never time for it ends all
/// the same.
const TRIES: u8 = 3;

/// What is done, one after the other, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Phase {
    /// Parts are read again, by revision.
    Parts {
        /// Up to this one the work is done.
        after: i64,
    },
    /// Deleted parts are looked for. It begins anew where it was cut off.
    Deleted {
        /// So often it was begun.
        tries: u8,
    },
    /// What the store shows is compared, SKU by SKU.
    Store {
        /// Up to this one the work is done.
        after: Option<Sku>,
    },
}

impl Turn<'_> {
    /// Goes on with all of it to its end; how many fields the store has taken.
    pub(super) async fn night(&self, at: &mut Keeper<'_, Place>) -> Result<usize, Halt> {
        let now = self.on.now();
        if !self.parts_are_known().await? {
            let connection = &self.connected.id;
            tracing::info!(%connection, "the store of {connection} is compared later: its parts were not read yet, or Kinetic's database is another");
            at.place.whole = Some(after(now, NOT_YET));
            return Ok(0);
        }
        let mut sent = 0;
        loop {
            let phase = at.place.phase.clone().unwrap_or(Phase::Parts { after: 0 });
            let next = match phase {
                Phase::Parts { after } => {
                    sent += self.read_parts_again(at, after).await?;
                    Some(Phase::Deleted { tries: 0 })
                }
                Phase::Deleted { tries } => {
                    sent += self.try_deleted(at, tries).await?;
                    Some(Phase::Store { after: None })
                }
                Phase::Store { after } => {
                    sent += self.compare_all(at, after).await?;
                    None
                }
            };
            let ends = next.is_none();
            at.place.phase = next;
            if ends {
                at.place.whole = self.connected.rules.sweep.every.map(|every| after(self.on.now(), every));
            }
            at.keep().await?;
            if ends {
                return Ok(sent);
            }
        }
    }

    /// Reads all parts again and publishes them: an edit may leave no revision behind, a row may have been committed late, and what was held
    /// may go out by now. What is as it was costs nothing in the store.
    async fn read_parts_again(&self, at: &mut Keeper<'_, Place>, done: i64) -> Result<usize, Halt> {
        let (mut sent, mut done) = (0, SysRevId(done));
        if self.connected.rules.catalogue.changes == Changes::Date {
            return self.read_parts_by_number().await;
        }
        loop {
            self.begin_page().await?;
            let only = self.connected.rules.catalogue.parts.filter.as_ref();
            let since = Since { after: done, top: PARTS, only };
            let page = self.connected.kinetic.changes().parts(since, self.deadline).await?;
            sent += self.publish(&page.rows).await?;
            let Some(highest) = page.highest.filter(|_| page.more) else { return Ok(sent) };
            done = highest;
            at.place.phase = Some(Phase::Parts { after: done.0 });
            at.keep().await?;
        }
    }

    /// The same in the order of their numbers, where a site refuses to filter by revision. One that is cut off begins anew.
    async fn read_parts_by_number(&self) -> Result<usize, Halt> {
        let (mut sent, mut behind): (usize, Option<String>) = (0, None);
        loop {
            self.begin_page().await?;
            let only = self.connected.rules.catalogue.parts.filter.as_ref();
            let (changes, since) = (self.connected.kinetic.changes(), Timestamp::UNIX_EPOCH);
            let page = changes.parts_by_date(since, behind.as_deref(), only, PARTS, self.deadline).await?;
            let Some(last) = page.last() else { return Ok(sent) };
            behind = Some(last.part_num.clone());
            sent += self.publish(&page).await?;
        }
    }

    async fn try_deleted(&self, at: &mut Keeper<'_, Place>, tries: u8) -> Result<usize, Halt> {
        if tries >= TRIES {
            let connection = &self.connected.id;
            tracing::error!(%connection, "there was no time to look for deleted parts of {connection}: Kinetic is slow, or gives few rows at once");
            return Ok(0);
        }
        at.place.phase = Some(Phase::Deleted { tries: tries.saturating_add(1) });
        at.keep().await?;
        self.hide_deleted().await
    }

    /// By SKU and not by the store's numbers: so a product that is not there any more is missed.
    async fn compare_all(&self, at: &mut Keeper<'_, Place>, mut done: Option<Sku>) -> Result<usize, Halt> {
        let mut sent = 0;
        loop {
            self.begin_page().await?;
            let page = self.on.shelf.list(&self.connected.id, done.as_ref(), SKUS).await?;
            let more = page.len() == SKUS;
            done = page.last().map(|(sku, _)| sku.clone()).or(done);
            let ids: BTreeSet<u64> =
                page.iter().filter_map(|(_, record)| Some(record.place?.product)).collect();
            let ids: Vec<ProductId> = ids.into_iter().map(ProductId).collect();
            let products = self.connected.shop.catalog().products_by_id(&ids, self.deadline).await?;
            let skus: Vec<Sku> = page
                .iter()
                .filter(|(_, record)| record.place.is_some())
                .map(|(sku, _)| sku.clone())
                .collect();
            sent += self.look(page.into_iter().collect(), &products).await?;
            // A row of a list that was deleted shows in no reading by revision, and no hook tells of the store's lists.
            sent += self.reprice_beside_the_store(&skus, &products).await?;
            if !more {
                return Ok(sent);
            }
            at.place.phase = Some(Phase::Store { after: done.clone() });
            at.keep().await?;
        }
    }

    /// What comes before each page.
    pub(super) async fn begin_page(&self) -> Result<(), Halt> {
        self.on_time()?;
        self.let_stock_in().await?;
        self.still_ours().await
    }
}
