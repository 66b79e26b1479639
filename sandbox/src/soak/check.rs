//! Whether everything adds up: read from store, company, ledger and logs, for every order.

use std::collections::{BTreeMap, BTreeSet};

use connector_domain::{Clock as _, Money, exact};
use connector_ports::{Ledger as _, LedgerRow, StateName};
use connector_simulators::kinetic::OrderView;
use serde_json::Value;

use super::listener::Heard;
use super::world::World;
use crate::demo::Check;

/// All there is to look at.
pub(super) struct Books<'a> {
    pub(super) world: &'a World,
    pub(super) touched: &'a BTreeSet<u64>,
    pub(super) rows: BTreeMap<u64, LedgerRow>,
    pub(super) ids: BTreeSet<u64>,
    /// Kinetic's orders, by reference.
    pub(super) kinetic: BTreeMap<String, Vec<OrderView>>,
    pub(super) heard: Heard,
}

impl<'a> Books<'a> {
    pub(super) async fn open(world: &'a World, touched: &'a BTreeSet<u64>, heard: Heard) -> Self {
        let rows = world.pipeline.ledger().list(&world.connection, None, None, usize::MAX).await;
        let rows = rows.unwrap_or_default().into_iter().map(|row| (row.key.order.0, row)).collect();
        let mut kinetic: BTreeMap<String, Vec<OrderView>> = BTreeMap::new();
        for order in world.company.orders() {
            kinetic.entry(order.po_num.clone()).or_default().push(order);
        }
        Self { world, touched, rows, ids: world.shop.order_ids().into_iter().collect(), kinetic, heard }
    }

    pub(super) async fn checks(&self) -> Vec<Check> {
        vec![
            self.every_order_is_known(),
            self.accounted().await,
            self.states_add_up(),
            self.one_order_a_reference(),
            self.no_stranger(),
            self.totals(),
            self.no_lease(),
            self.nothing_left().await,
            self.nobody_named(),
        ]
    }

    fn every_order_is_known(&self) -> Check {
        let unknown: Vec<u64> = self.ids.iter().filter(|id| !self.rows.contains_key(id)).copied().collect();
        let says = format!(
            "{} orders in the store, {} unknown to the ledger{}",
            self.ids.len(),
            unknown.len(),
            named(&unknown)
        );
        Check { name: "every_order_is_known", says, holds: unknown.is_empty() }
    }

    /// What the connector itself says of it.
    async fn accounted(&self) -> Check {
        let newest = self.ids.last().copied();
        let (says, holds) = match self.world.jobs().poller().report(&self.world.connection).await {
            Ok(report) => {
                let to = report.accounted_to.map(|order| order.0);
                let shown = |number: Option<u64>| {
                    number.map_or_else(|| "none".to_owned(), |number| number.to_string())
                };
                let says = format!(
                    "accounted to {} of {}, {} numbers open, settled to {}",
                    shown(to),
                    shown(newest),
                    report.open.len(),
                    shown(report.settled_to.map(|order| order.0))
                );
                (says, to >= newest && report.open.is_empty())
            }
            Err(error) => (format!("the account cannot be read: {error}"), false),
        };
        Check { name: "accounted", says, holds }
    }

    fn states_add_up(&self) -> Check {
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        let mut moving = Vec::new();
        for row in self.rows.values() {
            let name = row.state.name();
            *counted.entry(name.as_str()).or_default() += 1;
            match name {
                StateName::New | StateName::Retrying | StateName::Uncertain => moving.push(row.key.order.0),
                StateName::Synced
                | StateName::Held
                | StateName::Cancelled
                | StateName::Ignored
                | StateName::Waiting => {}
            }
        }
        let sum: usize = counted.values().sum();
        let each: Vec<String> = counted.iter().map(|(name, number)| format!("{number} {name}")).collect();
        let says = format!(
            "{} = {} orders, {} still moving{}",
            each.join(" + "),
            self.ids.len(),
            moving.len(),
            named(&moving)
        );
        Check { name: "states_add_up", says, holds: sum == self.ids.len() && moving.is_empty() }
    }

    fn one_order_a_reference(&self) -> Check {
        let several: Vec<u64> = self.ids.iter().filter(|id| self.valid(**id).len() > 1).copied().collect();
        let synced = self.in_state(StateName::Synced);
        let without: Vec<u64> = synced
            .filter(|row| !self.touched.contains(&row.key.order.0))
            .map(|row| row.key.order.0)
            .filter(|id| self.valid(*id).len() != 1)
            .collect();
        let says = format!(
            "{} references with several valid orders in Kinetic{}, {} synced orders without exactly one{}",
            several.len(),
            named(&several),
            without.len(),
            named(&without)
        );
        Check { name: "one_order_a_reference", says, holds: several.is_empty() && without.is_empty() }
    }

    fn no_stranger(&self) -> Check {
        let ours: BTreeSet<String> = self.ids.iter().map(|id| reference(*id)).collect();
        let strangers = self.kinetic.keys().filter(|reference| !ours.contains(*reference)).count();
        let says = format!("{strangers} references in Kinetic that no web order has");
        Check { name: "no_stranger", says, holds: strangers == 0 }
    }

    /// Before tax, to the cent. What a clerk changed is the clerk's.
    fn totals(&self) -> Check {
        let (mut equal, mut wrong) = (0, Vec::new());
        for row in self.in_state(StateName::Synced) {
            let id = row.key.order.0;
            if self.touched.contains(&id) {
                continue;
            }
            let shop = self.world.shop.order(id).map(|order| amount(&order, "total_ex_tax"));
            let kinetic = self.valid(id).first().map(|order| Money::new(order.doc_total - order.doc_tax));
            if shop.is_some() && shop == kinetic {
                equal += 1;
            } else {
                wrong.push(id);
            }
        }
        let says = format!(
            "{equal} synced orders agree to the cent before tax, {} do not{}",
            wrong.len(),
            named(&wrong)
        );
        Check { name: "totals_agree", says, holds: wrong.is_empty() }
    }

    fn no_lease(&self) -> Check {
        let leased: Vec<u64> =
            self.rows.values().filter(|row| row.lease_until.is_some()).map(|row| row.key.order.0).collect();
        let says = format!("{} orders are still claimed{}", leased.len(), named(&leased));
        Check { name: "no_lease_held", says, holds: leased.is_empty() }
    }

    async fn nothing_left(&self) -> Check {
        let world = self.world;
        let due = world.pipeline.ledger().due(world.clock.now(), usize::MAX).await.map_or(1, |due| due.len());
        let dead = world.dead_letters();
        let empty = world.pipeline.queue().is_empty();
        let undelivered = world.shop.pending_deliveries();
        let says = format!(
            "the queue is {}, {due} orders are due, {dead} dead letters, {undelivered} deliveries on their way",
            if empty { "empty" } else { "not empty" }
        );
        Check { name: "nothing_left", says, holds: empty && due == 0 && dead == 0 && undelivered == 0 }
    }

    fn nobody_named(&self) -> Check {
        let Heard { lines, personal, .. } = &self.heard;
        let example = personal.first().map_or_else(String::new, |line| format!(", such as: {line}"));
        let says = format!("{} of {lines} log lines name a person{example}", personal.len());
        Check { name: "nobody_named", says, holds: personal.is_empty() && *lines > 0 }
    }

    fn in_state(&self, state: StateName) -> impl Iterator<Item = &LedgerRow> {
        self.rows.values().filter(move |row| row.state.name() == state)
    }

    fn valid(&self, id: u64) -> Vec<&OrderView> {
        self.kinetic.get(&reference(id)).into_iter().flatten().filter(|order| !order.void).collect()
    }
}

fn reference(id: u64) -> String {
    format!("BC-{id}")
}

/// ` (101, 107, …)`.
fn named(ids: &[u64]) -> String {
    if ids.is_empty() {
        return String::new();
    }
    let mut first: Vec<String> = ids.iter().take(5).map(u64::to_string).collect();
    if ids.len() > 5 {
        first.push("…".to_owned());
    }
    format!(" ({})", first.join(", "))
}

/// An amount as the store writes it: a decimal in quotation marks.
fn amount(order: &Value, field: &str) -> Money {
    let text = order.get(field).and_then(Value::as_str).unwrap_or_default();
    exact::parse(text).map(Money::new).unwrap_or_default()
}
