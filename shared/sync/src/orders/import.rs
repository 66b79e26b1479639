//! Brings an order into Kinetic: facts, map, look, plan, apply, prove, release.

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{OrderNum, Text};
use connector_kinetic::{Found, PartFound, ReadBack};
use connector_ports::{OrderState, Origin, Settlement, Stage, Totals, WriteBack};

use super::applied::whole;
use super::apply::{apply, name, release};
use super::audit::Trail;
use super::decide::History;
use super::desired::DesiredOrder;
use super::in_hand::InHand;
use super::map::{self, Facts};
use super::plan::{Plan, Standing, Step, by_hand, from_nothing, plan};
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
    if let Some(order_num) = nothing_to_follow(hand, full, origin)? {
        return Ok(synced(hand, full, order_num, trail));
    }
    let desired = desired(hand, full, trail).await?;
    let held = held(hand, &desired).await?;
    let applied = hand.applied();
    if let Some(held) = &held {
        if applied.is_none() {
            begun_by_us(hand, &desired, held)?;
        }
        // From now on it is known as ours, whatever fails next.
        trail.progress().order_num = Some(held.order_num);
    }
    let shipped = match &held {
        Some(held) if hand.history() == History::Written => shipped(hand, held.order_num).await?,
        Some(_) | None => false,
    };
    let standing = held.as_ref().map(|held| Standing { held, shipped });
    let plan = plan(&desired, applied, standing)?;
    // A step that the shop does not want any more may still appear: it counts as missing until it surely has not happened.
    let missing = |unknown: &str| {
        let named = |step: &Step| name(step, &desired) == unknown;
        let customer = unknown.starts_with(CUSTOMER_STEP);
        !customer && (plan.steps.iter().any(named) || !from_nothing(&desired).iter().any(named))
    };
    settled(hand, missing, trail)?;
    for note in &plan.kept {
        trail.rule("kinetic.kept", note);
    }
    let order_num = bring(hand, &desired, &plan, held, trail).await?;
    Ok(synced(hand, full, order_num, trail))
}

/// The order as it should be, from the shop's and the facts of Kinetic.
pub(super) async fn desired(
    hand: InHand<'_>,
    full: &FullOrder,
    trail: &mut Trail<'_>,
) -> Result<DesiredOrder, Failure> {
    let buyer = buyer(hand, full, trail).await?;
    let parts = parts(hand, full).await?;
    let desired = map::sales_order(full, &Facts { buyer, parts }, &hand.connected.rules)?;
    for note in &desired.notes {
        trail.rule(note.rule, &note.detail);
    }
    Ok(desired)
}

/// An order that bears the reference, of which nothing is recorded but perhaps that its header was sent, must be ours to be completed.
fn begun_by_us(hand: InHand<'_>, desired: &DesiredOrder, held: &ReadBack) -> Result<(), Hold> {
    let order_num = held.order_num;
    let known = hand.row.order_num == Some(order_num);
    if known || matches!(hand.row.settlement, Settlement::Unsettled { .. }) {
        return Ok(());
    }
    Err(Hold::about(
        HoldReason::ReadBackDiffers,
        order_num.to_string(),
        format!(
            "Kinetic order {order_num} bears the reference {}, but was not written by this connection; if a person keyed it, link the \
             order to it, else correct its reference, or void it",
            desired.header.external_ref
        ),
    ))
}

/// The number of an order that was imported completely, if nothing that went into Kinetic has changed in the shop since.
///
/// Parts, customers and rules may have: they are not asked again, or a part made inactive today would hold the orders of last year. A
/// person who asks gets the full comparison.
pub(super) fn nothing_to_follow(
    hand: InHand<'_>,
    full: &FullOrder,
    origin: Origin,
) -> Result<Option<OrderNum>, Hold> {
    let Some(applied) = hand.applied() else { return Ok(None) };
    let content = map::content(full);
    match applied.stage {
        Stage::ByHand => {
            by_hand(content, applied)?;
            Ok(Some(applied.order_num))
        }
        Stage::Complete => {
            Ok((origin != Origin::Replay && applied.content == content).then_some(applied.order_num))
        }
        Stage::Begun | Stage::Closed => Ok(None),
    }
}

pub(super) fn synced(hand: InHand<'_>, full: &FullOrder, order_num: OrderNum, trail: &mut Trail<'_>) -> Done {
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
    let applied = hand.applied();
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
    let mut released = applied.is_some_and(|applied| applied.released) || held.ready_to_fulfill;
    match prove(desired, &held, &connected.rules) {
        Ok(()) => {}
        Err(differs) if plan.kept.is_empty() => return Err(Failure::Held(differs)),
        // A person's changes stand beside ours: it is proven that ours do.
        Err(_) => followed(desired, &whole(desired, &held, applied, released), &held)?,
    }
    // A header whose answer was lost may have come late, after all looks: nothing is released while two orders stand there.
    if let Found::Many(numbers) = look(hand).await? {
        return Err(Failure::Held(several(&numbers)));
    }
    if let Some(open) = open
        && plan.steps.contains(&Step::Release)
    {
        release(open, &connected.kinetic, trail, deadline).await?;
        released = true;
    }
    let (shop, kinetic) = (desired.totals.total(), held.total);
    let progress = trail.progress();
    progress.applied = Some(whole(desired, &held, applied, released));
    progress.totals = Some(Totals { shop, kinetic, currency: desired.totals.currency.clone() });
    if !plan.kept.is_empty() && shop != kinetic {
        trail.rule(
            "kinetic.total",
            format!("{kinetic} in Kinetic with a person's changes, {shop} in the shop"),
        );
    }
    Ok(held.order_num)
}

/// Whether nothing of the shop's is left to be done.
fn followed(desired: &DesiredOrder, applied: &connector_ports::Applied, held: &ReadBack) -> Result<(), Hold> {
    let rest = plan(desired, Some(applied), Some(Standing { held, shipped: false }))?;
    if rest.steps.is_empty() {
        return Ok(());
    }
    let left: Vec<String> = rest.steps.iter().map(|step| name(step, desired)).collect();
    Err(Hold::about(
        HoldReason::ReadBackDiffers,
        held.order_num.to_string(),
        format!(
            "Kinetic order {} was changed as in the shop, but this did not stay: {}; correct it there",
            held.order_num,
            left.join(", ")
        ),
    ))
}

/// Whether anything of it has left.
pub(super) async fn shipped(hand: InHand<'_>, order_num: OrderNum) -> Result<bool, Failure> {
    Ok(hand.connected.kinetic.sales_orders().shipped(order_num, hand.deadline).await?)
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
        // Closed when the shop cancelled it; now the shop wants it after all.
        Found::One(found) if found.void && closed_by_us(hand, found.order_num) => return Ok(None),
        Found::One(found) => found.order_num,
    };
    let held = hand.connected.kinetic.sales_orders().read_back(order_num, hand.deadline).await?;
    Ok(Some(held.ok_or_else(|| gone(order_num))?))
}

fn closed_by_us(hand: InHand<'_>, order_num: OrderNum) -> bool {
    let applied = hand.row.applied.as_ref();
    applied.is_some_and(|applied| applied.stage == Stage::Closed && applied.order_num == order_num)
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
