//! The running store, and what tests and stories do with it.

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;
use url::Url;

use super::{
    BigCommerceConfig, BigCommerceSeed, Customer, Habits, NewOrder, OrderEvent,
    back_office::Watched,
    bulk::Running,
    limiter::{Limiter, Spending},
    pump, routes,
    store::Store,
    wire,
};
use crate::{Fault, Faults, Handle, Shell, StartError, Traffic, late::Late, serve};

/// What routes and tests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: BigCommerceConfig,
    pub(crate) limiter: Limiter,
    pub(crate) store: Mutex<Store>,
    pub(crate) watched: Watched,
    pub(crate) running: Running,
}

/// A `BigCommerce` store on loopback; dropping it stops it.
#[derive(Debug)]
pub struct BigCommerceSim {
    pub(super) shared: Arc<Shared>,
    faults: Faults,
    traffic: Traffic,
    pub(super) late: Late,
    pub(super) client: reqwest::Client,
    server: Handle,
}

impl BigCommerceSim {
    /// Starts an empty store.
    ///
    /// # Errors
    /// The port cannot be had, or the client for deliveries cannot be built.
    pub async fn start(config: BigCommerceConfig) -> Result<Self, StartError> {
        for secret in
            [&config.client_secret, &config.access_token].into_iter().chain(config.hook_headers.values())
        {
            config.recorder.redact(secret);
        }
        let shared = Arc::new(Shared {
            limiter: Limiter::new(config.quota, config.window),
            store: Mutex::new(Store::new(&config)),
            watched: Watched::default(),
            running: Running::default(),
            config,
        });
        let faults = Faults::of_vendor([Fault::Throttle { headers: true }]);
        let traffic = Traffic::new("bigcommerce", shared.config.recorder.clone());
        let throttling = Arc::clone(&shared);
        let shell = Shell {
            throttled: Arc::new(move || throttling.limiter.throttled(throttling.config.clock.now())),
            pause: shared.config.pause.clone(),
            ..Shell::new(faults.clone(), traffic.clone(), shared.config.clock.clone())
        };
        let late = shell.late.clone();
        let server = serve(shared.config.port, routes::router(&shared), shell).await?;
        Ok(Self { shared, faults, traffic, late, client: pump::client()?, server })
    }

    /// `http://127.0.0.1:PORT/`; the store's paths are `/stores/{hash}/v2/…`.
    pub fn base_url(&self) -> &Url {
        &self.server.base_url
    }

    /// What it was started with, keys included.
    pub fn config(&self) -> &BigCommerceConfig {
        &self.shared.config
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What was asked and answered.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Places an order and queues its events; answers its number.
    pub fn place_order(&self, order: NewOrder) -> u64 {
        self.store().place(order, self.shared.config.clock.now(), &self.shared.config)
    }

    /// Changes an order, bumps `date_modified` and queues the events; `false` if there is no such order.
    ///
    /// Every field of [`NewOrder`] may be changed, and the totals follow by themselves: quantities and prices of lines,
    /// shipping cost, addresses, `customer_id`, `customer_message`, `status_id`, `is_deleted` (archived). A line keeps its
    /// id whatever changes in it, and a new one gets an id that no line had:
    ///
    /// ```
    /// # use connector_simulators::bigcommerce::{BigCommerceSim, NewLine, dec};
    /// fn edit(shop: &BigCommerceSim, id: u64) {
    ///     shop.update_order(id, |order| {
    ///         if let Some(line) = order.line_mut("HB-M8-40-ZN") {
    ///             line.quantity = 6;
    ///         }
    ///         order.remove_line("WSH-M8-ZN");
    ///         order.lines.push(NewLine::new("HN-M8-ZN", 4, dec("0.12")));
    ///         order.shipping = dec("11.09");
    ///     });
    /// }
    /// ```
    pub fn update_order(&self, id: u64, edit: impl FnOnce(&mut NewOrder)) -> bool {
        let now = self.shared.config.clock.now();
        self.store().change(id, now, &self.shared.config, edit).is_some()
    }

    /// Refunds an order whole: the status becomes Refunded, every line is refunded, and `refund/created` goes out.
    /// `refunded_amount` stays 0, as it always does (`docs/facts/bigcommerce.md` §3.2).
    pub fn refund(&self, id: u64) -> bool {
        self.refund_lines(id, |order| {
            for line in &mut order.lines {
                line.refunded = line.quantity;
            }
        })
    }

    /// Refunds so many pieces more of one SKU: the status becomes Partially Refunded, or Refunded with the last piece.
    /// `false` if there is no such order or line.
    pub fn refund_part(&self, id: u64, sku: &str, pieces: u32) -> bool {
        let ordered = self.order_spec(id).is_some_and(|mut order| order.line_mut(sku).is_some());
        ordered
            && self.refund_lines(id, |order| {
                if let Some(line) = order.line_mut(sku) {
                    line.refunded = line.refunded.saturating_add(pieces).min(line.quantity);
                }
            })
    }

    fn refund_lines(&self, id: u64, refund: impl FnOnce(&mut NewOrder)) -> bool {
        let known = self.update_order(id, |order| {
            refund(order);
            let whole = order.lines.iter().all(|line| line.refunded >= line.quantity);
            order.status_id = if whole { 4 } else { 14 };
        });
        if known {
            self.emit(OrderEvent::RefundCreated, id);
        }
        known
    }

    /// An order as `GET /v2/orders/{id}` shows it.
    pub fn order(&self, id: u64) -> Option<Value> {
        let store = self.store();
        store.orders.get(&id).map(|order| wire::order(order, &self.shared.config.store_hash))
    }

    /// An order as it was told, with the edits since.
    pub fn order_spec(&self, id: u64) -> Option<NewOrder> {
        self.store().orders.get(&id).map(|order| order.spec.clone())
    }

    /// All lines of an order as the wire shows them.
    pub fn order_lines(&self, id: u64) -> Vec<Value> {
        self.store().orders.get(&id).map(wire::lines).unwrap_or_default()
    }

    /// The numbers of all orders, archived ones too.
    pub fn order_ids(&self) -> Vec<u64> {
        self.store().orders.keys().copied().collect()
    }

    /// Registers a shopper; answers the id.
    pub fn add_customer(&self, customer: Customer) -> u64 {
        self.store().add_customer(customer, self.shared.config.clock.now())
    }

    /// Fills the store from a seed; answers the orders' numbers.
    pub fn load(&self, seed: BigCommerceSeed) -> Vec<u64> {
        for customer in seed.customers {
            self.add_customer(customer);
        }
        for name in seed.categories {
            self.add_category(&name);
        }
        for product in seed.products {
            self.add_product(product);
        }
        let location = self.store().inventory.default_location();
        for (sku, on_hand) in seed.stock {
            self.set_stock(&sku, location, on_hand);
        }
        seed.orders.into_iter().map(|order| self.place_order(order)).collect()
    }

    /// Changes this client's share of the quota at once.
    pub fn set_quota(&self, quota: u32) {
        self.shared.limiter.set_quota(quota);
    }

    /// What each API account spent of the quota, the oldest window first.
    pub fn spendings(&self) -> Vec<Spending> {
        self.shared.limiter.spendings()
    }

    /// Another app uses up `n` requests of the current window.
    pub fn spend(&self, n: u32) {
        self.shared.limiter.spend(n, self.shared.config.clock.now());
    }

    /// Every name, street, phone, e-mail and message in the store that is long enough (4 characters) to be looked
    /// for in a log.
    pub fn personal_strings(&self) -> Vec<String> {
        let store = self.store();
        let customers = store.customers.values().flat_map(Customer::personal);
        let orders = store.orders.values().flat_map(|order| {
            let addresses = std::iter::once(&order.spec.billing).chain(&order.spec.ship_to);
            addresses.flat_map(super::Address::personal).chain([order.spec.customer_message.as_str()])
        });
        let mut all: Vec<String> =
            customers.chain(orders).filter(|text| text.chars().count() >= 4).map(str::to_owned).collect();
        all.sort();
        all.dedup();
        all
    }

    /// How many requests were cut and wait to be applied ([`Fault::CommitLate`]).
    pub fn late_commits(&self) -> usize {
        self.late.apply_due(self.shared.config.clock.now());
        self.late.waiting()
    }

    /// Throws switches of the catalogue, the stock and the price lists while the store runs.
    pub fn change_habits(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut self.store().habits);
    }

    /// The store as it is by now: what is due of late requests and of stock adjustments was applied.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.late.apply_due(self.shared.config.clock.now());
        self.shared.settled().0
    }
}

impl Shared {
    /// The store with all stock adjustments applied that are due by now, and that now.
    pub(super) fn settled(&self) -> (MutexGuard<'_, Store>, Timestamp) {
        let now = self.config.clock.now();
        let mut store = self.store.lock();
        store.settle_stock(now, &self.config);
        (store, now)
    }
}
