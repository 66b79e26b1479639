//! Price lists of the store: found by their names, or made.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_bigcommerce::{PriceList, PriceListCreated};
use connector_http::Class;

use super::place::Place;
use crate::catalogue::job::CatalogueJob;
use crate::catalogue::keeper::Keeper;
use crate::catalogue::turn::{Halt, Turn};
use crate::job::after;

/// A store that takes no price lists is asked again so often.
const AGAIN: Duration = Duration::from_hours(1);

impl Turn<'_> {
    /// Finds or makes the store's list of each of Kinetic's. A store without price lists is told of once, and the rest goes on.
    pub(super) async fn find_lists(&self, at: &mut Keeper<'_, Place>) -> Result<(), Halt> {
        let (connection, now) = (&self.connected.id, self.on.now());
        let place = &mut at.place;
        let named = self.connected.rules.prices.lists.iter();
        let wanted: Vec<(&String, &String)> = named
            .filter(|(code, _)| {
                place.lists.heads.contains_key(*code) && !place.lists.shop.contains_key(*code)
            })
            .collect();
        if wanted.is_empty() || place.refused.is_some_and(|since| now < after(since, AGAIN)) {
            return Ok(());
        }
        self.on_time()?;
        let there = match self.connected.shop.price_lists().list(self.deadline).await {
            Ok(there) => there,
            Err(error) if error.class == Class::Forbidden => {
                if place.refused.is_none() {
                    tracing::error!(%connection, %error, "the store of {connection} has no price lists for us, so those under prices.lists do not go out: its plan may have none, or its API account may lack the scope ({error})");
                }
                place.refused = Some(now);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let mut refused = None;
        for (code, name) in wanted {
            let found = match by_name(&there, name) {
                Some(found) => Some(found),
                None => self.make_list(code, name, place.refused.is_some()).await?,
            };
            match found {
                Some(list) => {
                    place.lists.shop.insert(code.clone(), list);
                    // Its rows were passed over until now.
                    if place.rows.has_begun() {
                        place.again.insert(code.clone(), 0);
                    }
                }
                None => refused = Some(now),
            }
        }
        place.refused = refused;
        Ok(())
    }

    /// For the other jobs: the store has no such lists any more. The job of prices then finds or makes them, and reads all rows of them.
    pub(super) async fn forget_lists(&self, lost: &BTreeSet<String>) -> Result<(), Halt> {
        if lost.is_empty() {
            return Ok(());
        }
        let mut at: Keeper<'_, Place> = self.keeper(CatalogueJob::Prices).await?;
        at.place.lists.shop.retain(|code, _| !lost.contains(code));
        // Nobody is at work on prices, and they may be due.
        at.leave().await
    }

    /// `None`: the store refused it.
    async fn make_list(&self, code: &str, name: &str, told: bool) -> Result<Option<u64>, Halt> {
        let lists = self.connected.shop.price_lists();
        let connection = &self.connected.id;
        let refusal = match lists.create(name, self.deadline).await {
            Ok(PriceListCreated::Whole(made)) => return Ok(Some(made.id.0)),
            // Somebody else was quicker, or an earlier answer of ours was lost.
            Ok(PriceListCreated::Duplicate(refusal)) => {
                let found = by_name(&lists.list(self.deadline).await?, name);
                if found.is_some() {
                    return Ok(found);
                }
                refusal.to_string()
            }
            Ok(PriceListCreated::Refused(refusal)) => refusal.to_string(),
            Err(error) if error.class == Class::Forbidden => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        if !told {
            tracing::error!(%connection, list = code, "price list {name} could not be made in the store of {connection}, so {code} does not go out: {refusal}");
        }
        Ok(None)
    }
}

/// Names are compared as the store does, without case.
fn by_name(lists: &[PriceList], name: &str) -> Option<u64> {
    let same = |list: &&PriceList| list.name.trim().to_lowercase() == name.trim().to_lowercase();
    lists.iter().find(same).map(|list| list.id.0)
}
