//! The third part: three days in which no webhook arrives and nothing of ours runs, what they leave behind, and how it is made good.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_domain::{Clock as _, Deadline, OrderId, Timestamp};
use connector_ports::{AuditEvent, OrderState, StateName};
use connector_simulators::bigcommerce::{Address, NewOrder, dec, seed::shelf_line};
use connector_sync::jobs::{Figure, Job, Ran};
use connector_sync::poll::Report;
use futures_util::future::join;
use serde_json::Value;
use url::Url;

use super::acts::{CREATED, Placed, settle, taken};
use super::report::{Check, Expected};
use super::stage::Stage;
use super::{Audience, DemoError};

const DAY: Duration = Duration::from_hours(24);
const DAYS: u32 = 3;
const ORDERS_A_DAY: u32 = 2;

/// The scope of the hook that leads elsewhere afterwards.
const REFUNDED: &str = "store/order/refund/created";

/// So long after it the numbers that a seed file left out are explained, and Kinetic is asked for every order once more.
const LATER: Duration = Duration::from_hours(25);

/// So long it takes at most until the poller has sent its first order.
const AT_MOST: Duration = Duration::from_mins(1);

/// How often it is looked whether that is so.
const LOOK: Duration = Duration::from_millis(20);

/// Plays on; the orders join those that were played before.
pub(super) async fn play(
    stage: &Stage,
    orders: &mut Vec<Placed>,
    told: &mut BTreeSet<u64>,
    audience: &dyn Audience,
) -> Result<Vec<Check>, DemoError> {
    let lost = three_days(stage, orders, audience).await;
    let unknown = unknown(stage, &lost).await?;
    let mended = mended(stage, audience).await?;
    // Both at once: the poller begins with the oldest, and somebody buys something meanwhile.
    let (polled, bought) = join(stage.job(Job::OrderPoller), buys(stage, &lost)).await;
    let (polled, (today, delivered)) = (polled?, bought?);
    orders.push(Placed { web_order: today, about: "placed after it", expected: Expected::Synced });
    audience.hear(&format!(
        "the poller found {} orders that no webhook had told of, and sent them a few at a time",
        figure(&polled, Figure::OrdersMissed)
    ));
    settle(stage, orders, told, audience).await?;
    stage.shop.drain_hooks().await;
    settle(stage, orders, told, audience).await?;
    let found = found(stage, &lost, unknown, &polled).await?;
    let ahead = ahead(stage, &lost, today, delivered).await?;
    stage.clock.leap(LATER);
    stage.job(Job::OrderPoller).await?;
    // What was read in the second of its last change is read once more.
    settle(stage, orders, told, audience).await?;
    let report = stage.pipeline.jobs().poller().report(&stage.connected.id).await?;
    let complete = complete(stage, &report).await?;
    let proven = proven(&report);
    Ok(vec![mended, found, ahead, complete, proven])
}

/// The store goes on selling; every delivery is lost on its way, one hook is switched off and another is pointed elsewhere.
async fn three_days(stage: &Stage, orders: &mut Vec<Placed>, audience: &dyn Audience) -> Vec<u64> {
    stage.shop.lose_deliveries(|_, _| true);
    for hook in stage.shop.hooks() {
        let (id, scope) = (hook.get("id").and_then(Value::as_u64), hook.get("scope").and_then(Value::as_str));
        match (id, scope) {
            (Some(id), Some(CREATED)) => {
                stage.shop.switch_off_hook(id);
            }
            (Some(id), Some(REFUNDED)) => {
                stage.shop.repoint_hook(id, &elsewhere(&stage.door));
            }
            _ => {}
        }
    }
    let mut lost = Vec::new();
    for _ in 0..DAYS {
        for _ in 0..ORDERS_A_DAY {
            let web_order = stage.shop.place_order(gloves());
            orders.push(Placed { web_order, about: "in the outage", expected: Expected::Synced });
            lost.push(web_order);
        }
        stage.clock.leap(DAY);
        stage.shop.drain_hooks().await;
    }
    audience.hear(&format!(
        "{DAYS} days pass: every webhook is lost, one hook is switched off, one leads elsewhere, no job runs, and {} orders are placed",
        lost.len()
    ));
    stage.shop.lose_no_deliveries();
    lost
}

/// Another server of this machine, on a port where nobody listens.
fn elsewhere(door: &Url) -> Url {
    let mut elsewhere = door.clone();
    // An address with a host has a port.
    let _http = elsewhere.set_port(Some(9));
    elsewhere
}

fn gloves() -> NewOrder {
    let buyer = Address::of("Jonas", "Winter", "jonas.winter@example.com");
    let line = shelf_line("GLV-LEA-M", 1);
    line.into_iter().fold(NewOrder::guest(buyer).tax_rate(dec("0.0825")), NewOrder::with_line)
}

/// Of how many of these orders the ledger has never heard.
async fn unknown(stage: &Stage, lost: &[u64]) -> Result<usize, DemoError> {
    let mut unknown = 0;
    for order in lost {
        unknown += usize::from(stage.ledger().get(&stage.key(*order)).await?.is_none());
    }
    Ok(unknown)
}

/// The auditor puts the two hooks right, and leaves the others alone.
async fn mended(stage: &Stage, audience: &dyn Audience) -> Result<Check, DemoError> {
    let ran = stage.job(Job::WebhookAuditor).await?;
    let (mended, wrong) = (figure(&ran, Figure::HooksMended), figure(&ran, Figure::HooksWrong));
    let hooks = stage.shop.hooks();
    let good = |hook: &&Value| {
        let leads = hook.get("destination").and_then(Value::as_str);
        let there = leads.is_some_and(|leads| leads.starts_with(stage.door.as_str()));
        hook.get("is_active").and_then(Value::as_bool) == Some(true) && there
    };
    let right = hooks.iter().filter(good).count();
    let says = format!(
        "after {DAYS} days without webhooks the auditor put {mended} hooks right: {right} of {} are active and lead to us",
        hooks.len()
    );
    audience.hear(&says);
    Ok(Check { name: "hooks_mended", says, holds: (mended, wrong) == (2, 0) && right == hooks.len() })
}

/// Once the first of `lost` is on its way, somebody places an order; gives it, and how many of its deliveries were answered 200.
async fn buys(stage: &Stage, lost: &[u64]) -> Result<(u64, usize), DemoError> {
    let deadline = Deadline::after(&stage.clock, AT_MOST);
    while unknown(stage, lost).await? == lost.len() && !deadline.time_left(&stage.clock).is_zero() {
        stage.clock.sleep(LOOK).await;
    }
    let order = stage.shop.place_order(gloves());
    Ok((order, taken(&stage.shop.drain_hooks().await)))
}

/// The ledger had heard of none, and Kinetic has each once.
async fn found(stage: &Stage, lost: &[u64], unknown: usize, polled: &Ran) -> Result<Check, DemoError> {
    let missed = figure(polled, Figure::OrdersMissed);
    let once = lost.iter().filter(|order| stage.in_kinetic(**order).len() == 1).count();
    let still = self::unknown(stage, lost).await?;
    let says = format!(
        "{missed} orders that no webhook had told of were found, {once} of {} are in Kinetic, each once",
        lost.len()
    );
    let holds = unknown == lost.len()
        && usize::try_from(missed) == Ok(lost.len())
        && once == lost.len()
        && still == 0;
    Ok(Check { name: "outage_back_filled", says, holds })
}

/// Today's order stands behind those of the outage that were under way, never behind all of them.
async fn ahead(stage: &Stage, lost: &[u64], today: u64, delivered: usize) -> Result<Check, DemoError> {
    let done = synced_at(stage, today).await?;
    let mut later = 0;
    for order in lost {
        later += usize::from(synced_at(stage, *order).await? > done);
    }
    let says = format!(
        "order {today} of today, told of by a hook that was put right, was done before {later} of the {} of the outage",
        lost.len()
    );
    Ok(Check { name: "today_goes_ahead", says, holds: done.is_some() && delivered > 0 && later > 0 })
}

/// When an order became synced for the first time.
async fn synced_at(stage: &Stage, order: u64) -> Result<Option<Timestamp>, DemoError> {
    let trail = stage.ledger().trail(&stage.key(order)).await?;
    let synced = trail
        .into_iter()
        .find(|entry| matches!(&entry.event, AuditEvent::Transition { to: OrderState::Synced, .. }));
    Ok(synced.map(|entry| entry.at))
}

/// Every number up to the newest is an order of the ledger or explained, and what is not settled stands where the account says.
async fn complete(stage: &Stage, report: &Report) -> Result<Check, DemoError> {
    let orders = stage.shop.order_ids();
    let newest = orders.iter().max().copied().map(OrderId);
    let number = |order: Option<OrderId>| order.map_or_else(|| "none".to_owned(), |order| order.to_string());
    let minutes = report.read_to.map_or(i64::MAX, |to| stage.clock.now().duration_since(to).as_secs() / 60);
    let unaccounted = unknown(stage, &orders).await?;
    let waits = first_unsettled(stage, &orders).await?;
    let says = format!(
        "every order up to {} of {} is accounted for, and every change until {minutes} minutes ago; all up to {} are settled, {}; \
         {unaccounted} of {} orders are not in the ledger",
        number(report.accounted_to),
        number(newest),
        number(report.settled_to),
        waits
            .as_ref()
            .map_or_else(|| "none waits".to_owned(), |(order, state)| format!("order {order} is {state}")),
        orders.len()
    );
    let next = |order: OrderId| OrderId(order.0.saturating_add(1));
    let settled = match &waits {
        Some((order, _)) => report.settled_to.map(next) == Some(*order),
        None => report.settled_to == newest,
    };
    let accounted = report.accounted_to == newest && report.open.is_empty() && unaccounted == 0;
    Ok(Check { name: "complete", says, holds: accounted && settled && minutes < 60 })
}

/// The lowest order that is not done with, and how it stands.
async fn first_unsettled(
    stage: &Stage,
    orders: &[u64],
) -> Result<Option<(OrderId, &'static str)>, DemoError> {
    for order in orders {
        let row = stage.ledger().get(&stage.key(*order)).await?;
        let stands = row.as_ref().map_or("unknown", |row| row.state.name().as_str());
        if !row.is_some_and(|row| is_settled(row.state.name())) {
            return Ok(Some((OrderId(*order), stands)));
        }
    }
    Ok(None)
}

const fn is_settled(state: StateName) -> bool {
    match state {
        StateName::Synced | StateName::Cancelled | StateName::Ignored => true,
        StateName::New
        | StateName::Waiting
        | StateName::Retrying
        | StateName::Uncertain
        | StateName::Held => false,
    }
}

/// Kinetic itself was asked for every order that the ledger calls synced.
fn proven(report: &Report) -> Check {
    let (checked, wrong) = report.proof.as_ref().map_or((0, 0), |proof| {
        (proof.checked, proof.besides + u64::try_from(proof.mismatches.len()).unwrap_or(u64::MAX))
    });
    let says =
        format!("{checked} orders compared with Kinetic once more by their references, {wrong} differ");
    Check { name: "proven_in_kinetic", says, holds: checked > 0 && wrong == 0 }
}

fn figure(ran: &Ran, which: Figure) -> u64 {
    ran.figures.iter().filter(|(figure, _)| *figure == which).map(|(_, value)| *value).sum()
}
