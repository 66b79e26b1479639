//! Whether it adds up: read from store, company and ledger, for every order.

use std::collections::{BTreeMap, BTreeSet};

use connector_domain::{Money, OrderId, exact};
use connector_ports::StateName;
use connector_simulators::kinetic::OrderView;
use connector_simulators::{BigCommerceSim, KineticSim};
use connector_sync::orders::reference;
use connector_sync::rules::{Rules, TaxRule};
use serde_json::Value;

use super::assignment::{Account, End};
use crate::demo::Check;

/// The most that the pipeline's process may take.
pub(super) const MOST_MIB: u64 = 96;

/// All there is to look at.
#[derive(Debug)]
pub(super) struct Books<'a> {
    pub(super) shop: &'a BigCommerceSim,
    pub(super) rules: Rules,
    /// Numbers of all orders that were placed.
    pub(super) placed: BTreeSet<u64>,
    pub(super) accounts: BTreeMap<u64, Account>,
    /// Kinetic's orders that are not void, by reference.
    pub(super) kinetic: BTreeMap<String, Vec<OrderView>>,
    pub(super) end: End,
    /// How many calls were made to fail.
    pub(super) struck: usize,
    /// Whether calls were to fail.
    pub(super) faults: bool,
}

impl<'a> Books<'a> {
    pub(super) fn open(
        shop: &'a BigCommerceSim,
        company: &KineticSim,
        rules: Rules,
        placed: BTreeSet<u64>,
        (accounts, end): (Vec<Account>, End),
        (faults, struck): (bool, usize),
    ) -> Self {
        let accounts = accounts.into_iter().map(|account| (account.order.0, account)).collect();
        let mut kinetic: BTreeMap<String, Vec<OrderView>> = BTreeMap::new();
        for order in company.orders().into_iter().filter(|order| !order.void) {
            kinetic.entry(order.po_num.clone()).or_default().push(order);
        }
        Self { shop, rules, placed, accounts, kinetic, end, struck, faults }
    }

    /// All checks.
    pub(super) fn checks(&self) -> Vec<Check> {
        let mut checks = self.adding_up();
        checks.extend([self.memory(), self.weather()]);
        checks
    }

    /// Those of store, Kinetic and ledger.
    pub(super) fn adding_up(&self) -> Vec<Check> {
        vec![
            self.nothing_lost(),
            self.all_rest(),
            self.no_duplicate(),
            self.no_stranger(),
            self.totals(),
            self.lines(),
            self.released(),
            self.numbers(),
            self.customers(),
        ]
    }

    fn nothing_lost(&self) -> Check {
        let lost = self.placed.iter().filter(|order| !self.accounts.contains_key(order)).count();
        let dead = self.end.dead_letters;
        let says = format!(
            "{lost} orders lost: {} placed, {} in the ledger; {dead} dead letters",
            self.placed.len(),
            self.accounts.len()
        );
        let holds = lost == 0 && dead == 0 && self.accounts.len() == self.placed.len();
        Check { name: "nothing_lost", says, holds }
    }

    fn all_rest(&self) -> Check {
        let moving = self.accounts.values().filter(|account| match account.name() {
            StateName::New | StateName::Retrying | StateName::Uncertain => true,
            StateName::Synced
            | StateName::Held
            | StateName::Cancelled
            | StateName::Ignored
            | StateName::Waiting => false,
        });
        let moving = moving.count();
        let synced = self.synced().count();
        let says = format!("{synced} orders are synced, {moving} are still being tried");
        Check { name: "all_rest", says, holds: moving == 0 && (self.faults || synced == self.placed.len()) }
    }

    fn no_duplicate(&self) -> Check {
        let count = |account: &Account| self.in_kinetic(account).len();
        let (synced, exactly) = (self.synced().count(), self.synced().filter(|one| count(one) == 1).count());
        let several = self.accounts.values().filter(|account| count(account) > 1).count();
        let says = format!(
            "{exactly} of {synced} synced orders have exactly one order in Kinetic, {several} orders have several"
        );
        Check { name: "one_order_a_reference", says, holds: exactly == synced && several == 0 }
    }

    fn no_stranger(&self) -> Check {
        let ours: BTreeSet<String> = self.placed.iter().map(|order| self.called(*order)).collect();
        let strangers = self.kinetic.keys().filter(|po_num| !ours.contains(*po_num)).count();
        let says = format!("{strangers} references in Kinetic that no web order has");
        Check { name: "no_stranger", says, holds: strangers == 0 }
    }

    /// Before tax to the cent; tax within what the rules allow.
    fn totals(&self) -> Check {
        let tolerance = match &self.rules.tax {
            TaxRule::Kinetic { tolerance } => *tolerance,
            TaxRule::Charge { .. } => Money::ZERO,
        };
        let (mut equal, mut most) = (0, Money::ZERO);
        for (shop, kinetic) in self.pairs() {
            equal +=
                usize::from(Money::new(kinetic.doc_total - kinetic.doc_tax) == amount(&shop, "total_ex_tax"));
            most = most.max((Money::new(kinetic.doc_tax) - amount(&shop, "total_tax")).abs());
        }
        let synced = self.synced().count();
        let says = format!(
            "{equal} of {synced} totals before tax agree to the cent; tax differs by {most} at most, {tolerance} is allowed"
        );
        Check { name: "totals_agree", says, holds: equal == synced && most <= tolerance }
    }

    fn lines(&self) -> Check {
        let (mut sold, mut held, mut wrong) = (0, 0, 0);
        for account in self.synced() {
            let id = |line: &Value| line.get("id").map(Value::to_string).unwrap_or_default();
            let ids: BTreeSet<String> = self.shop.order_lines(account.order.0).iter().map(id).collect();
            let found = self.in_kinetic(account).first();
            let lines = found.map(|order| order.lines.as_slice()).unwrap_or_default();
            let references: BTreeSet<String> = lines.iter().map(|line| line.po_line.clone()).collect();
            sold += ids.len();
            held += lines.len();
            wrong += usize::from(ids != references || lines.len() != ids.len());
        }
        let says = format!("{sold} lines sold, {held} in Kinetic, each under its own reference");
        Check { name: "every_line_once", says, holds: wrong == 0 && sold == held }
    }

    fn released(&self) -> Check {
        let (all, ready) = self.pairs().fold((0, 0), |(all, ready), (_, kinetic)| {
            (all + 1, ready + usize::from(kinetic.can_be_picked()))
        });
        let early = self.accounts.values().filter(|account| account.name() != StateName::Synced);
        let early =
            early.flat_map(|account| self.in_kinetic(account)).filter(|order| order.can_be_picked()).count();
        let says = format!(
            "{ready} of {all} synced orders are released to the warehouse, and {early} that are not synced"
        );
        Check { name: "proven_and_released", says, holds: ready == all && early == 0 }
    }

    fn numbers(&self) -> Check {
        let borne = self.pairs().filter(|(shop, kinetic)| {
            shop.get("external_order_id").and_then(Value::as_str)
                == Some(kinetic.order_num.to_string().as_str())
        });
        let (borne, synced) = (borne.count(), self.synced().count());
        let says = format!("{borne} of {synced} synced web orders bear their Kinetic number");
        Check { name: "numbers_written_back", says, holds: borne == synced }
    }

    fn customers(&self) -> Check {
        let mut by_shopper: BTreeMap<u64, BTreeSet<i32>> = BTreeMap::new();
        for (shop, kinetic) in self.pairs() {
            if let Some(shopper) = shop.get("customer_id").and_then(Value::as_u64).filter(|id| *id > 0) {
                by_shopper.entry(shopper).or_default().insert(kinetic.cust_num);
            }
        }
        let customers: BTreeSet<i32> = by_shopper.values().flatten().copied().collect();
        let says =
            format!("{} registered shoppers are {} Kinetic customers", by_shopper.len(), customers.len());
        let one_each = by_shopper.values().all(|customers| customers.len() == 1);
        Check { name: "one_customer_a_shopper", says, holds: one_each && customers.len() == by_shopper.len() }
    }

    fn memory(&self) -> Check {
        let most = MOST_MIB * 1024;
        let says = match self.end.peak_kib {
            Some(peak) => {
                format!("the pipeline's process took {} at most, {MOST_MIB} MiB are allowed", mib(peak))
            }
            None => "peak memory is not measured on this system".to_owned(),
        };
        Check { name: "memory_bounded", says, holds: self.end.peak_kib.is_none_or(|peak| peak < most) }
    }

    /// A run whose faults never struck proves nothing.
    fn weather(&self) -> Check {
        let says = format!("{} calls were made to fail", self.struck);
        Check { name: "faults_struck", says, holds: self.faults == (self.struck > 0) }
    }

    /// Each synced order on both sides.
    fn pairs(&self) -> impl Iterator<Item = (Value, &OrderView)> {
        self.synced().filter_map(|account| {
            Some((self.shop.order(account.order.0)?, self.in_kinetic(account).first()?))
        })
    }

    fn synced(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values().filter(|account| account.name() == StateName::Synced)
    }

    fn in_kinetic(&self, account: &Account) -> &[OrderView] {
        self.kinetic.get(&self.called(account.order.0)).map(Vec::as_slice).unwrap_or_default()
    }

    fn called(&self, order: u64) -> String {
        reference(&self.rules, OrderId(order)).as_str().to_owned()
    }
}

/// `54.3 MiB`.
pub(super) fn mib(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}

/// An amount as the store writes it: a decimal in quotation marks.
fn amount(order: &Value, field: &str) -> Money {
    let text = order.get(field).and_then(Value::as_str).unwrap_or_default();
    exact::parse(text).map(Money::new).unwrap_or_default()
}

#[cfg(test)]
mod tests;
