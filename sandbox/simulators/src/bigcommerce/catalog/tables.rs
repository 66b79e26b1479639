//! The tables of the catalogue, and what must be unique in them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Conflict, Product, Variant};

/// A category of the one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    pub(crate) id: u64,
    /// 0 at the top.
    pub(crate) parent: u64,
    pub(crate) name: String,
}

/// Who holds a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) product: u64,
    /// `None` if it is the SKU of a product with options itself.
    pub(crate) variant: Option<u64>,
}

/// Products by id, name and SKU, variants by id. Ids of products and variants lie far apart, so that one taken for the
/// other is found nowhere.
#[derive(Debug)]
pub(crate) struct Catalog {
    products: BTreeMap<u64, Product>,
    names: HashMap<String, u64>,
    skus: HashMap<String, Holder>,
    variants: BTreeMap<u64, u64>,
    pub(crate) categories: BTreeMap<u64, Category>,
    brands: HashMap<String, u64>,
    next_product: u64,
    next_variant: u64,
    next_option: u64,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            products: BTreeMap::new(),
            names: HashMap::new(),
            skus: HashMap::new(),
            variants: BTreeMap::new(),
            categories: BTreeMap::new(),
            brands: HashMap::new(),
            next_product: 1_000_001,
            next_variant: 5_000_001,
            next_option: 101,
        }
    }
}

fn folded(text: &str) -> String {
    text.to_lowercase()
}

impl Catalog {
    pub(crate) fn products(&self) -> &BTreeMap<u64, Product> {
        &self.products
    }

    /// Variants in the sequence of their ids, each with its product's id.
    pub(crate) fn variants(&self) -> &BTreeMap<u64, u64> {
        &self.variants
    }

    pub(crate) fn product(&self, id: u64) -> Option<&Product> {
        self.products.get(&id)
    }

    pub(crate) fn variant(&self, id: u64) -> Option<(&Product, &Variant)> {
        let product = self.products.get(self.variants.get(&id)?)?;
        Some((product, product.variant_of(id)?))
    }

    /// Who has this SKU, whatever its case.
    pub(crate) fn by_sku(&self, sku: &str) -> Option<Holder> {
        self.skus.get(&folded(sku)).copied()
    }

    /// Who has this name, whatever its case.
    pub(crate) fn by_name(&self, name: &str) -> Option<u64> {
        self.names.get(&folded(name)).copied()
    }

    pub(crate) fn add_category(&mut self, name: &str, parent: u64) -> u64 {
        let id = self.categories.last_key_value().map_or(23, |(last, _)| last.saturating_add(1));
        self.categories.insert(id, Category { id, parent, name: name.to_owned() });
        id
    }

    /// Assigns a product to a channel, or takes it away from there.
    pub(crate) fn assign(&mut self, product: u64, channel: u64, assigned: bool) {
        let Some(product) = self.products.get_mut(&product) else { return };
        if assigned {
            product.channels.insert(channel);
        } else {
            product.channels.remove(&channel);
        }
    }

    /// The brand of this name, made if there is none.
    pub(crate) fn brand(&mut self, name: &str) -> u64 {
        let next = u64::try_from(self.brands.len()).unwrap_or_default().saturating_add(31);
        *self.brands.entry(folded(name)).or_insert(next)
    }

    /// Saves a product, new or known, and answers its id and what it was before. Nothing is changed if it conflicts.
    pub(crate) fn save(&mut self, mut product: Product) -> Result<(u64, Option<Product>), Conflict> {
        self.complete(&mut product);
        self.check(&product)?;
        if product.id == 0 {
            product.id = self.next_product;
        }
        let id = product.id;
        self.next_product = self.next_product.max(id.saturating_add(1));
        for variant in &mut product.variants {
            if variant.id == 0 {
                variant.id = self.next_variant;
            }
            self.next_variant = self.next_variant.max(variant.id.saturating_add(1));
        }
        let before = self.remove(id);
        self.index(&product);
        self.products.insert(id, product);
        Ok((id, before))
    }

    /// Takes a product out with all that points to it.
    pub(crate) fn remove(&mut self, id: u64) -> Option<Product> {
        let product = self.products.remove(&id)?;
        self.names.remove(&folded(&product.name));
        for sku in skus(&product) {
            self.skus.remove(&sku);
        }
        for variant in &product.variants {
            self.variants.remove(&variant.id);
        }
        Some(product)
    }

    /// Undoes a save: what was before is there again, whatever else was saved since was undone first.
    pub(crate) fn put_back(&mut self, id: u64, before: Option<Product>) {
        self.remove(id);
        if let Some(before) = before {
            self.index(&before);
            self.products.insert(id, before);
        }
    }

    fn index(&mut self, product: &Product) {
        self.names.insert(folded(&product.name), product.id);
        if !product.sku.is_empty() {
            self.skus.insert(folded(&product.sku), Holder { product: product.id, variant: None });
        }
        for variant in &product.variants {
            self.variants.insert(variant.id, product.id);
            if !variant.sku.is_empty() {
                let holder = Holder { product: product.id, variant: Some(variant.id) };
                self.skus.insert(folded(&variant.sku), holder);
            }
        }
    }

    /// The base variant, its SKU, and the ids of option values.
    fn complete(&mut self, product: &mut Product) {
        let has_options = product.variants.iter().any(|variant| !variant.is_base());
        product.variants.retain(|variant| !(has_options && variant.is_base()));
        if product.variants.is_empty() {
            product.variants.push(Variant::default());
        }
        if !has_options {
            product.variants.truncate(1);
            if let Some(base) = product.variants.first_mut() {
                base.sku.clone_from(&product.sku);
            }
            return;
        }
        let mut options: HashMap<String, u64> = HashMap::new();
        let mut labels: HashMap<(u64, String), u64> = HashMap::new();
        let values = |product: &mut Product| -> Vec<super::OptionValue> {
            product.variants.iter().flat_map(|variant| variant.option_values.clone()).collect()
        };
        for value in values(product).into_iter().filter(|value| value.id != 0) {
            options.insert(value.option_display_name, value.option_id);
            labels.insert((value.option_id, value.label), value.id);
        }
        for value in product.variants.iter_mut().flat_map(|variant| &mut variant.option_values) {
            let next = &mut self.next_option;
            let mut fresh = || {
                *next += 1;
                *next - 1
            };
            let option = *options.entry(value.option_display_name.clone()).or_insert_with(&mut fresh);
            value.option_id = option;
            value.id = *labels.entry((option, value.label.clone())).or_insert_with(&mut fresh);
        }
    }

    fn check(&self, product: &Product) -> Result<(), Conflict> {
        if self.by_name(&product.name).is_some_and(|holder| holder != product.id) {
            return Err(Conflict::Name);
        }
        let mut own = HashSet::new();
        for sku in skus(product) {
            let taken = self.skus.get(&sku).is_some_and(|holder| holder.product != product.id);
            if taken || !own.insert(sku) {
                return Err(Conflict::Sku);
            }
        }
        let unknown = product.categories.iter().find(|id| !self.categories.contains_key(id));
        unknown.map_or(Ok(()), |id| Err(Conflict::Category(*id)))
    }
}

/// The folded SKUs of a product; a base variant's is the product's own.
fn skus(product: &Product) -> Vec<String> {
    let of_variants =
        product.variants.iter().filter(|variant| !variant.is_base()).map(|variant| variant.sku.as_str());
    std::iter::once(product.sku.as_str())
        .chain(of_variants)
        .filter(|sku| !sku.is_empty())
        .map(folded)
        .collect()
}
