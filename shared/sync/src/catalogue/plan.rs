//! From what the store should show, and what was published before, to what is to be done. Pure.

use std::collections::BTreeMap;

use connector_domain::Sku;
use connector_ports::{Shelved, ShopPlace};

use super::wanted::{Field, Problem, Product, Wanted};
use crate::rules::{CatalogueRules, Owned};

/// What is to be done about a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The store shows what it should.
    Nothing,
    /// Nobody has looked yet whether the store has it.
    Find(Product),
    /// It is not in the store: it is created, hidden unless the rules say otherwise.
    Create(Product),
    /// Some fields are other than they should be.
    Change(Change),
    /// Nothing goes out; a person has to act.
    Hold(Problem),
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of which SKU.
    pub sku: Sku,
    /// Where it is.
    pub place: ShopPlace,
    /// What, and nothing else.
    pub fields: BTreeMap<Owned, Field>,
    /// What is only noted on the shelf: a person shows the product again.
    pub noted: BTreeMap<Owned, Field>,
    /// What a person should know although it goes out.
    pub flags: Vec<Problem>,
}

/// What is to be done about `sku`, of which the shelf knows `shelved`.
pub fn plan(sku: &Sku, wanted: Wanted, shelved: Option<&Shelved>, rules: &CatalogueRules) -> Step {
    let place = shelved.and_then(|shelved| shelved.place);
    match (wanted, place) {
        (Wanted::Held(problem), _) => Step::Hold(problem),
        (Wanted::Shown(product), None) => Step::Find(product),
        // What we never brought there is none of ours.
        (Wanted::LeftOut, None) => Step::Nothing,
        (Wanted::LeftOut, Some(place)) => {
            let hidden = BTreeMap::from([(Owned::Visible, Field::Flag(false))]);
            change(sku, place, hidden, Vec::new(), shelved, rules)
        }
        (Wanted::Shown(product), Some(place)) => {
            change(sku, place, product.fields, product.flags, shelved, rules)
        }
    }
}

fn change(
    sku: &Sku,
    place: ShopPlace,
    fields: BTreeMap<Owned, Field>,
    flags: Vec<Problem>,
    shelved: Option<&Shelved>,
    rules: &CatalogueRules,
) -> Step {
    let is = |field: Owned| shelved.and_then(|shelved| shelved.fields.get(field.as_str()));
    let differs = |(field, value): &(Owned, Field)| {
        let belongs = rules.owned.contains(field) && belongs_to(*field, place);
        belongs && is(*field) != Some(&value.shown())
    };
    // Where new products are hidden, a person shows them; one that was hidden with its part may never have been shown.
    let a_persons = |(field, value): &(Owned, Field)| {
        (field, value) == (&Owned::Visible, &Field::Flag(true)) && !rules.new.visible
    };
    let (noted, fields): (BTreeMap<_, _>, BTreeMap<_, _>) =
        fields.into_iter().filter(differs).partition(a_persons);
    if fields.is_empty() && noted.is_empty() {
        Step::Nothing
    } else {
        Step::Change(Change { sku: sku.clone(), place, fields, noted, flags })
    }
}

/// A variant has no name of its own, and is not shown or hidden alone: its product, which is the merchandiser's, is.
pub(super) const fn belongs_to(field: Owned, place: ShopPlace) -> bool {
    match field {
        Owned::Name | Owned::Visible => place.simple,
        Owned::Price | Owned::Weight | Owned::Upc => true,
    }
}

#[cfg(test)]
pub(crate) mod tests;
