//! Brings an order into Kinetic: facts, map, look, plan, apply, prove, release.

use std::collections::BTreeMap;

use connector_bigcommerce::FullOrder;
use connector_domain::{Deadline, OrderId, OrderNum, Text};
use connector_kinetic::{Found, PartFound, ReadBack};
use connector_ports::{LedgerRow, OrderState, Totals, WriteBack};

use super::apply::{applied_whole, apply, name, release};
use super::audit::Trail;
use super::consume::Consumer;
use super::desired::DesiredOrder;
use super::map::{self, Facts};
use super::plan::{Plan, Step, plan};
use super::prove::prove;
use super::reference;
use super::settle::settled;
use super::work::{Done, bears};
use super::write_back::WriteBackDue;
use crate::connected::Connected;
use crate::customers::buyer;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;

/// The way of an order that belongs into Kinetic.
pub(super) async fn import(
    row: &LedgerRow,
    full: &FullOrder,
    connected: &Connected,
    consumer: Consumer<'_>,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<Done, Failure> {
    let buyer = buyer(row, full, connected, consumer, trail, deadline).await?;
    let parts = parts(full, connected, deadline).await?;
    let desired = map::sales_order(full, &Facts { buyer, parts }, &connected.rules)?;
    for note in &desired.notes {
        trail.rule(note.rule, &note.detail);
    }
    let held = held(row, &desired, connected, deadline).await?;
    let plan = plan(&desired, row.applied.as_ref(), held.as_ref())?;
    let missing = |unknown: &str| plan.steps.iter().any(|step| name(*step, &desired) == unknown);
    settled(row, missing, consumer, trail)?;
    let imported = row.applied.as_ref().is_some_and(|applied| applied.complete);
    let order_num = match (held, imported) {
        (Some(held), true) if plan.steps.is_empty() => held.order_num,
        (held, _) => bring(row, &desired, &plan, held, connected, trail, deadline).await?,
    };
    let progress = trail.progress();
    progress.order_num = Some(order_num);
    if bears(full, order_num) {
        progress.write_back = Some(WriteBack::Done);
        return Ok(Done { state: OrderState::Synced, write_back: None });
    }
    let due = WriteBackDue { order_num, attempt: 0, already: false };
    progress.write_back = Some(due.pending(consumer));
    Ok(Done { state: OrderState::Synced, write_back: Some(due) })
}

/// Carries the plan out and proves the result; released only when proven.
async fn bring(
    row: &LedgerRow,
    desired: &DesiredOrder,
    plan: &Plan,
    held: Option<ReadBack>,
    connected: &Connected,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OrderNum, Failure> {
    let orders = connected.kinetic.sales_orders();
    let (open, held) = match held {
        // Everything stands already: only our record of it is missing.
        Some(held) if plan.steps.is_empty() => (None, held),
        _ => {
            let open =
                apply(desired, plan, row.applied.as_ref(), &connected.kinetic, trail, deadline).await?;
            let held =
                orders.read_back(open.order_num(), deadline).await?.ok_or_else(|| gone(open.order_num()))?;
            (Some(open), held)
        }
    };
    let proof = prove(desired, &held, &connected.rules)?;
    let mut released = row.applied.as_ref().is_some_and(|applied| applied.released) || held.ready_to_fulfill;
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
async fn held(
    row: &LedgerRow,
    desired: &DesiredOrder,
    connected: &Connected,
    deadline: Deadline,
) -> Result<Option<ReadBack>, Failure> {
    let order_num = match look(row.key.order, connected, deadline).await? {
        Found::None => return Ok(None),
        Found::Many(numbers) => return Err(Failure::Held(several(&numbers))),
        Found::One(found) if found.cust_num != desired.cust_num && row.order_num != Some(found.order_num) => {
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
    let held = connected.kinetic.sales_orders().read_back(order_num, deadline).await?;
    Ok(Some(held.ok_or_else(|| gone(order_num))?))
}

/// Looks for the order by its reference.
pub(super) async fn look(
    order: OrderId,
    connected: &Connected,
    deadline: Deadline,
) -> Result<Found, Failure> {
    let reference = reference(&connected.rules, order);
    Ok(connected.kinetic.sales_orders().find(&reference, connected.rules.orders.anchor, deadline).await?)
}

/// The parts of the order's lines.
async fn parts(
    full: &FullOrder,
    connected: &Connected,
    deadline: Deadline,
) -> Result<BTreeMap<Text<50>, PartFound>, Failure> {
    let mut wanted: Vec<Text<50>> =
        full.lines.iter().filter_map(|line| map::part_num(&line.sku, &connected.rules)).collect();
    wanted.sort();
    wanted.dedup();
    let found = connected.kinetic.parts().by_part_nums(&wanted, deadline).await?;
    Ok(wanted
        .into_iter()
        .filter_map(|wanted| {
            let same = |part: &&PartFound| part.part_num.eq_ignore_ascii_case(wanted.as_str());
            let part = found.iter().find(same)?.clone();
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
