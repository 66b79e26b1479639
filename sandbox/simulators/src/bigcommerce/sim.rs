//! The running store, and what tests and stories do with it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, put},
};
use parking_lot::Mutex;
use serde_json::Value;
use url::Url;

use super::{
    BigCommerceConfig, BigCommerceSeed, Customer, Delivery, DeliveryMode, NewOrder, OrderEvent, Sent,
    customers_api,
    events::{self, Event},
    guard::guard,
    hooks::Hook,
    hooks_api,
    limiter::Limiter,
    orders_api,
    store::Store,
    store_api, wire,
};
use crate::{Faults, Handle, Shell, StartError, Traffic, serve};

/// What routes and tests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: BigCommerceConfig,
    pub(crate) limiter: Limiter,
    pub(crate) store: Mutex<Store>,
}

/// A `BigCommerce` store on loopback; dropping it stops it.
#[derive(Debug)]
pub struct BigCommerceSim {
    shared: Arc<Shared>,
    faults: Faults,
    traffic: Traffic,
    client: reqwest::Client,
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
            store: Mutex::new(Store::new(config.first_order_id)),
            config,
        });
        let (faults, traffic) =
            (Faults::default(), Traffic::new("bigcommerce", shared.config.recorder.clone()));
        let throttling = Arc::clone(&shared);
        let shell = Shell {
            faults: faults.clone(),
            traffic: traffic.clone(),
            throttled: Arc::new(move || throttling.limiter.throttled(throttling.config.clock.now())),
        };
        let server = serve(shared.config.port, router(&shared), shell).await?;
        Ok(Self { shared, faults, traffic, client: client()?, server })
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
        self.shared.store.lock().place(order, self.shared.config.clock.now(), &self.shared.config)
    }

    /// Changes an order, bumps `date_modified` and queues the events; `false` if there is no such order.
    pub fn update_order(&self, id: u64, edit: impl FnOnce(&mut NewOrder)) -> bool {
        let now = self.shared.config.clock.now();
        self.shared.store.lock().change(id, now, &self.shared.config, edit).is_some()
    }

    /// An order as `GET /v2/orders/{id}` shows it.
    pub fn order(&self, id: u64) -> Option<Value> {
        let store = self.shared.store.lock();
        store.orders.get(&id).map(|order| wire::order(order, &self.shared.config.store_hash))
    }

    /// An order as it was told, with the edits since.
    pub fn order_spec(&self, id: u64) -> Option<NewOrder> {
        self.shared.store.lock().orders.get(&id).map(|order| order.spec.clone())
    }

    /// All lines of an order as the wire shows them.
    pub fn order_lines(&self, id: u64) -> Vec<Value> {
        self.shared.store.lock().orders.get(&id).map(wire::lines).unwrap_or_default()
    }

    /// The numbers of all orders, archived ones too.
    pub fn order_ids(&self) -> Vec<u64> {
        self.shared.store.lock().orders.keys().copied().collect()
    }

    /// Registers a shopper; answers the id.
    pub fn add_customer(&self, customer: Customer) -> u64 {
        self.shared.store.lock().add_customer(customer, self.shared.config.clock.now())
    }

    /// Fills the store from a seed; answers the orders' numbers.
    pub fn load(&self, seed: BigCommerceSeed) -> Vec<u64> {
        for customer in seed.customers {
            self.add_customer(customer);
        }
        seed.orders.into_iter().map(|order| self.place_order(order)).collect()
    }

    /// Registers a hook without asking the API's rules; answers the id.
    pub fn add_hook(&self, scope: &str, destination: &Url, headers: &[(&str, &str)]) -> u64 {
        for (_, secret) in headers {
            self.shared.config.recorder.redact(secret);
        }
        let now = self.shared.config.clock.now().as_second();
        let mut store = self.shared.store.lock();
        let id = store.next_hook;
        store.next_hook += 1;
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        store.hooks.insert(
            id,
            Hook {
                id,
                scope: scope.to_owned(),
                destination: destination.to_string(),
                headers: Some(headers),
                is_active: true,
                created_at: now,
                updated_at: now,
            },
        );
        id
    }

    /// All hooks as the wire shows them.
    pub fn hooks(&self) -> Vec<Value> {
        self.shared.store.lock().hooks.values().map(|hook| hook.wire(&self.shared.config)).collect()
    }

    /// Queues an event for every hook that asked for it, without changing the order.
    pub fn emit(&self, event: OrderEvent, order_id: u64) {
        let now = self.shared.config.clock.now();
        self.shared.store.lock().emit(event, order_id, now, &self.shared.config);
    }

    /// Makes one delivery about an order, for tests that send or alter it themselves; `None` if there is no such
    /// order. Its custom headers are those of the first hook that wants the scope, or the configuration's.
    pub fn delivery(&self, scope: &str, order_id: u64, mode: DeliveryMode) -> Option<Delivery> {
        let (now, config) = (self.shared.config.clock.now(), &self.shared.config);
        let mut store = self.shared.store.lock();
        let order = store.orders.get(&order_id)?;
        let repeated = store.outbox.last(scope, order_id).filter(|_| mode == DeliveryMode::Duplicate);
        let (event, webhook_id) = if let Some(repeated) = repeated {
            repeated
        } else {
            let event = Event::new(scope, &events::data(scope, order), order_id, now, config);
            let webhook_id = store.outbox.next_id(&event);
            (event, webhook_id)
        };
        store.outbox.remember(&event, &webhook_id);
        let hook = store.hooks.values().find(|hook| hook.wants(scope));
        let custom =
            hook.map_or_else(|| config.hook_headers.clone(), |hook| hook.headers.clone().unwrap_or_default());
        Some(Delivery::build(config, &event, &webhook_id, &custom, mode, now))
    }

    /// Posts a delivery over real HTTP; answers the receiver's status.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn send(&self, delivery: &Delivery, destination: &Url) -> Result<u16, reqwest::Error> {
        let mut request = self.client.post(destination.clone()).body(delivery.body.clone());
        for (name, value) in &delivery.headers {
            request = request.header(name, value);
        }
        #[expect(clippy::disallowed_methods, reason = "a simulator stands outside the product's transport")]
        let response = request.send().await?;
        Ok(response.status().as_u16())
    }

    /// Sends what is due to the registered hooks, one after the other, and says what became of it.
    pub async fn drain_hooks(&self) -> Vec<Sent> {
        self.drain_hooks_as(DeliveryMode::Normal).await
    }

    /// As [`BigCommerceSim::drain_hooks`], signed in this mode; `Duplicate` sends each delivery twice.
    ///
    /// Anything but 2xx is tried again on the schedule of `docs/facts/bigcommerce.md` §2.4 (by the clock, at a later
    /// drain); after the last try the hook is switched off.
    pub async fn drain_hooks_as(&self, mode: DeliveryMode) -> Vec<Sent> {
        let (now, config) = (self.shared.config.clock.now(), &self.shared.config);
        let due = self.shared.store.lock().outbox.take_due(now);
        let mut sent = Vec::new();
        for pending in due {
            let hook =
                self.shared.store.lock().hooks.get(&pending.hook_id).filter(|hook| hook.is_active).cloned();
            let Some(hook) = hook else { continue };
            let custom: BTreeMap<String, String> = hook.headers.clone().unwrap_or_default();
            let delivery = Delivery::build(config, &pending.event, &pending.webhook_id, &custom, mode, now);
            let mut status = None;
            for _ in 0..if mode == DeliveryMode::Duplicate { 2 } else { 1 } {
                status = match Url::parse(&hook.destination) {
                    Ok(destination) => self.send(&delivery, &destination).await.ok(),
                    Err(_) => None,
                };
                sent.push(Sent {
                    hook_id: hook.id,
                    scope: pending.event.scope.clone(),
                    order_id: pending.event.order_id,
                    status,
                });
            }
            let mut store = self.shared.store.lock();
            store.outbox.remember(&pending.event, &pending.webhook_id);
            if !status.is_some_and(|status| (200..300).contains(&status)) {
                match pending.failed(now) {
                    Some(again) => store.outbox.push_back(again),
                    None => {
                        if let Some(hook) = store.hooks.get_mut(&hook.id) {
                            hook.is_active = false;
                        }
                    }
                }
            }
        }
        sent
    }

    /// How many deliveries are queued, due or not.
    pub fn pending_deliveries(&self) -> usize {
        self.shared.store.lock().outbox.len()
    }

    /// Changes this client's share of the quota at once.
    pub fn set_quota(&self, quota: u32) {
        self.shared.limiter.set_quota(quota);
    }

    /// Another app uses up `n` requests of the current window.
    pub fn spend(&self, n: u32) {
        self.shared.limiter.spend(n, self.shared.config.clock.now());
    }

    /// Every name, street, phone, e-mail and message in the store that is long enough (4 characters) to be looked
    /// for in a log.
    pub fn personal_strings(&self) -> Vec<String> {
        let store = self.shared.store.lock();
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
}

fn router(shared: &Arc<Shared>) -> Router {
    let orders = "/stores/{hash}/v2/orders";
    Router::new()
        .route(orders, get(orders_api::list))
        .route(
            &format!("{orders}/{{id}}"),
            get(orders_api::read).put(orders_api::update).delete(orders_api::archive),
        )
        .route(&format!("{orders}/{{id}}/products"), get(orders_api::products))
        .route(&format!("{orders}/{{id}}/shipping_addresses"), get(orders_api::shipping_addresses))
        .route(&format!("{orders}/{{id}}/coupons"), get(orders_api::coupons))
        .route(&format!("{orders}/{{id}}/fees"), get(orders_api::fees))
        .route("/stores/{hash}/v2/time", get(store_api::time))
        .route("/stores/{hash}/v2/store", get(store_api::store))
        .route("/stores/{hash}/v3/customers", get(customers_api::list))
        .route("/stores/{hash}/v3/hooks", get(hooks_api::list).post(hooks_api::create))
        .route(
            "/stores/{hash}/v3/hooks/{id}",
            put(hooks_api::update).get(hooks_api::read_one).delete(hooks_api::delete),
        )
        .fallback(store_api::no_route)
        .method_not_allowed_fallback(store_api::no_method)
        .layer(from_fn_with_state(Arc::clone(shared), guard))
        .with_state(Arc::clone(shared))
}

/// The client that delivers webhooks: no proxy and no redirect, as it runs between processes of one machine.
fn client() -> Result<reqwest::Client, reqwest::Error> {
    // Whoever comes first installs the provider; a second attempt fails and changes nothing.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("BigCommerce simulator")
        .timeout(std::time::Duration::from_secs(30))
        .build()
}
