//! What a simulated company is told when it starts, and the switches for what upstream leaves unsaid.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use rust_decimal::Decimal;

use super::{KineticSeed, Logins, Query, body::TooLong, description::Described};
use crate::{Pause, Recorder, SimClock};

/// A company's identity, keys, habits and what it holds.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct KineticConfig {
    /// First segment of every path.
    pub instance: String,
    /// The company in every path and row.
    pub company: String,
    /// Sites with their default warehouse; the first is the user's own.
    pub plants: Vec<(String, String)>,
    /// Must be in `x-api-key`.
    pub api_key: String,
    /// User of Basic.
    pub username: String,
    /// Password of Basic.
    pub password: String,
    /// By which identities the company may be asked.
    pub logins: Logins,
    /// Seconds that a token holds, by the clock; an administrator's setting.
    pub token_lifetime: u32,
    /// What is said of a token that is unknown or has expired.
    pub token_refusal: String,
    /// Seats of the pool of licences, any number if `None`. A session takes one until it ends, another call while it
    /// lasts.
    pub seats: Option<usize>,
    /// How much later the refusal comes when no seat is free; users tell of 20 seconds.
    pub empty_pool_pause: Pause,
    /// Currencies that orders may have; the first is the base currency.
    pub currencies: Vec<String>,
    /// Tax rate of each tax region as a fraction (`0.0825`); these are the regions that exist.
    pub tax_rates: BTreeMap<String, Decimal>,
    /// The territory that `GetCustomerTerritory` finds for any address.
    pub territory: String,
    /// The first order's number.
    pub first_order_num: i32,
    /// Whether new orders have `ReadyToCalc` (the site's default).
    pub ready_to_calc: bool,
    /// Whether new orders have `ReadyToFulfill`.
    pub ready_to_fulfill: bool,
    /// Whether a method's parameters must all be there.
    pub complete_parameters: bool,
    /// Whether this release's `ChangePartNumMaster` has (and wants) `checkPartSaleable`.
    pub check_part_saleable: bool,
    /// In which form the site describes its methods.
    pub description: Described,
    /// See [`TooLong`].
    pub too_long: TooLong,
    /// Status of the optimistic lock's refusal: 400 or 409.
    pub conflict_status: u16,
    /// Status of a missing permission: 401 as seen live, or 403 as documented.
    pub denied_status: u16,
    /// What the user may not do, as `Erp.BO.SalesOrder.MasterUpdate`; a set's reading is `GetRows`.
    pub denied: BTreeSet<String>,
    /// Greatest `$top`; more is cut to it without a word.
    pub top_cap: Option<usize>,
    /// Asked by each saving of a header that allows questions; the call then does not save.
    pub question: Option<String>,
    /// Whether a column that a changed row leaves out is emptied, as reading it into a row object would.
    pub empty_what_is_left_out: bool,
    /// Whether a line's discount is calculated anew from its per cent when its price changes, or its quantity where
    /// `chgDiscPer` asks for it, as documented (§8.3); if not, the amount stays.
    pub discount_follows: bool,
    /// Whether an open release counts as allocated (`PartWhse.AllocatedQty`) before anything of it is reserved; the
    /// database's own words leave it open.
    pub orders_allocate: bool,
    /// Whether the site takes `SysRevID` in a filter; 400 if not.
    pub filters_revisions: bool,
    /// BAQs that the site has, written and shared.
    pub queries: Vec<Query>,
    /// What the company holds.
    pub seed: KineticSeed,
    /// 0: any free port.
    pub port: u16,
    /// The time.
    pub clock: SimClock,
    /// How long each request takes before it is handled.
    pub pause: Pause,
    /// Where exchanges are written.
    pub recorder: Recorder,
}

impl KineticConfig {
    /// A company with the distributor's data on any port, as strict as is known, on the machine's clock.
    pub fn new() -> Self {
        let rate = |region: &str, rate| (region.to_owned(), rate);
        Self {
            instance: "KineticLive".to_owned(),
            company: "EPIC06".to_owned(),
            plants: vec![("MfgSys".to_owned(), "MAIN".to_owned()), ("WEST".to_owned(), "WWH".to_owned())],
            api_key: "simulated-api-key-71b0c4e2".to_owned(),
            username: "INTEG".to_owned(),
            password: "simulated-password-5f21".to_owned(),
            logins: Logins::default(),
            token_lifetime: 3600,
            token_refusal: "Invalid username or password.".to_owned(),
            seats: None,
            empty_pool_pause: Pause::none(),
            currencies: vec!["USD".to_owned()],
            tax_rates: BTreeMap::from([
                rate("WEB", Decimal::new(825, 4)),
                rate("TX", Decimal::new(825, 4)),
                rate("EXMT", Decimal::ZERO),
            ]),
            territory: "SOUTH".to_owned(),
            first_order_num: 100_045,
            ready_to_calc: true,
            ready_to_fulfill: true,
            complete_parameters: true,
            check_part_saleable: false,
            description: Described::Swagger,
            too_long: TooLong::Refused,
            conflict_status: 400,
            denied_status: 401,
            denied: BTreeSet::new(),
            top_cap: None,
            question: None,
            empty_what_is_left_out: true,
            discount_follows: true,
            orders_allocate: false,
            filters_revisions: true,
            queries: Query::of_the_connector(),
            seed: KineticSeed::distributor(),
            port: 0,
            clock: SimClock::system(),
            pause: Pause::none(),
            recorder: Recorder::in_memory(),
        }
    }

    pub(crate) fn base_currency(&self) -> &str {
        self.currencies.first().map_or("USD", String::as_str)
    }
}

impl Default for KineticConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for KineticConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KineticConfig")
            .field("instance", &self.instance)
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}
