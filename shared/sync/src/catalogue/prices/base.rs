//! The price of a product, from a price list.

use std::collections::BTreeMap;

use connector_domain::{Money, Sku};
use connector_kinetic::PartRow;
use connector_ports::{PartFacts, Shelved};

use super::LIST_ROW;
use super::rows::part_nums;
use crate::catalogue::plan::Change;
use crate::catalogue::publish::Publishing;
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::{Field, PriceFrom, Problem, goes_out};
use crate::catalogue::written::{Known, SET, Written, is_of_price};
use crate::rules::{Owned, WithoutPrice};

/// A part is held that has no price on the list of base prices.
pub(super) const NO_LIST_PRICE: &str = "no_list_price";

/// A price that a product should have.
pub(super) struct Based {
    change: Change,
    record: Shelved,
    code: String,
    revision: Option<i64>,
}

impl Based {
    /// `None`: it is as it should be.
    pub(super) fn of(
        sku: &Sku,
        record: &Shelved,
        price: Money,
        flag: Option<Problem>,
        code: &str,
        revision: Option<i64>,
    ) -> Option<Self> {
        let field = Field::Number(price.decimal());
        let is = record.fields.get(Owned::Price.as_str()) == Some(&field.shown());
        let told = record.issue.as_ref().is_some_and(is_of_price);
        if is && !told && flag.is_none() {
            return None;
        }
        let fields = if is { BTreeMap::new() } else { BTreeMap::from([(Owned::Price, field)]) };
        let (noted, flags) = (BTreeMap::new(), Vec::from_iter(flag));
        let change = Change { sku: sku.clone(), place: record.place?, fields, noted, flags };
        Some(Self { change, record: record.clone(), code: code.to_owned(), revision })
    }
}

impl Turn<'_> {
    /// Where the prices of these parts come from; those that do not stand in it have the part's own. Asked for are those only that
    /// changed, unless all are published `anew`.
    pub(in crate::catalogue) async fn prices_from(
        &self,
        parts: &[PartRow],
        anew: bool,
    ) -> Result<BTreeMap<Sku, PriceFrom>, Halt> {
        let rules = &self.connected.rules;
        let Some(code) = &rules.prices.base else { return Ok(BTreeMap::new()) };
        let skus: Vec<Sku> = parts.iter().map(|part| Sku(part.part_num.clone())).collect();
        let records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let (mut from, mut to_ask) = (BTreeMap::new(), Vec::new());
        for (part, sku) in parts.iter().zip(skus) {
            let record = records.get(&sku).filter(|record| record.place.is_some());
            let done = record.and_then(|record| record.revisions.get(SET)) == Some(&part.revision.0);
            if done && !anew {
                from.insert(sku, PriceFrom::AsShown);
            } else if goes_out(part, &rules.catalogue.parts) {
                to_ask.push((part, sku));
            }
        }
        if to_ask.is_empty() {
            return Ok(from);
        }
        let lists = self.known_lists().await?;
        let head = lists.heads.get(code);
        if head.is_some_and(|head| !head.is_of_products(rules)) {
            let stays = |sku: &Sku| records.get(sku).is_some_and(|record| record.place.is_some());
            from.extend(to_ask.into_iter().map(|(_, sku)| {
                let kept =
                    if stays(&sku) { PriceFrom::AsShown } else { self.without(&sku, WithoutPrice::Hold) };
                (sku, kept)
            }));
            return Ok(from);
        }
        let mut found = BTreeMap::new();
        if let Some(head) = head.filter(|head| head.in_force) {
            let named = part_nums(to_ask.iter().map(|(_, sku)| sku));
            let rows = self.connected.kinetic.changes().prices_of(code, &named, self.deadline).await?;
            for row in rows.into_iter().filter(|row| !row.base_price.is_zero() || head.zero) {
                found.insert((row.part_num.clone(), row.uom.trim().to_uppercase()), row.base_price);
            }
        }
        for (part, sku) in to_ask {
            let unit = (part.part_num.clone(), part.sales_um.trim().to_uppercase());
            let price = match found.get(&unit) {
                Some(price) => PriceFrom::List { price: *price, per: self.per(&facts(part)) },
                None => self.without(&sku, rules.prices.without),
            };
            from.insert(sku, price);
        }
        Ok(from)
    }

    /// Writes the prices of products, and nothing else of them.
    pub(super) async fn publish_base(&self, based: &[Based]) -> Result<usize, Halt> {
        let Some(first) = based.first() else { return Ok(0) };
        let skus = || based.iter().map(|one| one.change.sku.clone());
        let records: BTreeMap<_, _> = skus().zip(based.iter().map(|one| one.record.clone())).collect();
        let revisions: BTreeMap<_, _> =
            based.iter().filter_map(|one| Some((one.change.sku.clone(), one.revision?))).collect();
        let set = format!("{LIST_ROW}/{}", first.code);
        let on = Known { records: &records, revisions: &revisions, set: &set, keeps_issues: false };
        let publishing = Publishing::of_no_parts(self);
        let (mut products, mut variants, mut noted) = (Vec::new(), Vec::new(), Written::default());
        for Based { change, .. } in based {
            if change.fields.is_empty() {
                noted.noted(change, on, self.on.now());
            } else if change.place.simple {
                products.push(change.clone());
            } else {
                variants.push(change.clone());
            }
        }
        publishing.keep(noted).await?;
        Ok(publishing.change_products(&products, on).await?
            + publishing.change_variants(&variants, on).await?)
    }

    /// Publishes parts that the list lacks.
    pub(super) async fn publish_without(&self, skus: &[Sku]) -> Result<usize, Halt> {
        if skus.is_empty() {
            return Ok(0);
        }
        let rules = &self.connected.rules;
        let parts = self.parts_now(skus).await?;
        let price = |sku: &Sku| (sku.clone(), self.without(sku, rules.prices.without));
        let prices = skus.iter().map(price).collect();
        Publishing::of(self, &parts, prices).page(&parts).await
    }

    /// Publishes parts that were held for their price, as the job of parts does.
    pub(super) async fn publish_held(&self, skus: &[Sku]) -> Result<usize, Halt> {
        if skus.is_empty() {
            return Ok(0);
        }
        let parts = self.parts_now(skus).await?;
        let prices = Box::pin(self.prices_from(&parts, true)).await?;
        let sent = Publishing::of(self, &parts, prices).page(&parts).await?;
        Ok(sent + Box::pin(self.price_new(&parts)).await?)
    }

    /// These parts as Kinetic has them, as far as the rules let them out.
    async fn parts_now(&self, skus: &[Sku]) -> Result<Vec<PartRow>, Halt> {
        let only = self.connected.rules.catalogue.parts.filter.as_ref();
        let mut parts =
            self.connected.kinetic.parts().rows_by_part_nums(&part_nums(skus), only, self.deadline).await?;
        // Another spelling is another SKU here.
        parts.retain(|part| skus.iter().any(|sku| sku.0 == part.part_num));
        Ok(parts)
    }

    fn without(&self, sku: &Sku, rule: WithoutPrice) -> PriceFrom {
        let code = self.connected.rules.prices.base.as_deref().unwrap_or_default();
        match rule {
            WithoutPrice::Part => PriceFrom::Part,
            WithoutPrice::Hold => PriceFrom::Nowhere(Problem {
                reason: NO_LIST_PRICE,
                words: format!(
                    "part \"{sku}\" has no price in its sales unit on list {code}, or the list is not in force or in another currency; enter one in Kinetic, or let it cost its UnitPrice (prices.without = \"part\")"
                ),
            }),
        }
    }
}

fn facts(part: &PartRow) -> PartFacts {
    crate::catalogue::publish::facts_of(part)
}
