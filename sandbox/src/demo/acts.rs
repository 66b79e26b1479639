//! What happens, one act after the other.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_domain::Deadline;
use connector_ports::{LedgerRow, OrderState, QueueName, WriteBack};
use connector_simulators::bigcommerce::{DeliveryMode, Sent};

use super::cast::Role;
use super::report::{Calls, Check, Expected};
use super::stage::Stage;
use super::{Audience, DemoError, afterwards, catalogue, outage};

/// The story takes seconds; after so long it tells what stands, whatever that is.
const AT_MOST: Duration = Duration::from_mins(2);

/// How often the audience is told how far the work is.
const GLANCE: Duration = Duration::from_millis(50);

/// What a new order is told by.
pub(super) const CREATED: &str = "store/order/created";

/// An order that was placed.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) web_order: u64,
    pub(super) about: &'static str,
    pub(super) expected: Expected,
}

/// What came of the acts.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) orders: Vec<Placed>,
    pub(super) checks: Vec<Check>,
}

/// Plays all acts; the pipeline must be running.
pub(super) async fn play(
    stage: &Stage,
    roles: Vec<Role>,
    audience: &dyn Audience,
) -> Result<Seen, DemoError> {
    let mut orders: Vec<Placed> = roles
        .into_iter()
        .map(|Role { about, expected, order }| Placed {
            web_order: stage.shop.place_order(order),
            about,
            expected,
        })
        .collect();
    audience.see(0, orders.len(), &format!("{} orders placed in the store", orders.len()));
    let first = orders.first().map_or(0, |order| order.web_order);
    let forged = forged(stage, first, audience).await?;
    let genuine = genuine(stage, audience).await;
    let second = deliver(stage, first, DeliveryMode::Duplicate).await?;
    audience.hear(&format!("webhook of order {first} delivered a second time: answered {}", said(second)));
    let mut told = BTreeSet::new();
    settle(stage, &orders, &mut told, audience).await?;
    let repeated = repeated(stage, first, second);
    let (before, sent) = (stage.calls(), stage.shop.drain_hooks().await);
    settle(stage, &orders, &mut told, audience).await?;
    let echoes = echoes(stage, before, &sent, audience);
    let mut checks = vec![forged, genuine, repeated, echoes];
    checks.extend(afterwards::play(stage, &mut orders, &mut told, audience).await?);
    checks.extend(outage::play(stage, &mut orders, &mut told, audience).await?);
    checks.extend(catalogue::play(stage, &mut orders, &mut told, audience).await?);
    Ok(Seen { orders, checks })
}

/// Somebody who does not have the store's secret tells of an order, before the store itself does.
async fn forged(stage: &Stage, order: u64, audience: &dyn Audience) -> Result<Check, DemoError> {
    let before = stage.calls();
    let status = deliver(stage, order, DeliveryMode::BadSignature).await?;
    let written = usize::from(stage.ledger().get(&stage.key(order)).await?.is_some());
    let queued = stage.inbox().waiting(QueueName::Orders).await?;
    let asked = stage.calls() != before;
    let says = format!(
        "forged delivery about order {order}: answered {}, {queued} messages queued, {written} rows written, {}",
        said(status),
        if asked { "and a vendor was asked" } else { "no vendor asked" }
    );
    audience.hear(&says);
    Ok(Check { name: "forged_delivery", says, holds: status == Some(401) && queued + written == 0 && !asked })
}

/// The store tells of all its new orders.
async fn genuine(stage: &Stage, audience: &dyn Audience) -> Check {
    let sent = stage.shop.drain_hooks().await;
    let taken = taken(&sent);
    let says = format!("{} signed webhooks delivered, {taken} answered 200", sent.len());
    audience.hear(&says);
    Check { name: "signed_deliveries", says, holds: !sent.is_empty() && taken == sent.len() }
}

/// The store has told of an order once more, with the id and the bytes of the first time.
fn repeated(stage: &Stage, order: u64, second: Option<u16>) -> Check {
    let found = stage.in_kinetic(order).len();
    let orders = if found == 1 { "order" } else { "orders" };
    let says = format!(
        "webhook of order {order} delivered twice: answered {} again, {found} {orders} in Kinetic",
        said(second)
    );
    Check { name: "duplicate_delivery", says, holds: second == Some(200) && found == 1 }
}

/// The numbers that we wrote into the store have come home as webhooks.
fn echoes(stage: &Stage, before: Calls, sent: &[Sent], audience: &dyn Audience) -> Check {
    let taken = taken(sent);
    let after = stage.calls();
    let (asked, read) = (after.kinetic - before.kinetic, after.bigcommerce - before.bigcommerce);
    let says = format!(
        "{} write-backs of our own came home as webhooks: {taken} answered 200, {read} calls to the store, \
         {asked} to Kinetic",
        sent.len()
    );
    audience.hear(&says);
    Check { name: "own_echo", says, holds: !sent.is_empty() && taken == sent.len() && asked == 0 }
}

/// How many were answered as the vendor wants it.
pub(super) fn taken(sent: &[Sent]) -> usize {
    sent.iter().filter(|sent| sent.status == Some(200)).count()
}

async fn deliver(stage: &Stage, order: u64, mode: DeliveryMode) -> Result<Option<u16>, DemoError> {
    let delivery = stage.shop.delivery(CREATED, order, mode).ok_or(DemoError::NoSuchOrder(order))?;
    let destination = stage.receiver.address(&stage.connected.id)?;
    Ok(stage.shop.send(&delivery, &destination).await.ok())
}

fn said(status: Option<u16>) -> String {
    status.map_or_else(|| "not at all".to_owned(), |status| status.to_string())
}

/// Waits until nothing is in the queue and every order rests, or until patience ends. Each end is told once.
pub(super) async fn settle(
    stage: &Stage,
    orders: &[Placed],
    told: &mut BTreeSet<u64>,
    audience: &dyn Audience,
) -> Result<(), DemoError> {
    let clock = stage.pipeline.surroundings().clock.clone();
    let deadline = Deadline::after(clock.as_ref(), AT_MOST);
    loop {
        let (mut resting, mut now) = (0, String::new());
        for placed in orders {
            let Some(row) = stage.ledger().get(&stage.key(placed.web_order)).await? else {
                continue;
            };
            if !rests(&row) {
                now = at_work(&row).unwrap_or(now);
                continue;
            }
            resting += 1;
            if told.insert(placed.web_order) {
                audience.see(told.len(), orders.len(), &end(placed, &row));
            }
        }
        audience.glance(&now);
        let quiet = resting == orders.len() && stage.inbox().waiting_in_all().await? == 0;
        if quiet || deadline.time_left(clock.as_ref()).is_zero() {
            return Ok(());
        }
        clock.sleep(GLANCE).await;
    }
}

/// Whether nothing will happen to an order by itself.
fn rests(row: &LedgerRow) -> bool {
    let ended = match row.state {
        OrderState::Synced
        | OrderState::Cancelled
        | OrderState::Held { .. }
        | OrderState::Waiting { .. }
        | OrderState::Ignored { .. } => true,
        OrderState::New | OrderState::Retrying { .. } | OrderState::Uncertain { .. } => false,
    };
    ended && row.lease_until.is_none() && !row.again && !matches!(row.write_back, WriteBack::Pending { .. })
}

/// `order 104 (coupon): synced as Kinetic order 100049`.
fn end(placed: &Placed, row: &LedgerRow) -> String {
    let number = row.order_num.map(|number| format!(" as Kinetic order {number}")).unwrap_or_default();
    format!("order {} ({}): {}{number}", placed.web_order, placed.about, row.state)
}

/// How far a long order is, as its last checkpoint tells.
fn at_work(row: &LedgerRow) -> Option<String> {
    let applied = row.applied.as_ref()?;
    Some(format!("order {}: {} of {} lines", row.key.order, applied.lines.len(), row.lines.len()))
}
