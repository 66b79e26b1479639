//! What lies where, and the adjustments that were accepted and wait to be applied.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::taken::Taken;
use crate::bigcommerce::{LevelCounts, Product, Tracking, Variant};

/// The most pieces that one location can hold of an item.
pub(crate) const MAXIMUM: i64 = 2_147_483_647;

/// What stock is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    Product(u64),
    Variant(u64),
}

/// The item that a variant's stock is counted for; that of a simple product is always the product.
pub(crate) fn item_of(product: &Product, variant_id: u64) -> Item {
    if product.inventory_tracking == Tracking::Variant && product.base_variant_id().is_none() {
        Item::Variant(variant_id)
    } else {
        Item::Product(product.id)
    }
}

/// Somewhere that stock lies.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    pub(crate) id: u64,
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) enabled: bool,
    pub(crate) created: Timestamp,
}

/// The stock of one item at one location, and its settings there.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) on_hand: i64,
    pub(crate) safety: i64,
    pub(crate) in_stock: bool,
    pub(crate) warning: i64,
    pub(crate) bin: String,
    /// Whether it was ever set absolutely, without which nothing relative is taken.
    pub(crate) counted: bool,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { on_hand: 0, safety: 0, in_stock: true, warning: 0, bin: String::new(), counted: false }
    }
}

impl Shelf {
    /// What is on hand beyond the safety stock.
    pub(crate) fn sellable(&self) -> i64 {
        self.on_hand.saturating_sub(self.safety)
    }
}

/// New settings of a shelf; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) safety: Option<i64>,
    pub(crate) in_stock: Option<bool>,
    pub(crate) warning: Option<i64>,
    pub(crate) bin: Option<String>,
}

/// What happens to a shelf.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Absolute(i64),
    Relative(i64),
    Settings(Settings),
}

/// One change of one shelf.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    pub(crate) item: Item,
    pub(crate) location: u64,
    pub(crate) what: What,
}

/// Locations, shelves, and what waits.
#[derive(Debug)]
pub(crate) struct Inventory {
    pub(crate) locations: BTreeMap<u64, Location>,
    shelves: BTreeMap<(Item, u64), Shelf>,
    waiting: VecDeque<(Timestamp, Vec<Move>)>,
    accepted: u64,
    /// What each order took.
    pub(crate) taken: BTreeMap<u64, Taken>,
}

impl Default for Inventory {
    fn default() -> Self {
        let first = Location {
            id: 1,
            code: "BC-LOCATION-1".to_owned(),
            label: "Default location".to_owned(),
            enabled: true,
            created: Timestamp::UNIX_EPOCH,
        };
        Self {
            locations: BTreeMap::from([(1, first)]),
            shelves: BTreeMap::new(),
            waiting: VecDeque::new(),
            accepted: 0,
            taken: BTreeMap::new(),
        }
    }
}

impl Inventory {
    /// The location that orders take from and the catalogue writes to.
    pub(crate) fn default_location(&self) -> u64 {
        self.locations.keys().next().copied().unwrap_or(1)
    }

    pub(crate) fn add_location(&mut self, code: &str, label: &str, now: Timestamp) -> u64 {
        let id = self.locations.last_key_value().map_or(1, |(last, _)| last.saturating_add(1));
        let (code, label) = (code.to_owned(), label.to_owned());
        self.locations.insert(id, Location { id, code, label, enabled: true, created: now });
        id
    }

    pub(crate) fn shelf(&self, item: Item, location: u64) -> Option<&Shelf> {
        self.shelves.get(&(item, location))
    }

    /// What can be sold of an item.
    pub(crate) fn level(&self, item: Item, counts: LevelCounts) -> i64 {
        let at = |id: u64| self.shelf(item, id).map_or(0, Shelf::sellable);
        match counts {
            LevelCounts::DefaultLocation => at(self.default_location()),
            LevelCounts::AllLocations => {
                let enabled = self.locations.values().filter(|location| location.enabled);
                enabled.map(|location| at(location.id)).sum()
            }
        }
    }

    /// Accepts changes, to be applied at `due` and never before those accepted earlier; answers the transaction.
    pub(crate) fn accept(&mut self, moves: Vec<Move>, due: Timestamp) -> String {
        let due = self.waiting.back().map_or(due, |(last, _)| due.max(*last));
        self.waiting.push_back((due, moves));
        self.accepted += 1;
        format!("{:08x}-0000-4000-8000-{:012x}", self.accepted, self.accepted)
    }

    /// Takes out what is due, the oldest first.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Vec<Move>)> {
        if self.waiting.front().is_some_and(|(due, _)| *due <= now) { self.waiting.pop_front() } else { None }
    }

    /// How many accepted requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Applies one change; answers the shelf's stock if it changed or was set.
    pub(crate) fn apply(&mut self, one: &Move, may_oversell: bool) -> Option<i64> {
        let place = self.shelves.entry((one.item, one.location)).or_default();
        match &one.what {
            What::Absolute(quantity) if *quantity > MAXIMUM => None,
            What::Absolute(quantity) => {
                place.on_hand = *quantity;
                place.counted = true;
                Some(place.on_hand)
            }
            What::Relative(by) => {
                let after = place.on_hand.saturating_add(*by);
                let below = *by < 0 && after < place.safety && !may_oversell;
                if below || after > MAXIMUM {
                    return None;
                }
                place.on_hand = after;
                Some(after)
            }
            What::Settings(settings) => {
                place.safety = settings.safety.unwrap_or(place.safety);
                place.in_stock = settings.in_stock.unwrap_or(place.in_stock);
                place.warning = settings.warning.unwrap_or(place.warning);
                if let Some(bin) = &settings.bin {
                    place.bin.clone_from(bin);
                }
                None
            }
        }
    }

    /// Forgets the shelves of a product that is gone.
    pub(crate) fn forget(&mut self, product: &Product) {
        let items = product.variants.iter().map(|variant| Item::Variant(variant.id));
        for item in items.chain([Item::Product(product.id)]) {
            for location in self.locations.keys() {
                self.shelves.remove(&(item, *location));
            }
        }
    }
}

/// What the catalogue says of stock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) counts: LevelCounts,
}

impl Levels<'_> {
    pub(crate) fn of_product(&self, product: &Product) -> i64 {
        match product.inventory_tracking {
            Tracking::None => 0,
            Tracking::Product => self.inventory.level(Item::Product(product.id), self.counts),
            Tracking::Variant => {
                let items = product.variants.iter().map(|variant| item_of(product, variant.id));
                items.map(|item| self.inventory.level(item, self.counts)).sum()
            }
        }
    }

    pub(crate) fn of_variant(&self, product: &Product, variant: &Variant) -> i64 {
        match product.inventory_tracking {
            Tracking::None => 0,
            Tracking::Product | Tracking::Variant => {
                self.inventory.level(item_of(product, variant.id), self.counts)
            }
        }
    }
}
