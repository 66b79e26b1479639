//! What is looked at when all is done.

use std::collections::{BTreeMap, BTreeSet};

use connector_domain::Money;
use connector_ports::StateName;
use connector_simulators::kinetic::OrderView;
use serde_json::Value;

use super::DemoError;
use super::outcome::{amount, tolerance};
use super::report::{Check, OrderReport};
use super::stage::Stage;

/// A synced order with both its sides.
struct Pair {
    web_order: u64,
    shop: Value,
    kinetic: OrderView,
}

/// All checks of the end.
pub(super) async fn of(stage: &Stage, orders: &[OrderReport]) -> Result<Vec<Check>, DemoError> {
    let synced: Vec<Pair> = orders
        .iter()
        .filter(|order| order.state == Some(StateName::Synced))
        .filter_map(|order| {
            let (web_order, shop) = (order.web_order, stage.shop.order(order.web_order)?);
            Some(Pair { web_order, shop, kinetic: stage.in_kinetic(web_order).into_iter().next()? })
        })
        .collect();
    Ok(vec![
        lines(stage, &synced),
        totals(stage, &synced),
        numbers(&synced),
        released(&synced),
        customers(&synced),
        personal(stage, orders).await?,
        nothing_left(stage).await?,
    ])
}

/// Each line of the store stands in Kinetic once, known by its id.
fn lines(stage: &Stage, synced: &[Pair]) -> Check {
    let (mut sold, mut held, mut wrong) = (0, 0, 0);
    for pair in synced {
        let text = |line: &Value| line.get("id").map(Value::to_string).unwrap_or_default();
        let mut ids: Vec<String> = stage.shop.order_lines(pair.web_order).iter().map(text).collect();
        let mut references: Vec<String> =
            pair.kinetic.lines.iter().map(|line| line.po_line.clone()).collect();
        ids.sort();
        references.sort();
        sold += ids.len();
        held += references.len();
        wrong += usize::from(ids != references);
    }
    let says = format!("{sold} lines sold, {held} in Kinetic, each under its own reference");
    Check { name: "every_line_once", says, holds: sold == held && wrong == 0 && sold > 0 }
}

/// Before tax both sides agree to the cent. Tax may differ a little: the store rounds it by line, Kinetic by order.
fn totals(stage: &Stage, synced: &[Pair]) -> Check {
    let tolerance = tolerance(stage);
    let net = |pair: &&Pair| {
        let held = Money::new(pair.kinetic.doc_total - pair.kinetic.doc_tax);
        held == amount(&pair.shop, "total_ex_tax")
    };
    let equal = synced.iter().filter(net).count();
    let tax = |pair: &Pair| (Money::new(pair.kinetic.doc_tax) - amount(&pair.shop, "total_tax")).abs();
    let most = synced.iter().map(tax).max().unwrap_or_default();
    let says = format!(
        "{equal} of {} totals before tax agree to the cent; tax differs by {most} at most, {tolerance} is allowed",
        synced.len()
    );
    Check { name: "totals_agree", says, holds: equal == synced.len() && most <= tolerance }
}

/// The store's staff finds the Kinetic number on the order.
fn numbers(synced: &[Pair]) -> Check {
    let borne = |pair: &&Pair| {
        let number = pair.shop.get("external_order_id").and_then(Value::as_str).unwrap_or_default();
        number == pair.kinetic.order_num.to_string()
    };
    let count = synced.iter().filter(borne).count();
    let says = format!("{count} of {} synced web orders bear their Kinetic number", synced.len());
    Check { name: "numbers_written_back", says, holds: count == synced.len() }
}

/// The warehouse sees each order, now that it is whole.
fn released(synced: &[Pair]) -> Check {
    let count = synced.iter().filter(|pair| pair.kinetic.can_be_picked()).count();
    let says =
        format!("{count} of {} Kinetic orders were proven and released to the warehouse", synced.len());
    Check { name: "proven_and_released", says, holds: count == synced.len() }
}

/// One registered shopper, one customer.
fn customers(synced: &[Pair]) -> Check {
    let mut by_shopper: BTreeMap<u64, BTreeSet<i32>> = BTreeMap::new();
    for pair in synced {
        let shopper = pair.shop.get("customer_id").and_then(Value::as_u64).filter(|id| *id > 0);
        if let Some(shopper) = shopper {
            by_shopper.entry(shopper).or_default().insert(pair.kinetic.cust_num);
        }
    }
    let customers: BTreeSet<i32> = by_shopper.values().flatten().copied().collect();
    let says = format!("{} registered shoppers are {} Kinetic customers", by_shopper.len(), customers.len());
    let one_each = by_shopper.values().all(|customers| customers.len() == 1);
    Check { name: "one_customer_a_shopper", says, holds: one_each && customers.len() == by_shopper.len() }
}

/// Nothing that a shopper typed stands in the audit trail.
async fn personal(stage: &Stage, orders: &[OrderReport]) -> Result<Check, DemoError> {
    let mut trail = String::new();
    let mut entries = 0;
    for order in orders {
        for entry in stage.ledger().trail(&stage.key(order.web_order)).await? {
            entries += 1;
            // Without its moment, in whose digits a postal code may stand by chance.
            trail.push_str(&serde_json::to_string(&entry.event).unwrap_or_default());
        }
    }
    let typed = stage.shop.personal_strings();
    let found = typed.iter().filter(|text| trail.contains(text.as_str())).count();
    let says =
        format!("{entries} entries of audit, with {found} of {} names, streets and e-mails", typed.len());
    Ok(Check { name: "audit_without_names", says, holds: found == 0 && entries > 0 })
}

/// The queues are empty, nothing was given up, and nothing is due.
async fn nothing_left(stage: &Stage) -> Result<Check, DemoError> {
    let waiting = stage.inbox().waiting_in_all().await?;
    let dead = stage.inbox().given_up_in_all().await?;
    let now = stage.pipeline.surroundings().clock.now();
    let due = stage.ledger().due(now, 100).await?.len();
    let undelivered = stage.shop.pending_deliveries();
    let says = format!(
        "{waiting} messages, {dead} dead letters, {due} orders due and {undelivered} undelivered webhooks are left"
    );
    Ok(Check { name: "nothing_left", says, holds: waiting + dead + due + undelivered == 0 })
}
