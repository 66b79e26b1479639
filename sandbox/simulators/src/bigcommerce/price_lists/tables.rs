//! The tables of price lists.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::bigcommerce::Product;

/// A list.
#[derive(Debug, Clone)]
pub(crate) struct PriceList {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

/// What the amount of a quantity break means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierKind {
    /// The price of a piece.
    Fixed,
    /// So much off the price of a piece.
    Price,
    /// So many per cent off.
    Percent,
}

impl TierKind {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Price => "price",
            Self::Percent => "percent",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        [Self::Fixed, Self::Price, Self::Percent].into_iter().find(|one| one.wire() == text)
    }
}

/// A quantity break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// From so many pieces on.
    pub quantity_min: u64,
    /// Up to so many; `None` is without an end.
    pub quantity_max: Option<u64>,
    /// What `amount` means.
    pub kind: TierKind,
    /// Money or per cent.
    pub amount: Decimal,
}

/// The prices of one variant in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceRecord {
    /// The price.
    pub price: Option<Decimal>,
    /// The sale price.
    pub sale_price: Option<Decimal>,
    /// The manufacturer's price.
    pub retail_price: Option<Decimal>,
    /// The least advertised price.
    pub map_price: Option<Decimal>,
    /// Quantity breaks, the smallest first.
    pub bulk_pricing_tiers: Vec<Tier>,
    /// When it was made; the store fills it in.
    pub created: Timestamp,
    /// When it was last written; the store fills it in.
    pub modified: Timestamp,
}

/// Who gets a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) id: u64,
    pub(crate) list: u64,
    pub(crate) group: Option<u64>,
    pub(crate) channel: Option<u64>,
}

/// Variant and currency, in lower case: the key of a record in its list.
pub(crate) type Key = (u64, String);

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct PriceLists {
    pub(crate) lists: BTreeMap<u64, PriceList>,
    records: BTreeMap<u64, BTreeMap<Key, PriceRecord>>,
    pub(crate) assignments: BTreeMap<u64, Assignment>,
    last_list: u64,
    last_assignment: u64,
}

impl PriceLists {
    /// Whether another list has this name, whatever its case.
    pub(crate) fn is_taken(&self, name: &str, but: u64) -> bool {
        let name = name.to_lowercase();
        self.lists.values().any(|list| list.id != but && list.name.to_lowercase() == name)
    }

    /// Makes a list; `None` if the name is taken.
    pub(crate) fn create(&mut self, name: &str, active: bool, now: Timestamp) -> Option<u64> {
        if self.is_taken(name, 0) {
            return None;
        }
        self.last_list += 1;
        let id = self.last_list;
        let list = PriceList { id, name: name.to_owned(), active, created: now, modified: now };
        self.lists.insert(id, list);
        Some(id)
    }

    /// Deletes a list with its records and assignments.
    pub(crate) fn delete(&mut self, id: u64) -> bool {
        self.records.remove(&id);
        self.assignments.retain(|_, one| one.list != id);
        self.lists.remove(&id).is_some()
    }

    /// The records of a list.
    pub(crate) fn records(&self, list: u64) -> impl Iterator<Item = (&Key, &PriceRecord)> {
        self.records.get(&list).into_iter().flatten()
    }

    pub(crate) fn record(&self, list: u64, variant: u64, currency: &str) -> Option<&PriceRecord> {
        self.records.get(&list)?.get(&(variant, currency.to_lowercase()))
    }

    /// Writes a record; `true` if there was none.
    pub(crate) fn put(&mut self, list: u64, key: Key, mut record: PriceRecord, now: Timestamp) -> bool {
        let records = self.records.entry(list).or_default();
        let known = records.get(&key).map(|known| known.created);
        record.created = known.unwrap_or(now);
        record.modified = now;
        records.insert(key, record);
        known.is_none()
    }

    /// Deletes the records of a list that `dropped` says so of; answers their keys.
    pub(crate) fn drop_records(&mut self, list: u64, dropped: impl Fn(&Key) -> bool) -> Vec<Key> {
        let Some(records) = self.records.get_mut(&list) else { return Vec::new() };
        let gone: Vec<Key> = records.keys().filter(|key| dropped(key)).cloned().collect();
        records.retain(|key, _| !dropped(key));
        gone
    }

    /// Forgets the records of a product that is gone.
    pub(crate) fn forget(&mut self, product: &Product) {
        let gone: BTreeSet<u64> = product.variants.iter().map(|variant| variant.id).collect();
        for records in self.records.values_mut() {
            for variant in &gone {
                let keys =
                    records.range((*variant, String::new())..(variant.saturating_add(1), String::new()));
                let keys: Vec<Key> = keys.map(|(key, _)| key.clone()).collect();
                for key in keys {
                    records.remove(&key);
                }
            }
        }
    }

    /// Gives a list to a group, a channel or both; what the two had before is replaced.
    pub(crate) fn assign(&mut self, list: u64, group: Option<u64>, channel: Option<u64>) -> Assignment {
        let known = self.assigned(group, channel).map(|one| one.id);
        let id = known.unwrap_or_else(|| {
            self.last_assignment += 1;
            self.last_assignment
        });
        let one = Assignment { id, list, group, channel };
        self.assignments.insert(id, one.clone());
        one
    }

    /// The assignment of exactly this group and channel.
    pub(crate) fn assigned(&self, group: Option<u64>, channel: Option<u64>) -> Option<&Assignment> {
        self.assignments.values().find(|one| one.group == group && one.channel == channel)
    }
}
