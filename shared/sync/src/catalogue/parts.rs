//! The job `parts`: parts of Kinetic that changed go out to the store.

use connector_domain::Timestamp;
use connector_kinetic::{RootSet, Since, SysRevId};
use connector_ports::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::changes::ReadTo;
use super::publish::Publishing;
use super::turn::{CatalogueJob, Halt, Keeper, Turn};
use crate::job::after;
use crate::jobs::Ran;
use crate::rules::CatalogueRules;

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
}

impl Turn<'_> {
    /// Publishes the parts that changed, page by page. A page's place is written down when its work is done.
    pub(super) async fn parts(&self) -> Result<Ran, Halt> {
        let rules = &self.connected.rules.catalogue;
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Parts).await?;
        let digest = digest_of(rules);
        if at.place.rules != Some(digest) {
            // What they say now may be otherwise of every part.
            at.place.read.begin_anew();
            at.place.rules = Some(digest);
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
            ran.sent += Publishing::of(self, &changed.rows).page(&changed.rows).await?;
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

    /// Another database has other parts under the same revisions: whatever was published of it would be a guess.
    async fn stop(&self, at: &mut Keeper<'_, Place>) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        if at.place.stopped.is_none() {
            tracing::error!(%connection, "Kinetic's database of {connection} is another than before: none of its newest parts is there. Nothing is published until a person has looked: was it restored, or copied from another company?");
        }
        at.place.stopped = at.place.stopped.or(Some(now));
        at.next = after(now, self.connected.rules.catalogue.every);
        at.keep().await
    }
}

/// Of all that decides what goes out.
fn digest_of(rules: &CatalogueRules) -> Digest {
    let CatalogueRules {
        publish: _,
        parts,
        new: _,
        owned,
        name,
        weight,
        inexact,
        quota_share: _,
        every: _,
        overlap: _,
    } = rules;
    Digest::new(Sha256::digest(format!("{parts:?}{owned:?}{name:?}{weight:?}{inexact:?}")).into())
}
