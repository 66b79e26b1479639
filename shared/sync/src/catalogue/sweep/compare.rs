//! What the store shows beside what was published. Pure.

use connector_bigcommerce::{Item, Product, Variant};
use connector_ports::{Shelved, ShopPlace};

use crate::catalogue::plan::belongs_to;
use crate::catalogue::wanted::Field;
use crate::rules::{CatalogueRules, Owned};

/// A field of which the store shows another value than was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Differs {
    pub(super) field: Owned,
    /// What the store shows; `None` where a variant has no value of its own.
    pub(super) shows: Option<String>,
    pub(super) should: Field,
}

/// In what `product` differs from what was published of a SKU; `None` if it does not have the SKU's variant any more.
///
/// Only fields that the rules own, and that were published. Whether shoppers see it is looked at only where Kinetic hides it: a product
/// that is hidden may be hidden by the merchandiser.
pub(super) fn compare(
    record: &Shelved,
    place: ShopPlace,
    product: &Product,
    rules: &CatalogueRules,
) -> Option<Vec<Differs>> {
    let variant = product.variants.iter().find(|variant| variant.id.0 == place.variant);
    if !place.simple && variant.is_none() {
        return None;
    }
    let own = |field: &Owned| rules.owned.contains(field) && belongs_to(*field, place);
    let differs = Owned::ALL.into_iter().filter(own).filter_map(|field| {
        let should = published(field, record.fields.get(field.as_str())?)?;
        if field == Owned::Visible && should == Field::Flag(true) {
            return None;
        }
        let shows = match variant.filter(|_| !place.simple) {
            Some(variant) => of_variant(field, variant),
            None => Some(of_product(field, product)),
        };
        let shows = shows.map(|shows| shows.shown());
        (shows.as_ref() != Some(&should.shown())).then_some(Differs { field, shows, should })
    });
    Some(differs.collect())
}

/// A value as it stands on the shelf, read back.
fn published(field: Owned, text: &str) -> Option<Field> {
    match field {
        Owned::Name | Owned::Upc => Some(Field::Text(text.to_owned())),
        Owned::Price | Owned::Weight => text.parse().ok().map(Field::Number),
        Owned::Visible => text.parse().ok().map(Field::Flag),
    }
}

fn of_product(field: Owned, product: &Product) -> Field {
    match field {
        Owned::Name => Field::Text(product.name.clone()),
        Owned::Upc => Field::Text(product.upc.clone()),
        Owned::Price => Field::Number(product.price.decimal()),
        Owned::Weight => Field::Number(product.weight.map(|weight| weight.0).unwrap_or_default()),
        Owned::Visible => Field::Flag(product.is_visible),
    }
}

fn of_variant(field: Owned, variant: &Variant) -> Option<Field> {
    match field {
        Owned::Upc => Some(Field::Text(variant.upc.clone())),
        Owned::Price => variant.price.map(|price| Field::Number(price.decimal())),
        Owned::Weight => variant.weight.map(|weight| Field::Number(weight.0)),
        // Its product's.
        Owned::Name | Owned::Visible => None,
    }
}

/// Whether the store has another stock than was published, at any location: orders take from it all the time.
pub(super) fn stock_differs(record: &Shelved, item: &Item) -> bool {
    let levels = record.fields.iter().filter_map(|(field, level)| Some((field.strip_prefix(STOCK)?, level)));
    let has = |location: &str| {
        let there = item.stock.iter().find(|stock| stock.location_id.to_string() == location);
        there.map_or(0, |stock| stock.total_inventory_onhand).to_string()
    };
    levels.into_iter().any(|(location, level)| has(location) != *level)
}

/// Before the number of a location, on the shelf.
pub(super) const STOCK: &str = "stock/";

#[cfg(test)]
mod tests;
