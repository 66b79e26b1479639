//! The parts, each made from its number when it is asked for: nobody keeps them.

use std::sync::atomic::{AtomicU32, Ordering};

use rust_decimal::Decimal;

/// The store's number of the product with the lowest one.
const PRODUCTS: u64 = 100_000;

/// The store's number of the variant with the lowest one.
const VARIANTS: u64 = 500_000;

/// Revisions of one edition are below those of the next.
const REVISIONS: i64 = 100_000_000;

/// One in so many is a variant of a product, the others are products of their own.
const OF_A_PRODUCT: u32 = 5;

/// Breaks of a price list: from how many on, and how many hundredths less than the price.
pub(crate) const BREAKS: [(u32, u32); 3] = [(10, 5), (100, 10), (1_000, 20)];

/// So many parts, in the editions that somebody knows of their prices and their stock: Kinetic and the store the newest, the shelf those that
/// were published.
#[derive(Debug)]
pub(crate) struct Goods {
    pub(crate) parts: u32,
    prices: AtomicU32,
    stock: AtomicU32,
}

/// One part in its editions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Good {
    pub(crate) number: u32,
    parts: u32,
    prices: u32,
    stock: u32,
}

impl Goods {
    pub(crate) fn new(parts: u32) -> Self {
        Self { parts, prices: AtomicU32::new(1), stock: AtomicU32::new(1) }
    }

    /// Every price is another from now on.
    pub(crate) fn reprice(&self) {
        self.prices.fetch_add(1, Ordering::Relaxed);
    }

    /// Every level of stock is another from now on.
    pub(crate) fn restock(&self) {
        self.stock.fetch_add(1, Ordering::Relaxed);
    }

    /// The part with this number, from 1 on.
    pub(crate) fn get(&self, number: u32) -> Option<Good> {
        let is_one = (1..=self.parts).contains(&number);
        let (prices, stock) = (self.prices.load(Ordering::Relaxed), self.stock.load(Ordering::Relaxed));
        is_one.then_some(Good { number, parts: self.parts, prices, stock })
    }

    /// Those behind this number, in their order.
    pub(crate) fn behind(&self, number: u32) -> impl ExactSizeIterator<Item = Good> {
        (number.min(self.parts)..self.parts).map(|before| self.get(before + 1).unwrap())
    }

    /// How many parts, or rows of both lists, have a revision up to this one.
    pub(crate) fn priced_up_to(&self, revision: i64) -> u32 {
        rows_up_to(revision, self.prices.load(Ordering::Relaxed))
    }

    /// How many rows of stock have.
    pub(crate) fn stocked_up_to(&self, revision: i64) -> u32 {
        rows_up_to(revision, self.stock.load(Ordering::Relaxed))
    }

    pub(crate) fn by_sku(&self, sku: &str) -> Option<Good> {
        self.get(number_of(sku)?)
    }

    pub(crate) fn by_product(&self, product: u64) -> Option<Good> {
        self.get(u32::try_from(product.checked_sub(PRODUCTS)?).ok()?)
    }

    pub(crate) fn by_variant(&self, variant: u64) -> Option<Good> {
        self.get(u32::try_from(variant.checked_sub(VARIANTS)?).ok()?)
    }
}

impl Good {
    pub(crate) fn sku(self) -> String {
        format!("P-{:06}", self.number)
    }

    pub(crate) fn description(self) -> String {
        format!("Hex head cap screw, stainless A2, DIN 933, M8 x {}", self.number)
    }

    /// As the rules make it.
    pub(crate) fn name(self) -> String {
        format!("{} ({})", self.description(), self.sku())
    }

    pub(crate) fn upc(self) -> String {
        format!("0{:011}", self.number)
    }

    pub(crate) fn product(self) -> u64 {
        PRODUCTS + u64::from(self.number)
    }

    pub(crate) fn variant(self) -> u64 {
        VARIANTS + u64::from(self.number)
    }

    pub(crate) const fn is_simple(self) -> bool {
        !self.number.is_multiple_of(OF_A_PRODUCT)
    }

    pub(crate) fn price(self) -> Decimal {
        Decimal::new(i64::from(1_000 + self.number % 900 + 7 * self.prices), 2).normalize()
    }

    /// From some quantity on.
    pub(crate) fn price_less(self, hundredths: u32) -> Decimal {
        (self.price() - Decimal::new(hundredths.into(), 2)).normalize()
    }

    /// In the warehouse and in the store.
    pub(crate) const fn level(self) -> u32 {
        self.number % 50 + 3 * self.stock
    }

    pub(crate) fn part_revision(self) -> i64 {
        i64::from(self.prices) * REVISIONS + i64::from(self.number)
    }

    pub(crate) fn stock_revision(self) -> i64 {
        i64::from(self.stock) * REVISIONS + i64::from(self.number)
    }

    /// Of its row on the list of base prices.
    pub(crate) fn base_revision(self) -> i64 {
        self.part_revision()
    }

    /// Of its row on the other list: all of those come behind all of the first.
    pub(crate) fn list_revision(self) -> i64 {
        self.part_revision() + i64::from(self.parts)
    }
}

/// In its edition each row has a revision of its own, one higher than the row before.
fn rows_up_to(revision: i64, edition: u32) -> u32 {
    u32::try_from((revision - i64::from(edition) * REVISIONS).max(0)).unwrap()
}

/// The number of the part with this SKU.
pub(crate) fn number_of(sku: &str) -> Option<u32> {
    sku.strip_prefix("P-")?.parse().ok()
}
