//! What the store holds, and how a change to an order becomes events.

use std::{collections::BTreeMap, ops::Range};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    BigCommerceConfig, Customer, Habits, NewOrder, OrderEvent,
    accounts::Accounts,
    blocklist::Blocklist,
    catalog::Catalog,
    dates,
    events::{self, Event},
    exceptions::Exceptions,
    hooks::Hook,
    inventory::Inventory,
    loss::Loss,
    outbox::Outbox,
    price_lists::PriceLists,
};

/// An order with what the store adds to it.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) spec: NewOrder,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// The status before the last change, which a `statusUpdated` tells.
    pub(crate) previous_status: u8,
}

impl Order {
    /// The id of the `nth` shipping address, from 0.
    pub(crate) fn address_id(&self, nth: usize) -> Option<u64> {
        let known = nth < self.spec.shipping_addresses().len();
        let nth = u64::try_from(nth).ok().filter(|_| known)?;
        Some(self.id.saturating_mul(10).saturating_add(nth).saturating_add(1))
    }
}

/// The store's tables.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) customers: BTreeMap<u64, Customer>,
    pub(crate) hooks: BTreeMap<u64, Hook>,
    pub(crate) outbox: Outbox,
    pub(crate) accounts: Accounts,
    pub(crate) blocklist: Blocklist,
    pub(crate) exceptions: Exceptions,
    pub(crate) loss: Loss,
    /// Who is written to when a hook fails, by client id.
    pub(crate) emails: BTreeMap<String, Vec<String>>,
    pub(crate) habits: Habits,
    pub(crate) catalog: Catalog,
    pub(crate) inventory: Inventory,
    pub(crate) price_lists: PriceLists,
    products: BTreeMap<String, u64>,
    next_order: u64,
    next_line: u64,
    pub(crate) next_hook: u64,
}

impl Store {
    pub(crate) fn new(config: &BigCommerceConfig) -> Self {
        Self {
            orders: BTreeMap::new(),
            customers: BTreeMap::new(),
            hooks: BTreeMap::new(),
            outbox: Outbox::default(),
            accounts: Accounts::new(config),
            blocklist: Blocklist::default(),
            exceptions: Exceptions::default(),
            loss: Loss::default(),
            emails: BTreeMap::new(),
            habits: config.habits.clone(),
            catalog: Catalog::default(),
            inventory: Inventory::default(),
            price_lists: PriceLists::default(),
            products: BTreeMap::new(),
            next_order: config.first_order_id,
            next_line: 1000,
            next_hook: 20_172_551,
        }
    }

    pub(crate) fn place(&mut self, mut spec: NewOrder, now: Timestamp, config: &BigCommerceConfig) -> u64 {
        self.settle_stock(now, config);
        let id = spec.id.filter(|id| !self.orders.contains_key(id)).unwrap_or(self.next_order);
        self.next_order = self.next_order.max(id.saturating_add(1));
        self.number_lines(&mut spec);
        let created = dates::to_second(spec.created.unwrap_or(now));
        let previous_status = spec.status_id;
        self.orders.insert(id, Order { id, spec, created, modified: created, previous_status });
        self.emit(OrderEvent::Created, id, now, config);
        self.take_stock(id, now, config);
        id
    }

    /// Lets `edit` change an order and tells the hooks; `None` if there is no such order.
    pub(crate) fn change(
        &mut self,
        id: u64,
        now: Timestamp,
        config: &BigCommerceConfig,
        edit: impl FnOnce(&mut NewOrder),
    ) -> Option<()> {
        self.settle_stock(now, config);
        let mut spec = self.orders.get(&id)?.spec.clone();
        let (status, was_archived) = (spec.status_id, spec.is_deleted);
        edit(&mut spec);
        self.number_lines(&mut spec);
        let moved = spec.status_id != status;
        let newly_archived = spec.is_deleted && !was_archived;
        let order = self.orders.get_mut(&id)?;
        order.spec = spec;
        order.modified = dates::to_second(now);
        if moved {
            order.previous_status = status;
        }
        self.emit(OrderEvent::Updated, id, now, config);
        if moved {
            self.emit(OrderEvent::StatusUpdated, id, now, config);
        }
        if newly_archived {
            self.emit(OrderEvent::Archived, id, now, config);
        }
        self.take_stock(id, now, config);
        Some(())
    }

    pub(crate) fn add_customer(&mut self, mut customer: Customer, now: Timestamp) -> u64 {
        let next = self.customers.last_key_value().map_or(1, |(last, _)| last.saturating_add(1));
        let id = customer.id.filter(|id| !self.customers.contains_key(id)).unwrap_or(next);
        customer.id = Some(id);
        customer.created = Some(now);
        self.customers.insert(id, customer);
        id
    }

    /// Queues an order's event for every active hook that asked for it.
    pub(crate) fn emit(&mut self, event: OrderEvent, id: u64, now: Timestamp, config: &BigCommerceConfig) {
        let Some(order) = self.orders.get(&id) else { return };
        let scopes = std::iter::once(event.scope()).chain(event.channel_scope(order.spec.channel_id));
        let told: Vec<_> = scopes.map(|scope| (events::data(&scope, order), scope)).collect();
        for (data, scope) in told {
            self.tell(&Event::new(&scope, &data, id, now, config), id, now);
        }
    }

    /// Queues an event of the catalogue or the stock for every active hook that asked for it; `subject` is the product.
    pub(crate) fn emit_about(
        &mut self,
        scope: &str,
        data: &Value,
        subject: u64,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) {
        if self.hooks.values().any(|hook| hook.wants(scope)) {
            self.tell(&Event::new(scope, data, 0, now, config), subject, now);
        }
    }

    fn tell(&mut self, event: &Event, subject: u64, now: Timestamp) {
        for hook in self.hooks.values_mut().filter(|hook| hook.wants(&event.scope)) {
            hook.age(now);
            if !hook.is_active() {
                continue;
            }
            hook.idle_since = now;
            if !hook.muted && !self.loss.takes(&event.scope, subject) {
                self.outbox.push(hook.id, event.clone(), now);
            }
        }
    }

    /// The hooks as they are by now: whichever was idle for too long is off. Whoever reads hooks comes through here.
    pub(crate) fn hooks_at(&mut self, now: Timestamp) -> &mut BTreeMap<u64, Hook> {
        for hook in self.hooks.values_mut() {
            hook.age(now);
        }
        &mut self.hooks
    }

    /// So many numbers will never belong to an order.
    pub(crate) fn skip_order_ids(&mut self, n: u64) -> Range<u64> {
        let first = self.next_order;
        self.next_order = first.saturating_add(n);
        first..self.next_order
    }

    /// Gives each line an id of its own, and each SKU its product: the catalogue's, or one of its own.
    fn number_lines(&mut self, spec: &mut NewOrder) {
        for line in &mut spec.lines {
            if line.id.is_none() {
                line.id = Some(self.next_line);
                self.next_line += 1;
            }
            if let Some(holder) = self.catalog.by_sku(&line.sku).filter(|_| line.product_id.is_none()) {
                line.product_id = Some(holder.product);
                line.variant_id = holder.variant;
            }
            if line.product_id.is_none() {
                let next = u64::try_from(self.products.len()).unwrap_or_default().saturating_add(118);
                line.product_id = Some(*self.products.entry(line.sku.clone()).or_insert(next));
            }
        }
    }
}
