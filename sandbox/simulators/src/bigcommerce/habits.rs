//! What the documents leave open about catalogue, stock and price lists: a switch for each, which may be thrown while the
//! store runs.

use jiff::SignedDuration;

/// Which identity a stock adjustment may name (`docs/facts/bigcommerce.md` §6.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Identity {
    /// The one that the product is tracked by.
    #[default]
    Strict,
    /// A simple product by its SKU or its base variant too.
    Lenient,
}

/// When an order takes its pieces off the shelf (`docs/facts/bigcommerce.md` §6.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StockTaken {
    /// As soon as it is placed.
    #[default]
    Placed,
    /// When it is completed or shipped.
    CompletedOrShipped,
    /// Never.
    Never,
}

/// What `inventory_level` of the catalogue counts; the documents disagree (`docs/facts/bigcommerce.md` §6.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LevelCounts {
    /// What can be sold at all enabled locations.
    #[default]
    AllLocations,
    /// What can be sold at the default location.
    DefaultLocation,
}

/// The switches. [`BigCommerceSim::change_habits`](super::BigCommerceSim::change_habits) throws them.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "the switches do not depend on each other")]
pub struct Habits {
    /// Whether a product needs `categories` when it is created (the "V2 product experience").
    pub categories_required: bool,
    /// Whether the stock part of every catalogue write fails: 207, and the rest is saved.
    pub stock_part_fails: bool,
    /// More products than this are refused with 507.
    pub product_limit: Option<usize>,
    /// See [`LevelCounts`].
    pub level_counts: LevelCounts,
    /// See [`Identity`].
    pub identity: Identity,
    /// Whether a quantity above the maximum is refused with 422; otherwise it is accepted and not saved.
    pub above_maximum_refused: bool,
    /// Whether `GET /v3/inventory/items` shows products that are not tracked.
    pub untracked_listed: bool,
    /// So long after it was accepted an adjustment is applied.
    pub stock_lag: SignedDuration,
    /// See [`StockTaken`].
    pub stock_taken: StockTaken,
    /// Whether a cancelled or refunded order puts its pieces back (`refund_order_stock_adjustment`).
    pub cancel_restocks: bool,
    /// Whether an edited order changes what it took (`edit_order_stock_adjustment`).
    pub edit_restocks: bool,
    /// So many upserts of price records may run at once in a store.
    pub price_record_writers: u32,
    /// Whether one bad price record keeps the good ones of its batch from being saved.
    pub price_records_strict: bool,
    /// A path with its query that is longer than so many bytes is refused with 414.
    pub longest_url: Option<usize>,
    /// Whether a bulk write of stock beside one of the catalogue is refused with 429.
    pub bulk_beside_refused: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            categories_required: false,
            stock_part_fails: false,
            product_limit: None,
            level_counts: LevelCounts::default(),
            identity: Identity::default(),
            above_maximum_refused: false,
            untracked_listed: true,
            stock_lag: SignedDuration::ZERO,
            stock_taken: StockTaken::default(),
            cancel_restocks: true,
            edit_restocks: true,
            price_record_writers: 1,
            price_records_strict: false,
            longest_url: None,
            bulk_beside_refused: true,
        }
    }
}
