//! Sale prices of products, which have no dates in the store.

use connector_bigcommerce::{
    Batch, PRODUCTS, ProductChange, ProductFields, ProductId, ProductsUpdated, Sale, VARIANTS, VariantChange,
    VariantId, VariantsUpdated,
};
use connector_domain::Money;
use connector_ports::ShopPlace;

use super::note::{Note, What};
use crate::catalogue::halves::Halves;
use crate::catalogue::publish::refused;
use crate::catalogue::turn::{Halt, Turn};

/// The field on the shelf.
pub(super) const SALE: &str = "sale_price";

/// A sale price that a product should have.
#[derive(Clone)]
pub(super) struct Sold {
    pub(super) place: ShopPlace,
    /// `None`: it is taken away.
    pub(super) price: Option<Money>,
    /// What is written down when the store has taken it.
    pub(super) taken: Note,
}

impl Sold {
    fn sale(&self) -> Sale {
        self.price.map_or(Sale::Off, Sale::At)
    }
}

impl Turn<'_> {
    pub(super) async fn publish_sales(&self, sold: &[Sold]) -> Result<usize, Halt> {
        let (products, variants): (Vec<Sold>, Vec<Sold>) =
            sold.iter().cloned().partition(|one| one.place.simple);
        let mut sent = 0;
        for some in products.chunks(PRODUCTS) {
            sent += self.sell(some, true).await?;
        }
        for some in variants.chunks(VARIANTS) {
            sent += self.sell(some, false).await?;
        }
        Ok(sent)
    }

    async fn sell(&self, sold: &[Sold], products: bool) -> Result<usize, Halt> {
        let (mut sent, mut halves) = (0, Halves::of(sold.len()));
        while let Some(batch) = halves.next() {
            self.on_time()?;
            self.still_ours().await?;
            let some = sold.get(batch.clone()).unwrap_or_default();
            let refusal =
                if products { self.sell_products(some).await? } else { self.sell_variants(some).await? };
            match refusal {
                None => sent += self.note(some.iter().map(|one| one.taken.clone()).collect()).await?,
                Some(words) => {
                    if let Some(one) = halves.refused(batch).and_then(|row| sold.get(row)) {
                        let what = What::Held(refused(&one.taken.sku, &words));
                        self.note(vec![Note { what, ..one.taken.clone() }]).await?;
                    }
                }
            }
        }
        Ok(sent)
    }

    async fn sell_products(&self, sold: &[Sold]) -> Result<Option<String>, Halt> {
        let change = |one: &Sold| ProductChange {
            id: ProductId(one.place.product),
            fields: ProductFields { sale_price: Some(one.sale()), ..ProductFields::default() },
        };
        let rows: Vec<ProductChange> = sold.iter().map(change).collect();
        let Some(batch) = Batch::of(&rows) else { return Ok(None) };
        Ok(match self.connected.shop.catalog().update(batch, self.deadline).await? {
            ProductsUpdated::Whole => None,
            ProductsUpdated::Partly(words) | ProductsUpdated::TooLarge(words) => Some(words),
            ProductsUpdated::Refused(refusal) => Some(refusal.to_string()),
        })
    }

    async fn sell_variants(&self, sold: &[Sold]) -> Result<Option<String>, Halt> {
        let change = |one: &Sold| {
            let change = VariantChange::of(VariantId(one.place.variant));
            VariantChange { sale_price: Some(one.sale()), ..change }
        };
        let rows: Vec<VariantChange> = sold.iter().map(change).collect();
        let Some(batch) = Batch::of(&rows) else { return Ok(None) };
        Ok(match self.connected.shop.catalog().variants().update(batch, self.deadline).await? {
            VariantsUpdated::Whole => None,
            VariantsUpdated::Refused { refusal, .. } => Some(refusal.to_string()),
            VariantsUpdated::TooLarge(words) => Some(words),
        })
    }
}
