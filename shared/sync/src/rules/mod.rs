//! The rules of one connection: one TOML, read strictly, every problem reported at once.
//!
//! `docs/rules.md` explains each setting; `docs/rules.example.toml` is read by a test.

mod catalogue;
mod customers;
mod file;
mod neighbours;
mod prices;
mod read;
mod statuses;
mod stock;
mod sweep;

use std::collections::BTreeMap;
use std::time::Duration;

use connector_bigcommerce::OrderStatus;
use connector_bigcommerce::webhook::VerifyPolicy;
use connector_domain::{CountryCode, CurrencyCode, Money, Sku, Text};
use connector_kinetic::Anchor;
use jiff::tz::TimeZone;
use url::Url;

pub use catalogue::{
    CatalogueRules, Changes, Gone, InexactPrice, NameRule, NewProductRules, Owned, PartRules, Weight,
    WeightRule,
};
pub use customers::{GuestRule, LookAlikeRule};
pub(crate) use neighbours::company;
pub use neighbours::{Neighbour, clashes};
pub(crate) use prices::only;
pub use prices::{ListPricePer, PriceRules, WithoutPrice};
pub use read::Problems;
pub use statuses::{Meaning, STATUSES, Status, status_key};
pub use stock::{Formula, StockRules, Unstocked};
pub use sweep::{SweepRules, Typed};

/// Everything an owner can decide about a connection.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How orders are named, dated and queued.
    pub orders: OrderRules,
    /// What each status means.
    pub statuses: BTreeMap<OrderStatus, Meaning>,
    /// Which customer guests' orders are written to.
    pub guests: GuestRule,
    /// How registered shoppers become customers.
    pub shoppers: ShopperRules,
    /// SKUs that are spelled otherwise in Kinetic.
    pub aliases: BTreeMap<Sku, Text<50>>,
    /// How discounts are carried.
    pub discounts: DiscountRule,
    /// Which miscellaneous charge stands for what.
    pub charges: ChargeCodes,
    /// Who calculates tax.
    pub tax: TaxRule,
    /// Shipping method → `ShipViaCode`.
    pub ship_via: CodeMap,
    /// Payment method → `TermsCode`.
    pub terms: CodeMap,
    /// ISO country → `Country.CountryNum`.
    pub countries: BTreeMap<CountryCode, i32>,
    /// Which proofs a webhook must bring.
    pub webhooks: VerifyPolicy,
    /// Where the store is to deliver them.
    pub hooks: HookRules,
    /// How this Kinetic wants to be treated.
    pub kinetic: KineticRules,
    /// How orders are looked for that no webhook told of.
    pub poll: PollRules,
    /// What of Kinetic the store shows.
    pub catalogue: CatalogueRules,
    /// Which price lists of Kinetic the store shows.
    pub prices: PriceRules,
    /// How much of each part the store offers, and where.
    pub stock: StockRules,
    /// How the store is compared with what it should have.
    pub sweep: SweepRules,
    /// The share of the store's request quota that orders may spend, in percent.
    pub quota_share: u8,
}

/// How orders are named, dated and queued.
#[derive(Debug, Clone)]
pub struct OrderRules {
    /// Goes before the order id in the external reference.
    pub prefix: String,
    /// The `OrderHed` column that keeps the reference.
    pub anchor: Anchor,
    /// The plant's time zone: a Kinetic date is its calendar day.
    pub time_zone: TimeZone,
    /// The only currency orders may have.
    pub currency: CurrencyCode,
    /// How Kinetic spells it in `CurrencyCode`.
    pub kinetic_currency: String,
    /// `RequestDate` is so many days after the order's.
    pub ship_after_days: u32,
    /// `NeedByDate` is so many days after the order's.
    pub need_by_days: u32,
    /// How many orders may be written to this Kinetic at once.
    pub writers: u32,
    /// What Kinetic's warnings of a customer's credit lead to.
    pub credit: CreditRule,
}

/// What becomes of an order when Kinetic warns of its customer's credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditRule {
    /// It is written; the warning stands in its trail and in the log.
    Flag,
    /// It is held before anything is written.
    Hold,
}

/// Where the store is to deliver webhooks, and how often that is looked after.
#[derive(Debug, Clone)]
pub struct HookRules {
    /// An address of the owner's own, in place of the deployment's.
    pub url: Option<Url>,
    /// How often the hooks are compared with what is wanted.
    pub every: Duration,
}

/// How shoppers become customers.
#[derive(Debug, Clone)]
pub struct ShopperRules {
    /// Whether one that matches nobody is created.
    pub create: bool,
    /// Goes before the base-36 shopper id, or a guest's characters, in `CustID`.
    pub cust_id_prefix: String,
    /// What becomes of a new customer that looks like another.
    pub look_alike: LookAlikeRule,
    /// What a new customer gets.
    pub terms: Option<Text<4>>,
    /// `CurrencyCode` of a new customer.
    pub currency: Option<Text<4>>,
    /// `TerritoryID` of a new customer, where the address does not decide it.
    pub territory: Option<Text<8>>,
    /// `GroupCode` of a new customer.
    pub group: Option<Text<4>>,
    /// `ShipViaCode` of a new customer.
    pub ship_via: Option<Text<4>>,
    /// `TaxRegionCode` of a new customer.
    pub tax_region: Option<Text<4>>,
}

/// How coupons and manual discounts are carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscountRule {
    /// As the discount of each line, the way BigCommerce spread it.
    Line,
    /// As one negative miscellaneous charge.
    Charge(Text<4>),
}

/// `MiscCode`s; a kind without one holds the orders that have it.
#[derive(Debug, Clone, Default)]
pub struct ChargeCodes {
    /// Shipping cost.
    pub shipping: Option<Text<4>>,
    /// Handling cost.
    pub handling: Option<Text<4>>,
    /// Gift wrapping.
    pub wrapping: Option<Text<4>>,
    /// Fees.
    pub fees: Option<Text<4>>,
}

/// Who calculates tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxRule {
    /// Kinetic does; its tax may differ from the shop's by `tolerance` at most.
    Kinetic {
        /// In the order's currency.
        tolerance: Money,
    },
    /// The shop did: its tax is written as a charge, and the order gets a region in which Kinetic adds none.
    Charge {
        /// `MiscCode` of the tax.
        code: Text<4>,
        /// `TaxRegionCode` in which nothing is taxed.
        exempt_region: Text<4>,
    },
}

/// A word of the shop → a code of Kinetic.
#[derive(Debug, Clone, Default)]
pub struct CodeMap {
    /// What a word gets that is not listed.
    pub default: Option<Text<4>>,
    /// By the shop's word, in small letters.
    pub codes: BTreeMap<String, Text<4>>,
}

impl CodeMap {
    /// The code for `word`, and whether it was listed.
    pub fn code(&self, word: &str) -> (Option<&Text<4>>, bool) {
        match self.codes.get(&word.trim().to_lowercase()) {
            Some(code) => (Some(code), true),
            None => (self.default.as_ref(), false),
        }
    }
}

/// How this Kinetic wants to be treated.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct KineticRules {
    /// The site sent in `CallSettings`.
    pub plant: Option<String>,
    /// Whether orders are born unready and released at the end.
    pub staged: bool,
    /// Whether this release knows `checkPartSaleable`.
    pub check_part_saleable: bool,
    /// Whether the ship-to that Kinetic holds must be the one that was written before anything is released.
    pub prove_address: bool,
    /// Whether all calls share one server session.
    pub session: bool,
    /// `ClaimedLicense` of the `License` header.
    pub claimed_license: Option<String>,
    /// Requests a second at most.
    pub requests_per_second: u32,
    /// Requests at once at most.
    pub in_flight: u32,
}

/// How orders are looked for that no webhook told of.
#[derive(Debug, Clone)]
pub struct PollRules {
    /// How often the store's list of changed orders is read.
    pub every: Duration,
    /// By how much each reading begins before the end of the last.
    pub overlap: Duration,
    /// An order that is younger is left to its webhook.
    pub grace: Duration,
    /// So many orders of each lane are under way at once; the rest waits, so that today's orders need not.
    pub in_flight_per_lane: u32,
    /// How often Kinetic's orders are compared with the ledger; `None`: never.
    pub proof: Option<Duration>,
}

impl Rules {
    /// Reads a connection's TOML.
    ///
    /// # Errors
    /// Every problem of the file: what is missing, unknown, of the wrong type or out of range.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        file::parse(text)
    }

    /// What `status` means to an order that is not in Kinetic yet; a status BigCommerce adds one day needs a person.
    pub fn meaning(&self, status: OrderStatus) -> Meaning {
        self.statuses.get(&status).copied().unwrap_or(Meaning::Hold)
    }
}

#[cfg(test)]
mod tests;
