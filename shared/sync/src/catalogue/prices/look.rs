//! What the store shows of sale prices and of its price lists, beside what was published.

use std::collections::{BTreeMap, BTreeSet};

use connector_bigcommerce::{BulkTier, PriceListId, PriceRecord, Product, TierKind, VariantId};
use connector_domain::{Money, Sku};
use connector_http::Class;
use connector_ports::{ShelfIssue, Shelved, ShopPlace};

use super::note::{Note, What};
use super::place::Lists;
use super::sale::SALE;
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::Problem;
use crate::catalogue::written::OF_A_LIST;
use crate::rules::Typed;

/// Of a price that is another in the store.
const EDITED: &str = "edited_in_shop";

/// Whether an issue tells of such a price.
pub(super) fn is_edited(issue: &ShelfIssue) -> bool {
    issue.reason.strip_prefix(OF_A_LIST) == Some(EDITED)
}

/// A price of which the store shows another than was published.
struct Edited {
    sku: Sku,
    code: String,
    /// On the shelf.
    field: String,
    should: String,
    /// `None`: there is none.
    shows: Option<String>,
}

impl Turn<'_> {
    /// Compares all prices of these SKUs with Kinetic, and those of sales and lists with the store as well, and publishes what differs. What
    /// somebody typed in the store is put right, or kept by rule and flagged. `products` are those that the SKUs are of.
    pub(in crate::catalogue) async fn reprice_beside_the_store(
        &self,
        skus: &[Sku],
        products: &[Product],
    ) -> Result<usize, Halt> {
        let records = self.on.shelf.get(&self.connected.id, skus).await?;
        let mut edited = self.edited_sales(&records, products);
        edited.extend(self.edited_records(&records).await?);
        let codes = self.connected.rules.prices.codes();
        self.take_flags_back(&records, &edited, &codes).await?;
        if self.connected.rules.sweep.typed == Typed::Keep {
            let sent = self.reprice(skus).await?;
            self.flag_edited(edited).await?;
            return Ok(sent);
        }
        self.believe(&edited, records).await?;
        self.reprice(skus).await
    }

    /// The same for SKUs of which the store told that their products changed, as far as the products show it: a list does not tell of itself.
    pub(in crate::catalogue) async fn reprice_edited(
        &self,
        records: BTreeMap<Sku, Shelved>,
        products: &[Product],
    ) -> Result<usize, Halt> {
        let edited = self.edited_sales(&records, products);
        let codes: BTreeSet<&str> = self.connected.rules.prices.sale.as_deref().into_iter().collect();
        self.take_flags_back(&records, &edited, &codes).await?;
        if edited.is_empty() {
            return Ok(0);
        }
        if self.connected.rules.sweep.typed == Typed::Keep {
            self.flag_edited(edited).await?;
            return Ok(0);
        }
        let skus: Vec<Sku> = edited.iter().map(|edited| edited.sku.clone()).collect();
        self.believe(&edited, records).await?;
        self.reprice(&skus).await
    }

    /// Only those that were published: others are the merchandiser's.
    fn edited_sales(&self, records: &BTreeMap<Sku, Shelved>, products: &[Product]) -> Vec<Edited> {
        let Some(code) = &self.connected.rules.prices.sale else { return Vec::new() };
        let products: BTreeMap<u64, &Product> =
            products.iter().map(|product| (product.id.0, product)).collect();
        let one = |(sku, record): (&Sku, &Shelved)| {
            let (place, should) = (record.place?, record.fields.get(SALE)?);
            let shows = sale_of(products.get(&place.product)?, place)?;
            let shows = (shows != Money::ZERO).then(|| shows.decimal().normalize().to_string());
            (shows.as_ref() != Some(should)).then(|| Edited {
                sku: sku.clone(),
                code: code.clone(),
                field: SALE.to_owned(),
                should: should.clone(),
                shows,
            })
        };
        records.iter().filter_map(one).collect()
    }

    /// One call for each list and page of SKUs. A list that is not there any more is left to the job of prices.
    async fn edited_records(&self, records: &BTreeMap<Sku, Shelved>) -> Result<Vec<Edited>, Halt> {
        let mut edited = Vec::new();
        let codes = &self.connected.rules.prices.lists;
        if codes.is_empty() {
            return Ok(edited);
        }
        let Lists { shop, .. } = self.known_lists().await?;
        for (code, list) in codes.keys().filter_map(|code| Some((code, *shop.get(code)?))) {
            let (field, begins) = (format!("list/{code}"), format!("{list}: "));
            let published: Vec<(&Sku, u64, &String)> = records
                .iter()
                .filter_map(|(sku, record)| Some((sku, record.place?.variant, record.fields.get(&field)?)))
                .filter(|(_, _, should)| should.starts_with(&begins))
                .collect();
            let variants: Vec<VariantId> =
                published.iter().map(|(_, variant, _)| VariantId(*variant)).collect();
            self.on_time()?;
            let lists = self.connected.shop.price_lists();
            let there = match lists.records_of(PriceListId(list), &variants, self.deadline).await {
                Ok(there) => there,
                Err(error) if error.class == Class::NotFound => {
                    let connection = &self.connected.id;
                    tracing::warn!(%connection, list = code, "the store's price list for {code} of {connection} is not there any more; it is made again");
                    self.forget_lists(&BTreeSet::from([code.clone()])).await?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let there: BTreeMap<(u64, &str), &PriceRecord> = there
                .iter()
                .map(|record| ((record.variant_id.0, record.currency.as_str()), record))
                .collect();
            for (sku, variant, should) in published {
                let currency = should.split_whitespace().nth(1).unwrap_or_default();
                let shows = there.get(&(variant, currency)).map(|record| shown(list, record));
                if shows.as_ref() != Some(should) {
                    let (sku, code, field) = (sku.clone(), code.clone(), field.clone());
                    edited.push(Edited { sku, code, field, should: should.clone(), shows });
                }
            }
        }
        Ok(edited)
    }

    /// What the store shows stands on the shelf from now on: what differs from Kinetic then goes out, and the trail says what stood there.
    async fn believe(&self, edited: &[Edited], mut records: BTreeMap<Sku, Shelved>) -> Result<(), Halt> {
        records.retain(|sku, _| edited.iter().any(|edited| edited.sku == *sku));
        for Edited { sku, field, shows, .. } in edited {
            let Some(record) = records.get_mut(sku) else { continue };
            match shows {
                Some(shows) => record.fields.insert(field.clone(), shows.clone()),
                None => record.fields.remove(field),
            };
        }
        let records: Vec<(Sku, Shelved)> = records.into_iter().collect();
        if records.is_empty() {
            return Ok(());
        }
        Ok(self.on.shelf.put(&self.connected.id, &records, &[]).await?)
    }

    /// What was another in the store and is not any more, on these lists.
    async fn take_flags_back(
        &self,
        records: &BTreeMap<Sku, Shelved>,
        edited: &[Edited],
        codes: &BTreeSet<&str>,
    ) -> Result<(), Halt> {
        let flagged = records.iter().filter(|(_, record)| record.issue.as_ref().is_some_and(is_edited));
        let pairs = flagged.flat_map(|(sku, _)| codes.iter().map(move |code| (sku, *code)));
        let right = pairs
            .filter(|(sku, code)| !edited.iter().any(|edited| edited.sku == **sku && edited.code == *code));
        let note = |(sku, code): (&Sku, &str)| {
            let what = What::AtRest { flags: Vec::new() };
            Note { sku: sku.clone(), code: code.to_owned(), what, revision: None }
        };
        self.note(right.map(note).collect()).await.map(drop)
    }

    /// Tells of what is still as it was read.
    async fn flag_edited(&self, edited: Vec<Edited>) -> Result<(), Halt> {
        let skus: Vec<Sku> = edited.iter().map(|edited| edited.sku.clone()).collect();
        let records = self.on.shelf.get(&self.connected.id, &skus).await?;
        let stays = |edited: &Edited| {
            let field = records.get(&edited.sku).and_then(|record| record.fields.get(&edited.field));
            field == Some(&edited.should)
        };
        let note = |Edited { sku, code, should, shows, .. }: Edited| {
            let words = format!(
                "the price of \"{sku}\" was changed in the store and is left so: it is \"{}\" there and \"{should}\" by Kinetic; correct one of them",
                shows.as_deref().unwrap_or("nothing")
            );
            let flags = Vec::from([Problem { reason: EDITED, words }]);
            Note { sku, code, what: What::AtRest { flags }, revision: None }
        };
        self.note(edited.into_iter().filter(stays).map(note).collect()).await.map(drop)
    }
}

/// The sale price, 0 if there is none; `None` if the SKU's variant is not there any more.
fn sale_of(product: &Product, place: ShopPlace) -> Option<Money> {
    let sale = if place.simple {
        product.sale_price
    } else {
        product.variants.iter().find(|variant| variant.id.0 == place.variant)?.sale_price
    };
    Some(sale.unwrap_or(Money::ZERO))
}

/// A price and its breaks as they stand on the shelf. What is no fixed price is none of ours, so its kind is told.
fn shown(list: u64, record: &PriceRecord) -> String {
    let amount = |money: Money| money.decimal().normalize().to_string();
    let mut tiers: Vec<&BulkTier> = record.bulk_pricing_tiers.iter().collect();
    tiers.sort_by_key(|tier| tier.quantity_min);
    let tier = |tier: &BulkTier| match &tier.kind {
        TierKind::Fixed => format!(", {}+ {}", tier.quantity_min, amount(tier.amount)),
        kind @ (TierKind::Price | TierKind::Percent | TierKind::Other(_)) => {
            format!(", {}+ {} {}", tier.quantity_min, kind.word(), amount(tier.amount))
        }
    };
    let price = record.price.map_or_else(|| "no price".to_owned(), amount);
    format!("{list}: {} {price}{}", record.currency, tiers.into_iter().map(tier).collect::<String>())
}
