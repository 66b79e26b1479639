//! A page of parts goes out: found in the store or created, changed where it differs, and written down.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use connector_bigcommerce::{
    Batch, CHANNEL_ASSIGNMENTS, ChannelAssignment, ChannelId, ChannelsAssigned, Created, DuplicateOf,
    InventoryTracking, Measure, NewProduct, PRODUCTS, Product as ShopProduct, ProductChange, ProductFields,
    ProductId, ProductKind, ProductsUpdated, Refusal, VARIANTS, VariantChange, VariantId, VariantsUpdated,
};
use connector_domain::{Deadline, Money, Sku, Timestamp};
use connector_kinetic::PartRow;
use connector_ports::{Published, ShelfIssue, Shelved, ShopPlace};

use super::halves::Halves;
use super::parts::{Catalogue, Halt};
use super::plan::{Change, Step, plan};
use super::wanted::{Field, Problem, Product, wanted};
use crate::connected::Connected;
use crate::rules::Owned;

/// The set whose revision stands on the shelf.
const SET: &str = "Parts";

/// So many products are created before they are written down.
const CREATED: usize = 10;

/// One page on its way.
pub(super) struct Publishing<'a> {
    pub(super) on: Catalogue<'a>,
    pub(super) connected: &'a Connected,
    pub(super) deadline: Deadline,
}

/// What the shelf will say of some SKUs.
#[derive(Default)]
struct Written {
    records: Vec<(Sku, Shelved)>,
    changes: Vec<Published>,
}

impl Publishing<'_> {
    /// Publishes these parts, and says how many fields the store has taken.
    pub(super) async fn page(&self, parts: &[PartRow]) -> Result<usize, Halt> {
        let rules = &self.connected.rules.catalogue;
        let skus: Vec<Sku> = parts.iter().map(|part| Sku(part.part_num.clone())).collect();
        let mut shelf = self.on.shelf.get(&self.connected.id, &skus).await?;
        let revisions: BTreeMap<Sku, i64> =
            skus.iter().cloned().zip(parts.iter().map(|part| part.revision.0)).collect();
        let mut steps = Vec::new();
        let mut to_find = Vec::new();
        for (part, sku) in parts.iter().zip(&skus) {
            match plan(sku, wanted(part, rules), shelf.get(sku), rules) {
                Step::Find(product) => to_find.push(product),
                step => steps.push((sku.clone(), step)),
            }
        }
        for found in self.find(to_find).await? {
            let (sku, step) = match found {
                Found::Nowhere(product) => (product.sku.clone(), Step::Create(product)),
                Found::Unclear(sku, problem) => (sku, Step::Hold(problem)),
                Found::Here(mut product, shelved) => {
                    let sku = product.sku.clone();
                    product.flags.extend(shelved.flag);
                    let step =
                        plan(&sku, super::wanted::Wanted::Shown(product), Some(&shelved.record), rules);
                    shelf.insert(sku.clone(), shelved.record);
                    (sku, step)
                }
            };
            steps.push((sku, step));
        }
        self.carry_out(steps, &shelf, &revisions).await
    }

    async fn carry_out(
        &self,
        steps: Vec<(Sku, Step)>,
        shelf: &BTreeMap<Sku, Shelved>,
        revisions: &BTreeMap<Sku, i64>,
    ) -> Result<usize, Halt> {
        let (mut products, mut variants, mut new) = (Vec::new(), Vec::new(), Vec::new());
        let mut at_rest = Written::default();
        for (sku, step) in steps {
            match step {
                // What was found in the store and is as it should be is known from now on.
                Step::Nothing => at_rest.rest(&sku, shelf.get(&sku), revisions.get(&sku).copied()),
                Step::Hold(problem) => self.hold(&mut at_rest, &sku, shelf.get(&sku), &problem),
                Step::Find(product) | Step::Create(product) => new.push(product),
                Step::Change(change) if change.place.simple => products.push(change),
                Step::Change(change) => variants.push(change),
            }
        }
        self.keep(at_rest).await?;
        let on = Shelf { shelf, revisions };
        Ok(self.create(new, on).await?
            + self.change_products(products, on).await?
            + self.change_variants(variants, on).await?)
    }

    async fn create(&self, new: Vec<Product>, on: Shelf<'_>) -> Result<usize, Halt> {
        let mut published = 0;
        for some in new.chunks(CREATED) {
            let mut written = Written::default();
            let mut placed = Vec::new();
            for product in some {
                if !self.on_time() {
                    break;
                }
                let asked = self.new_product(product);
                let created = self.connected.shop.catalog().create(&asked, self.deadline).await;
                // What was created before it is written down, whatever became of this one.
                let created = match created {
                    Ok(created) => created,
                    Err(error) => {
                        self.assign(&placed).await?;
                        self.keep(written).await?;
                        return Err(error.into());
                    }
                };
                let sku = &product.sku;
                match created {
                    Created::Whole(made) => {
                        published += self.made(
                            &mut written,
                            &mut placed,
                            product,
                            (made.id, made.base_variant_id),
                            None,
                            on,
                        );
                    }
                    Created::Partly { product: made, words } => {
                        let words =
                            format!("the product of \"{sku}\" was created, and not all of it: {words}");
                        let flag = Problem { reason: "partly_created", words };
                        published += self.made(
                            &mut written,
                            &mut placed,
                            product,
                            (made.id, made.base_variant_id),
                            Some(flag),
                            on,
                        );
                    }
                    Created::Duplicate(of, refusal) => {
                        self.hold(&mut written, sku, on.shelf.get(sku), &duplicate(sku, of, &refusal));
                    }
                    Created::Refused(refusal) => {
                        self.hold(&mut written, sku, on.shelf.get(sku), &refused(sku, &refusal.to_string()));
                    }
                }
            }
            self.assign(&placed).await?;
            self.keep(written).await?;
            if !self.on_time() {
                return Err(Halt::Time);
            }
        }
        Ok(published)
    }

    fn new_product(&self, product: &Product) -> NewProduct {
        let rules = &self.connected.rules.catalogue;
        let text = |field| match product.fields.get(&field) {
            Some(Field::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let number = |field| match product.fields.get(&field) {
            Some(Field::Number(number)) => *number,
            _ => rust_decimal::Decimal::ZERO,
        };
        let sold = product.fields.get(&Owned::Visible) != Some(&Field::Flag(false));
        let fields = ProductFields {
            sku: Some(product.sku.clone()),
            categories: (!rules.new.categories.is_empty()).then(|| rules.new.categories.clone()),
            upc: Some(text(Owned::Upc)).filter(|upc| !upc.is_empty()),
            is_visible: Some(rules.new.visible && sold),
            inventory_tracking: Some(InventoryTracking::Product),
            ..ProductFields::default()
        };
        NewProduct::new(
            ProductKind::Physical,
            text(Owned::Name),
            Measure(number(Owned::Weight)),
            Money::new(number(Owned::Price)),
            fields,
        )
    }

    fn made(
        &self,
        written: &mut Written,
        placed: &mut Vec<ProductId>,
        product: &Product,
        (id, base): (ProductId, Option<VariantId>),
        flag: Option<Problem>,
        on: Shelf<'_>,
    ) -> usize {
        placed.push(id);
        // Without its variant it is found anew at the next reading.
        let place = base.map(|base| ShopPlace { product: id.0, variant: base.0, simple: true });
        let record = Shelved { place, ..Shelved::default() };
        let mut flags = product.flags.clone();
        flags.extend(flag);
        let mut fields = product.fields.clone();
        if !self.connected.rules.catalogue.new.visible {
            // It is hidden until a person shows it, which the part's flags must not undo: what was published is what they say.
            fields.remove(&Owned::Visible);
        }
        let mut count = written.change(
            &product.sku,
            &record,
            &fields,
            on.revisions.get(&product.sku).copied(),
            self.on.now(),
        );
        if let (false, Some(Field::Flag(sold))) =
            (self.connected.rules.catalogue.new.visible, product.fields.get(&Owned::Visible))
        {
            written.note(&product.sku, Owned::Visible, sold.to_string());
            count += 1;
        }
        written.flag(&product.sku, &flags, self.on.now(), None);
        count
    }

    /// New products in their channels; one that is there already stays.
    async fn assign(&self, products: &[ProductId]) -> Result<(), Halt> {
        let channels = &self.connected.rules.catalogue.new.channels;
        let all: Vec<ChannelAssignment> = products
            .iter()
            .flat_map(|product| {
                channels.iter().map(|channel| ChannelAssignment {
                    product_id: *product,
                    channel_id: ChannelId(*channel),
                })
            })
            .collect();
        for batch in Batch::<_, CHANNEL_ASSIGNMENTS>::all(&all) {
            let connection = &self.connected.id;
            match self.connected.shop.catalog().assign_channels(batch, self.deadline).await? {
                ChannelsAssigned::Whole => {}
                ChannelsAssigned::Refused(refusal) => {
                    tracing::error!(%connection, "new products of {connection} could not be put into the channels of catalogue.channels: {refusal}");
                }
                ChannelsAssigned::TooLarge(words) => {
                    tracing::error!(%connection, "new products of {connection} could not be put into the channels of catalogue.channels: {words}");
                }
            }
        }
        Ok(())
    }

    async fn change_products(&self, changes: Vec<Change>, on: Shelf<'_>) -> Result<usize, Halt> {
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

    async fn change_variants(&self, changes: Vec<Change>, on: Shelf<'_>) -> Result<usize, Halt> {
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
        on: Shelf<'_>,
    ) -> Result<usize, Halt> {
        let (mut written, mut published) = (Written::default(), 0);
        if let Some(words) = refusal {
            if let Some(change) = halves.refused(batch).and_then(|row| changes.get(row)) {
                let problem = if words.to_lowercase().contains("name is a duplicate") {
                    duplicate_name(&change.sku, &words)
                } else {
                    refused(&change.sku, &words)
                };
                self.hold(&mut written, &change.sku, on.shelf.get(&change.sku), &problem);
            }
        } else {
            for change in changes.get(batch).into_iter().flatten() {
                let known = on.shelf.get(&change.sku).cloned().unwrap_or_default();
                let record = Shelved { place: Some(change.place), ..known.clone() };
                let revision = on.revisions.get(&change.sku).copied();
                published += written.change(&change.sku, &record, &change.fields, revision, self.on.now());
                written.flag(&change.sku, &change.flags, self.on.now(), known.issue.as_ref());
            }
        }
        self.keep(written).await?;
        Ok(published)
    }

    /// Nothing of the SKU goes out; what is on the shelf of it stays.
    fn hold(&self, written: &mut Written, sku: &Sku, known: Option<&Shelved>, problem: &Problem) {
        let known = known.cloned().unwrap_or_default();
        let since = since(known.issue.as_ref(), problem.reason, self.on.now());
        if known.issue.as_ref().is_none_or(|issue| issue.reason != problem.reason) {
            let connection = &self.connected.id;
            tracing::warn!(%connection, %sku, reason = problem.reason, "{sku} of {connection} is not published: {}", problem.words);
        }
        let issue = ShelfIssue {
            reason: problem.reason.to_owned(),
            words: problem.words.clone(),
            since,
            flagged_only: false,
        };
        if known.issue.as_ref() != Some(&issue) {
            written.records.push((sku.clone(), Shelved { issue: Some(issue), ..known }));
        }
    }

    async fn keep(&self, written: Written) -> Result<(), Halt> {
        if written.records.is_empty() && written.changes.is_empty() {
            return Ok(());
        }
        Ok(self.on.shelf.put(&self.connected.id, &written.records, &written.changes).await?)
    }

    fn on_time(&self) -> bool {
        self.deadline.fits(self.on.clock(), super::parts::AT_LEAST)
    }
}

/// What is known before a page goes out.
#[derive(Clone, Copy)]
struct Shelf<'a> {
    shelf: &'a BTreeMap<Sku, Shelved>,
    revisions: &'a BTreeMap<Sku, i64>,
}

impl Written {
    /// Nothing had to be done: what stood in its way does not any more, and what was found is kept.
    fn rest(&mut self, sku: &Sku, known: Option<&Shelved>, revision: Option<i64>) {
        let Some(known) = known else { return };
        let found_now = known.revisions.is_empty();
        let held = known.issue.as_ref().is_some_and(|issue| !issue.flagged_only);
        if found_now || held || known.dirty {
            let mut record = Shelved { issue: None, dirty: false, ..known.clone() };
            record.revisions.extend(revision.map(|revision| (SET.to_owned(), revision)));
            self.records.push((sku.clone(), record));
        }
    }

    /// The store has taken these fields; says how many.
    fn change(
        &mut self,
        sku: &Sku,
        known: &Shelved,
        fields: &BTreeMap<Owned, Field>,
        revision: Option<i64>,
        at: Timestamp,
    ) -> usize {
        let mut record = Shelved { issue: None, dirty: false, ..known.clone() };
        record.revisions.extend(revision.map(|revision| (SET.to_owned(), revision)));
        for (field, value) in fields {
            let (field, new) = (field.as_str().to_owned(), value.shown());
            let old = record.fields.insert(field.clone(), new.clone());
            self.changes.push(Published { sku: sku.clone(), at, field, old, new: Some(new), revision });
        }
        self.records.push((sku.clone(), record));
        fields.len()
    }

    /// A field of the record that was just written is known to be so, without a change of its own.
    fn note(&mut self, sku: &Sku, field: Owned, value: String) {
        if let Some((_, record)) = self.records.iter_mut().rev().find(|(other, _)| other == sku) {
            record.fields.insert(field.as_str().to_owned(), value);
        }
    }

    /// What a person should know of the record that was just written.
    fn flag(&mut self, sku: &Sku, flags: &[Problem], now: Timestamp, before: Option<&ShelfIssue>) {
        let Some(first) = flags.first() else { return };
        let words = flags.iter().map(|flag| flag.words.as_str()).collect::<Vec<_>>().join("; ");
        let since = since(before, first.reason, now);
        if let Some((_, record)) = self.records.iter_mut().rev().find(|(other, _)| other == sku) {
            record.issue =
                Some(ShelfIssue { reason: first.reason.to_owned(), words, since, flagged_only: true });
        }
    }
}

fn since(before: Option<&ShelfIssue>, reason: &str, now: Timestamp) -> Timestamp {
    before.filter(|issue| issue.reason == reason).map_or(now, |issue| issue.since)
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

fn duplicate(sku: &Sku, of: DuplicateOf, refusal: &Refusal) -> Problem {
    match of {
        DuplicateOf::Name => duplicate_name(sku, &refusal.words),
        DuplicateOf::Sku => Problem {
            reason: "sku_taken",
            words: format!(
                "the store says that \"{sku}\" is taken, and shows nothing of that SKU ({}); look for it among deleted products and variants",
                refusal.words
            ),
        },
    }
}

fn duplicate_name(sku: &Sku, words: &str) -> Problem {
    Problem {
        reason: "duplicate_name",
        words: format!(
            "another product of the store has the name of \"{sku}\" ({words}); rename one of them, or let names end with the part's number (catalogue.name = \"description_and_part\")"
        ),
    }
}

fn refused(sku: &Sku, words: &str) -> Problem {
    Problem { reason: "shop_refused", words: format!("the store refused \"{sku}\": {words}") }
}

/// What the store has of a part.
enum Found {
    /// Nothing.
    Nowhere(Product),
    /// This, and what it shows now.
    Here(Product, Here),
    /// It cannot be said which.
    Unclear(Sku, Problem),
}

struct Here {
    record: Shelved,
    flag: Option<Problem>,
}

impl Publishing<'_> {
    /// Looks for these SKUs in the store: as products first, then as variants.
    async fn find(&self, products: Vec<Product>) -> Result<Vec<Found>, Halt> {
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
    let (place, spelled, fields) =
        match (own.get(&key).map(Vec::as_slice), variants.get(&key).map(Vec::as_slice)) {
            (Some([one]), _) => {
                let Some((place, fields)) = simple(one) else {
                    return several(product.sku, "a product with variants has it as its own");
                };
                (place, &one.sku, fields)
            }
            (None, Some([(sku, id, variant)])) => {
                let place = ShopPlace { product: id.0, variant: variant.0, simple: false };
                (place, sku, BTreeMap::new())
            }
            (None, Some(several_of_it)) if distinct(several_of_it) == 1 => match several_of_it.first() {
                Some((sku, id, variant)) => {
                    (ShopPlace { product: id.0, variant: variant.0, simple: false }, sku, BTreeMap::new())
                }
                None => return Found::Nowhere(product),
            },
            (Some([_, _, ..]), _) | (None, Some([_, _, ..])) => {
                return several(product.sku, "several products or variants have it");
            }
            (Some([]) | None, Some([]) | None) => return Found::Nowhere(product),
            (Some([]), Some(_)) => return Found::Nowhere(product),
        };
    let flag = (spelled.0 != product.sku.0).then(|| Problem {
        reason: "sku_case",
        words: format!("the store spells \"{}\" as \"{spelled}\"; they are taken for one, correct the spelling on one side", product.sku),
    });
    Found::Here(product, Here { record: Shelved { place: Some(place), fields, ..Shelved::default() }, flag })
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
    let base = product.base_variant_id.or_else(|| match product.variants.as_slice() {
        [only] => Some(only.id),
        _ => None,
    })?;
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
