//! Fields that differ go out: products and variants in bulk, halved where a row is refused.

use std::ops::Range;

use connector_bigcommerce::{
    Batch, Measure, PRODUCTS, ProductChange, ProductFields, ProductId, ProductsUpdated, VARIANTS,
    VariantChange, VariantId, VariantsUpdated,
};
use connector_domain::Money;
use connector_ports::Shelved;

use super::halves::Halves;
use super::plan::Change;
use super::publish::{Publishing, duplicate_name, refused};
use super::turn::Halt;
use super::wanted::Field;
use super::written::{Known, Written};
use crate::rules::Owned;

impl Publishing<'_> {
    pub(super) async fn change_products(&self, changes: &[Change], on: Known<'_>) -> Result<usize, Halt> {
        let mut published = 0;
        for some in changes.chunks(PRODUCTS) {
            let mut halves = Halves::of(some.len());
            while let Some(batch) = self.next(&mut halves)? {
                let rows: Vec<ProductChange> =
                    some.get(batch.clone()).into_iter().flatten().map(product_change).collect();
                let Some(sent) = Batch::of(&rows) else { continue };
                let refusal = match self.connected.shop.catalog().update(sent, self.deadline).await? {
                    ProductsUpdated::Whole => None,
                    ProductsUpdated::Partly(words) | ProductsUpdated::TooLarge(words) => Some(words),
                    ProductsUpdated::Refused(refusal) => Some(refusal.to_string()),
                };
                published += self.taken_or_halved(some, batch, refusal, &mut halves, on).await?;
            }
        }
        Ok(published)
    }

    pub(super) async fn change_variants(&self, changes: &[Change], on: Known<'_>) -> Result<usize, Halt> {
        let mut published = 0;
        for some in changes.chunks(VARIANTS) {
            let mut halves = Halves::of(some.len());
            while let Some(batch) = self.next(&mut halves)? {
                let rows: Vec<VariantChange> =
                    some.get(batch.clone()).into_iter().flatten().map(variant_change).collect();
                let Some(sent) = Batch::of(&rows) else { continue };
                let variants = self.connected.shop.catalog().variants();
                let refusal = match variants.update(sent, self.deadline).await? {
                    VariantsUpdated::Whole => None,
                    VariantsUpdated::Refused { refusal, .. } => Some(refusal.to_string()),
                    VariantsUpdated::TooLarge(words) => Some(words),
                };
                published += self.taken_or_halved(some, batch, refusal, &mut halves, on).await?;
            }
        }
        Ok(published)
    }

    /// The next batch, if there is time for it.
    fn next(&self, halves: &mut Halves) -> Result<Option<Range<usize>>, Halt> {
        match halves.next() {
            Some(_) if !self.on_time() => Err(Halt::Time),
            next => Ok(next),
        }
    }

    /// Writes down what was taken, before anything else is sent; halves what was refused, and holds the row that is refused alone.
    async fn taken_or_halved(
        &self,
        changes: &[Change],
        batch: Range<usize>,
        refusal: Option<String>,
        halves: &mut Halves,
        on: Known<'_>,
    ) -> Result<usize, Halt> {
        let (mut written, mut published) = (Written::default(), 0);
        if let Some(words) = refusal {
            if let Some(change) = halves.refused(batch).and_then(|row| changes.get(row)) {
                let problem = if words.to_lowercase().contains("name is a duplicate") {
                    duplicate_name(&change.sku, &words)
                } else {
                    refused(&change.sku, &words)
                };
                self.hold(&mut written, &change.sku, on.records.get(&change.sku), &problem);
            }
        } else {
            for change in changes.get(batch).into_iter().flatten() {
                let known = on.records.get(&change.sku).cloned().unwrap_or_default();
                let record = Shelved { place: Some(change.place), ..known.clone() };
                let revision = on.revision(&change.sku);
                published += written.change(&change.sku, &record, &change.fields, revision, self.on.now());
                written.note(&change.sku, &change.noted);
                written.flag(&change.sku, &change.flags, self.on.now(), known.issue.as_ref());
                if on.keeps_issues {
                    written.still(&change.sku, known.issue);
                }
            }
        }
        self.keep(written).await?;
        Ok(published)
    }
}

fn product_change(change: &Change) -> ProductChange {
    let mut fields = ProductFields::default();
    for (field, value) in &change.fields {
        match (field, value) {
            (Owned::Name, Field::Text(name)) => fields.name = Some(name.clone()),
            (Owned::Upc, Field::Text(upc)) => fields.upc = Some(upc.clone()),
            (Owned::Price, Field::Number(price)) => fields.price = Some(Money::new(*price)),
            (Owned::Weight, Field::Number(weight)) => fields.weight = Some(Measure(*weight)),
            (Owned::Visible, Field::Flag(visible)) => fields.is_visible = Some(*visible),
            (_, Field::Text(_) | Field::Number(_) | Field::Flag(_)) => {}
        }
    }
    ProductChange { id: ProductId(change.place.product), fields }
}

fn variant_change(change: &Change) -> VariantChange {
    let mut row = VariantChange::of(VariantId(change.place.variant));
    for (field, value) in &change.fields {
        match (field, value) {
            (Owned::Upc, Field::Text(upc)) => row.upc = Some(upc.clone()),
            (Owned::Price, Field::Number(price)) => row.price = Some(Money::new(*price)),
            (Owned::Weight, Field::Number(weight)) => row.weight = Some(Measure(*weight)),
            (_, Field::Text(_) | Field::Number(_) | Field::Flag(_)) => {}
        }
    }
    row
}
