//! Deliveries made and sent, when a test or a story asks for it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use super::{
    BigCommerceConfig, BigCommerceSim, Delivery, DeliveryMode, Sent,
    blocklist::succeeded,
    deliver::Keys,
    events::{self, Event},
    exceptions::Exception,
    hooks::{Activity, Hook},
    outbox::Pending,
    signing,
    store::Store,
};

impl BigCommerceSim {
    /// Makes one delivery about an order, for tests that send or alter it themselves; `None` if there is no such
    /// order. Its custom headers are those of the account's first hook that wants the scope, or the
    /// configuration's.
    pub fn delivery(&self, scope: &str, order_id: u64, mode: DeliveryMode) -> Option<Delivery> {
        let (now, config) = (self.shared.config.clock.now(), &self.shared.config);
        let mut store = self.store();
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
        let own = |hook: &&Hook| hook.client_id == config.client_id && hook.wants(scope);
        let hook = store.hooks.values().find(own);
        let custom =
            hook.map_or_else(|| config.hook_headers.clone(), |hook| hook.headers.clone().unwrap_or_default());
        let keys = Keys { secret: &config.client_secret, custom: &custom };
        Some(Delivery::build(config, &event, &webhook_id, &keys, mode, now))
    }

    /// The compatibility signature of these bytes under the store's own secret, for tests that write a body themselves.
    pub fn sign(&self, body: &[u8]) -> String {
        let config = &self.shared.config;
        signing::compatibility(&config.client_secret, body, config.signature_encoding)
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

    /// As [`BigCommerceSim::drain_hooks`], the newest first: an order is heard of in the wrong sequence.
    pub async fn drain_hooks_out_of_order(&self) -> Vec<Sent> {
        self.drain(DeliveryMode::Normal, true).await
    }

    /// As [`BigCommerceSim::drain_hooks`], signed in this mode; `Duplicate` sends each delivery twice.
    ///
    /// Anything but 2xx is tried again on the schedule of `docs/facts/bigcommerce.md` §2.4 (by the clock, at a later
    /// drain, each wait divided by the configuration's `retry_scale`); after the last try the hook is switched off.
    pub async fn drain_hooks_as(&self, mode: DeliveryMode) -> Vec<Sent> {
        self.drain(mode, false).await
    }

    async fn drain(&self, mode: DeliveryMode, newest_first: bool) -> Vec<Sent> {
        let (now, config) = (self.shared.config.clock.now(), &self.shared.config);
        let mut due = self.store().outbox.take_due(now);
        if newest_first {
            due.reverse();
        }
        let mut sent = Vec::new();
        for pending in due {
            let Some((hook, secret)) = self.recipient(pending.hook_id) else { continue };
            let Some(pending) = self.let_through(pending, &hook, now) else { continue };
            let custom: BTreeMap<String, String> = hook.headers.clone().unwrap_or_default();
            let keys = Keys { secret: &secret, custom: &custom };
            let delivery = Delivery::build(config, &pending.event, &pending.webhook_id, &keys, mode, now);
            let mut status = None;
            for _ in 0..if mode == DeliveryMode::Duplicate { 2 } else { 1 } {
                status = match Url::parse(&hook.destination) {
                    Ok(destination) => self.send(&delivery, &destination).await.ok(),
                    Err(_) => None,
                };
                self.count(&hook, status, now);
                sent.push(Sent {
                    hook_id: hook.id,
                    scope: pending.event.scope.clone(),
                    order_id: pending.event.order_id,
                    status,
                });
            }
            self.settle(pending, &hook, status, now);
        }
        sent
    }

    /// The hook if it may be told anything, and the secret of its account.
    fn recipient(&self, hook_id: u64) -> Option<(Hook, String)> {
        let mut store = self.store();
        let hooks = store.hooks_at(self.shared.config.clock.now());
        let hook = hooks.get(&hook_id).filter(|hook| hook.is_active() && !hook.muted)?.clone();
        let secret = store.accounts.get(&hook.client_id)?.client_secret.clone();
        Some((hook, secret))
    }

    /// The delivery if its domain is not blocked; otherwise it goes back to those that are tried again, or is lost.
    fn let_through(&self, pending: Pending, hook: &Hook, now: Timestamp) -> Option<Pending> {
        let config = &self.shared.config;
        let mut store = self.store();
        if !store.blocklist.is_blocked(&hook.client_id, &hook.destination, now) {
            return Some(pending);
        }
        if !(config.blocked_events_lost && store.blocklist.every_other()) {
            store.try_again(pending, hook, now, config);
        }
        None
    }

    fn count(&self, hook: &Hook, status: Option<u16>, now: Timestamp) {
        let config = &self.shared.config;
        let mut store = self.store();
        if store.blocklist.count(&hook.client_id, &hook.destination, status, now, config.retry_scale) {
            store.tell_exception(Exception::Blocked, hook, now, config);
        }
    }

    fn settle(&self, pending: Pending, hook: &Hook, status: Option<u16>, now: Timestamp) {
        let mut store = self.store();
        store.outbox.remember(&pending.event, &pending.webhook_id);
        if !succeeded(status) {
            store.try_again(pending, hook, now, &self.shared.config);
        }
    }

    /// How many deliveries are queued, due or not.
    pub fn pending_deliveries(&self) -> usize {
        self.store().outbox.len()
    }
}

impl Store {
    /// Queues a failed delivery for its next try; after the last the hook is switched off.
    fn try_again(&mut self, pending: Pending, hook: &Hook, now: Timestamp, config: &BigCommerceConfig) {
        let told = if let Some(again) = pending.failed(now, config.retry_scale) {
            self.outbox.push_back(again);
            Exception::WillRetry
        } else {
            if let Some(hook) = self.hooks.get_mut(&hook.id) {
                hook.state = Activity::Deactivated;
            }
            Exception::Exhausted
        };
        self.tell_exception(told, hook, now, config);
    }
}

/// The client that delivers webhooks: no proxy and no redirect, as it runs between processes of one machine.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    // Whoever comes first installs the provider; a second attempt fails and changes nothing.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("BigCommerce simulator")
        .timeout(std::time::Duration::from_secs(30))
        .build()
}
