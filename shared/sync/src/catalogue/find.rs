//! Looks for parts in the store by their SKUs.

use std::collections::{BTreeMap, BTreeSet};

use connector_bigcommerce::{Product as ShopProduct, ProductId, VariantId};
use connector_domain::Sku;
use connector_ports::{Shelved, ShopPlace};

use super::create::{CHANNELS, THEIRS};
use super::publish::Publishing;
use super::turn::Halt;
use super::wanted::{Field, Problem, Product};
use crate::rules::Owned;

/// What the store has of a part.
pub(super) enum Found {
    /// Nothing.
    Nowhere(Product),
    /// This, and what it shows now.
    Here(Product, Box<Here>),
    /// It cannot be said which.
    Unclear(Sku, Problem),
}

pub(super) struct Here {
    pub(super) record: Shelved,
    pub(super) flag: Option<Problem>,
}

impl Publishing<'_> {
    /// Looks for these SKUs in the store: as products first, then as variants.
    pub(super) async fn find(&self, products: Vec<Product>) -> Result<Vec<Found>, Halt> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        let skus: Vec<Sku> = products.iter().map(|product| product.sku.clone()).collect();
        let catalog = self.connected.shop.catalog();
        let own = by_sku(catalog.products_by_sku(&skus, self.deadline).await?, |product| &product.sku);
        let others: Vec<Sku> = skus.into_iter().filter(|sku| !own.contains_key(&folded(sku))).collect();
        let mut items = Vec::new();
        for sku in others.iter().filter(|sku| sku.0.contains(',')) {
            let variants = catalog.variants().by_sku(sku, self.deadline).await?;
            items.extend(variants.into_iter().map(|variant| (variant.sku, variant.product_id, variant.id)));
        }
        let listed = self.connected.shop.inventory().by_skus(&others, self.deadline).await?;
        items.extend(listed.into_iter().map(|item| (item.sku, item.product_id, item.variant_id)));
        let variants = by_sku(items, |(sku, ..)| sku);
        Ok(products.into_iter().map(|product| found(product, &own, &variants)).collect())
    }
}

fn folded(sku: &Sku) -> String {
    sku.0.to_lowercase()
}

fn by_sku<T>(all: Vec<T>, sku: impl Fn(&T) -> &Sku) -> BTreeMap<String, Vec<T>> {
    let mut by: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for one in all {
        by.entry(folded(sku(&one))).or_default().push(one);
    }
    by
}

fn found(
    product: Product,
    own: &BTreeMap<String, Vec<ShopProduct>>,
    variants: &BTreeMap<String, Vec<(Sku, ProductId, VariantId)>>,
) -> Found {
    let key = folded(&product.sku);
    let own = own.get(&key).map(Vec::as_slice).unwrap_or_default();
    let variants = variants.get(&key).map(Vec::as_slice).unwrap_or_default();
    let (place, spelled, fields) = match (own, variants) {
        ([], []) => return Found::Nowhere(product),
        ([one], _) => match simple(one) {
            Some((place, fields)) => (place, &one.sku, fields),
            None => return several(product.sku, "a product with variants has it as its own"),
        },
        ([], [(sku, id, variant), ..]) if distinct(variants) == 1 => {
            let place = ShopPlace { product: id.0, variant: variant.0, simple: false };
            (place, sku, BTreeMap::new())
        }
        ([_, _, ..], _) | ([], [_, ..]) => {
            return several(product.sku, "several products or variants have it");
        }
    };
    let mut fields = fields;
    fields.insert(CHANNELS.to_owned(), THEIRS.to_owned());
    let flag = (spelled.0 != product.sku.0).then(|| Problem {
        reason: "sku_case",
        words: format!("the store spells \"{}\" as \"{spelled}\"; they are taken for one, correct the spelling on one side", product.sku),
    });
    let record = Shelved { place: Some(place), fields, ..Shelved::default() };
    Found::Here(product, Box::new(Here { record, flag }))
}

fn distinct(found: &[(Sku, ProductId, VariantId)]) -> usize {
    found.iter().map(|(_, _, variant)| *variant).collect::<BTreeSet<_>>().len()
}

fn several(sku: Sku, what: &str) -> Found {
    let words = format!(
        "which product of the store \"{sku}\" is cannot be said: {what}; leave the SKU to one of them"
    );
    Found::Unclear(sku, Problem { reason: "several_in_shop", words })
}

/// A product that has no other variants than the one that stands for it, and what it shows now.
fn simple(product: &ShopProduct) -> Option<(ShopPlace, BTreeMap<String, String>)> {
    let only = match product.variants.as_slice() {
        [only] => Some(only.id),
        [] | [_, _, ..] => None,
    };
    let base = product.base_variant_id.or(only)?;
    let shown = |field: Owned, value: Field| (field.as_str().to_owned(), value.shown());
    let mut fields = BTreeMap::from([
        shown(Owned::Name, Field::Text(product.name.clone())),
        shown(Owned::Price, Field::Number(product.price.decimal())),
        shown(Owned::Upc, Field::Text(product.upc.clone())),
        shown(Owned::Visible, Field::Flag(product.is_visible)),
    ]);
    fields.extend(product.weight.map(|weight| shown(Owned::Weight, Field::Number(weight.0))));
    Some((ShopPlace { product: product.id.0, variant: base.0, simple: true }, fields))
}
