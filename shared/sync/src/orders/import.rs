//! Brings an order into Kinetic: facts, map, look, plan, apply, prove, release.

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{OrderNum, Text};
use connector_kinetic::{Found, PartFound, ReadBack};
use connector_ports::{OrderState, Origin, Settlement, Totals, WriteBack};

use super::apply::{applied_whole, apply, name, release};
use super::audit::Trail;
use super::decide::History;
use super::desired::DesiredOrder;
use super::in_hand::InHand;
use super::map::{self, Facts};
use super::plan::{Plan, Step, from_nothing, plan};
use super::prove::prove;
use super::reference;
use super::settle::settled;
use super::work::{Done, bears};
use super::write_back::WriteBackDue;
use crate::customers::{CUSTOMER_STEP, buyer};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;

/// The way of an order that belongs into Kinetic.
pub(super) async fn import(
    hand: InHand<'_>,
    full: &FullOrder,
    origin: Origin,
    trail: &mut Trail<'_>,
) -> Result<Done, Failure> {
    if let Some(order_num) = nothing_to_follow(hand, full, origin) {
        return Ok(synced(hand, full, order_num, trail));
    }
    let buyer = buyer(hand, full, trail).await?;
    let parts = parts(hand, full).await?;
    let desired = map::sales_order(full, &Facts { buyer, parts }, &hand.connected.rules)?;
    for note in &desired.notes {
        trail.rule(note.rule, &note.detail);
    }
    let held = held(hand, &desired).await?;
    if let Some(held) = held.as_ref().filter(|_| hand.row.applied.is_none()) {
        begun_by_us(hand, &desired, held)?;
    }
    let plan = plan(&desired, hand.row.applied.as_ref(), held.as_ref())?;
    // A step that the shop does not want any more may still appear: it counts as missing until it surely has not happened.
    let missing = |unknown: &str| {
        let named = |step: &Step| name(*step, &desired) == unknown;
        let customer = unknown.starts_with(CUSTOMER_STEP);
        !customer && (plan.steps.iter().any(named) || !from_nothing(&desired).iter().any(named))
    };
    settled(hand, missing, trail)?;
    let imported = hand.history() == History::Written;
    let order_num = match held {
        Some(held) if imported && plan.steps.is_empty() => held.order_num,
        held => bring(hand, &desired, &plan, held, trail).await?,
    };
    Ok(synced(hand, full, order_num, trail))
}

/// An order that bears the reference, of which nothing is recorded but perhaps that its header was sent, is ours only if that header was
/// made from what the shop says today.
fn begun_by_us(hand: InHand<'_>, desired: &DesiredOrder, held: &ReadBack) -> Result<(), Hold> {
    let order_num = held.order_num;
    match &hand.row.settlement {
        Settlement::Unsettled { content, .. } if *content == desired.content => Ok(()),
        Settlement::Unsettled { .. } => Err(Hold::about(
            HoldReason::EditedAfterImport,
            order_num.to_string(),
            format!(
                "changed in the shop while Kinetic order {order_num} was being created; make the change there and complete it by hand"
            ),
        )),
        Settlement::Settled => Err(Hold::about(
            HoldReason::ReadBackDiffers,
            order_num.to_string(),
            format!(
                "Kinetic order {order_num} bears the reference {}, but was not written by this connection; correct its reference, or void it",
                desired.header.external_ref
            ),
        )),
    }
}

/// The number of an order that was imported completely, if nothing that went into Kinetic has changed in the shop since.
///
/// Parts, customers and rules may have: they are not asked again, or a part made inactive today would hold the orders of last year. A
/// person who asks gets the full comparison.
fn nothing_to_follow(hand: InHand<'_>, full: &FullOrder, origin: Origin) -> Option<OrderNum> {
    let applied = hand.row.applied.as_ref().filter(|applied| applied.complete)?;
    (origin != Origin::Replay && applied.content == map::content(full)).then_some(applied.order_num)
}

fn synced(hand: InHand<'_>, full: &FullOrder, order_num: OrderNum, trail: &mut Trail<'_>) -> Done {
    let progress = trail.progress();
    progress.order_num = Some(order_num);
    if bears(full, order_num) {
        progress.write_back = Some(WriteBack::Done);
        return Done { state: OrderState::Synced, order_num: Some(order_num), write_back: None };
    }
    let due = WriteBackDue { order_num, attempt: 0, already: false };
    progress.write_back = Some(due.pending(hand.consumer));
    Done { state: OrderState::Synced, order_num: Some(order_num), write_back: Some(due) }
}

/// Carries the plan out and proves the result; released only when proven.
async fn bring(
    hand: InHand<'_>,
    desired: &DesiredOrder,
    plan: &Plan,
    held: Option<ReadBack>,
    trail: &mut Trail<'_>,
) -> Result<OrderNum, Failure> {
    let InHand { connected, deadline, .. } = hand;
    let applied = hand.row.applied.as_ref();
    let orders = connected.kinetic.sales_orders();
    let (open, held) = match held {
        // Everything stands already: only our record of it is missing.
        Some(held) if plan.steps.is_empty() => (None, held),
        _ => {
            let open = apply(desired, plan, applied, &connected.kinetic, trail, deadline).await?;
            let held = orders.read_back(open.order_num(), deadline).await?;
            let held = held.ok_or_else(|| gone(open.order_num()))?;
            (Some(open), held)
        }
    };
    let proof = prove(desired, &held, &connected.rules)?;
    // A header whose answer was lost may have come late, after all looks: nothing is released while two orders stand there.
    if let Found::Many(numbers) = look(hand).await? {
        return Err(Failure::Held(several(&numbers)));
    }
    let mut released = applied.is_some_and(|applied| applied.released) || held.ready_to_fulfill;
    if let Some(open) = open
        && plan.steps.contains(&Step::Release)
    {
        release(open, &connected.kinetic, trail, deadline).await?;
        released = true;
    }
    let progress = trail.progress();
    progress.applied = Some(applied_whole(desired, held.order_num, released));
    progress.totals =
        Some(Totals { shop: proof.shop, kinetic: proof.kinetic, currency: desired.totals.currency.clone() });
    Ok(held.order_num)
}

/// The order that Kinetic holds under the reference, read back flat.
async fn held(hand: InHand<'_>, desired: &DesiredOrder) -> Result<Option<ReadBack>, Failure> {
    let order_num = match look(hand).await? {
        Found::None => return Ok(None),
        Found::Many(numbers) => return Err(Failure::Held(several(&numbers))),
        Found::One(found)
            if found.cust_num != desired.cust_num && hand.row.order_num != Some(found.order_num) =>
        {
            return Err(Failure::Held(Hold::about(
                HoldReason::SeveralOrders,
                found.order_num.to_string(),
                format!(
                    "Kinetic order {} bears the reference {} but belongs to another customer (CustNum {}, not {}); \
                     correct its reference",
                    found.order_num, desired.header.external_ref, found.cust_num, desired.cust_num
                ),
            )));
        }
        Found::One(found) => found.order_num,
    };
    let held = hand.connected.kinetic.sales_orders().read_back(order_num, hand.deadline).await?;
    Ok(Some(held.ok_or_else(|| gone(order_num))?))
}

/// Looks for the order by its reference.
pub(super) async fn look(hand: InHand<'_>) -> Result<Found, Failure> {
    let rules = &hand.connected.rules;
    let reference = reference(rules, hand.row.key.order);
    let orders = hand.connected.kinetic.sales_orders();
    Ok(orders.find(&reference, rules.orders.anchor, hand.deadline).await?)
}

/// The parts of the order's lines.
async fn parts(hand: InHand<'_>, full: &FullOrder) -> Result<BTreeMap<Text<50>, PartFound>, Failure> {
    let InHand { connected, deadline, .. } = hand;
    let mut wanted: Vec<Text<50>> =
        full.lines.iter().filter_map(|line| map::part_num(&line.sku, &connected.rules)).collect();
    wanted.sort();
    wanted.dedup();
    let found = connected.kinetic.parts().by_part_nums(&wanted, deadline).await?;
    Ok(wanted
        .into_iter()
        .filter_map(|wanted| {
            let part = found.iter().find(|part| part.is_called(wanted.as_str()))?.clone();
            Some((wanted, part))
        })
        .collect())
}

/// Several orders under one reference: nobody but a person can say which is the right one.
pub(super) fn several(numbers: &[OrderNum]) -> Hold {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Hold::about(
        HoldReason::SeveralOrders,
        numbers.join(","),
        format!("Kinetic orders {} bear one reference; keep one and void the others", numbers.join(", ")),
    )
}

fn gone(order_num: OrderNum) -> Failure {
    Failure::Held(Hold::about(
        HoldReason::VanishedFromKinetic,
        order_num.to_string(),
        format!(
            "order {order_num} was found by its reference, but could not be read; look for it in Kinetic"
        ),
    ))
}
