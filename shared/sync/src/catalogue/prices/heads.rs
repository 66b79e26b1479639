//! The heads of the lists: which are in force, and in which currency.

use std::collections::BTreeSet;

use connector_kinetic::{RootSet, Since, SysRevId};

use super::place::{Head, Lists, Place, as_named};
use crate::catalogue::job::CatalogueJob;
use crate::catalogue::keeper::Keeper;
use crate::catalogue::turn::{Halt, Turn};

/// So many lists come at once.
const PAGE: u16 = 100;

impl Turn<'_> {
    /// What is known of the lists, for the job of parts. Where the job of prices was never here, or under other rules, they are read now.
    pub(super) async fn known_lists(&self) -> Result<Lists, Halt> {
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Prices).await?;
        if at.place.rules != Some(self.digest()) {
            // The job of prices will do all of this by itself; here it is only for the parts at hand, and nothing of it is kept.
            self.begin(&mut at, self.on.now());
            at.place.heads = super::ReadTo::default();
            self.fetch_heads(&mut at.place, false).await?;
        }
        Ok(std::mem::take(&mut at.place.lists))
    }

    /// Reads the heads that changed, and looks which lists begin or cease to be in force. `false`: the database is another.
    pub(super) async fn read_heads(&self, at: &mut Keeper<'_, Place>) -> Result<bool, Halt> {
        if !self.fetch_heads(&mut at.place, true).await? {
            self.stop_prices(at).await?;
            return Ok(false);
        }
        let today = self.today();
        let Place { lists, again, .. } = &mut at.place;
        for (code, head) in &mut lists.heads {
            let holds = head.holds(today);
            if holds != head.in_force {
                let (connection, what) =
                    (&self.connected.id, if holds { "in force" } else { "out of force" });
                tracing::info!(%connection, list = code, "price list {code} of {connection} is {what} from today on: its prices are published anew");
                head.in_force = holds;
                again.insert(code.clone(), 0);
            }
        }
        Ok(true)
    }

    async fn fetch_heads(&self, place: &mut Place, telling: bool) -> Result<bool, Halt> {
        let rules = &self.connected.rules;
        let (begun, overlap, today) = (self.on.now(), rules.catalogue.overlap, self.today());
        let from = place.heads.after(begun, overlap);
        let mut seen = BTreeSet::new();
        loop {
            let after = SysRevId(place.heads.after(begun, overlap));
            let since = Since { after, top: PAGE, only: rules.prices.only.as_ref() };
            let changed = self.connected.kinetic.changes().price_lists(since, self.deadline).await?;
            let highest = changed.highest.map(|revision| revision.0);
            if self.is_another(&place.heads, changed.more, highest, RootSet::PriceLsts).await? {
                return Ok(false);
            }
            for row in &changed.rows {
                let Some(code) = as_named(rules, &row.code) else { continue };
                seen.insert(code.to_owned());
                let known = place.lists.heads.get(code);
                let mut head = Head::of(row, today);
                head.in_force = known.map_or(head.in_force, |known| known.in_force);
                if known.is_none_or(|known| !known.means(&head)) {
                    if telling {
                        self.look_at_currency(code, &head);
                    }
                    if place.rows.has_begun() {
                        place.again.insert(code.to_owned(), 0);
                    }
                }
                place.lists.heads.insert(code.to_owned(), head);
            }
            let rows = changed.rows.iter().map(|row| (row.row_id.as_str(), row.revision.0));
            place.heads.done(rows, !changed.more, begun, overlap);
            if !changed.more {
                break;
            }
        }
        // What lies behind where the reading began and did not come was deleted.
        let Place { lists, again, .. } = place;
        for (code, head) in &mut lists.heads {
            if head.revision > from && !seen.contains(code) && head.discontinue() {
                again.insert(code.clone(), 0);
            }
        }
        Ok(true)
    }

    /// Says once what a list in another currency cannot be.
    fn look_at_currency(&self, code: &str, head: &Head) {
        let (connection, rules) = (&self.connected.id, &self.connected.rules);
        let (of_products, spelled) = (&rules.orders.kinetic_currency, head.spelled());
        let is = |named: &Option<String>| named.as_deref() == Some(code);
        if (is(&rules.prices.base) || is(&rules.prices.sale)) && !head.is_of_products(rules) {
            tracing::error!(%connection, list = code, "price list {code} of {connection} is in {spelled}, and products are priced in {of_products}: nothing of it is published, and prices that were stay; name another list under prices.base or prices.sale");
        }
        if rules.prices.lists.contains_key(code) && head.currency(rules).is_none() {
            tracing::error!(%connection, list = code, "price list {code} of {connection} is in {spelled}, which is no currency of the store: nothing of it is published, and prices that were stay; name its currency under prices.currencies");
        }
    }

    fn today(&self) -> jiff::civil::Date {
        self.on.now().to_zoned(self.connected.rules.orders.time_zone.clone()).date()
    }
}
