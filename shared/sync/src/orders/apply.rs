//! Carries a plan out: draft, write the intent, save, write the outcome.

use connector_domain::{Deadline, OrderNum};

use connector_kinetic::{Draft, Kinetic, OpenOrder};
use connector_ports::{Applied, AppliedCharge, AppliedLine};

use super::audit::Trail;
use super::desired::DesiredOrder;
use super::plan::{Plan, Step};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;

/// At most so many saves stand between two writes to the ledger.
const SAVES_A_WRITE: usize = 25;

/// Everything of the plan but the release, which has to wait for the proof.
///
/// # Errors
/// The failure of the first call that failed. What was saved until then is in the trail's progress, and the next look finds it.
pub async fn apply(
    desired: &DesiredOrder,
    plan: &Plan,
    applied: Option<&Applied>,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OpenOrder, Failure> {
    let orders = kinetic.sales_orders();
    let mut open = match plan.resumes {
        Some(order_num) => orders.open(order_num, deadline).await?.ok_or_else(|| vanished(order_num))?,
        None => create_header(desired, kinetic, trail, deadline).await?,
    };
    if trail.progress().applied.is_none() {
        trail.progress().applied =
            Some(applied.cloned().unwrap_or_else(|| nothing_yet(desired, open.order_num())));
    }
    trail.progress().order_num = Some(open.order_num());
    let saves: Vec<Step> =
        plan.steps.iter().copied().filter(|s| matches!(s, Step::AddLine(_) | Step::AddCharge(_))).collect();
    for batch in saves.chunks(SAVES_A_WRITE) {
        for step in batch {
            open = save(*step, desired, open, kinetic, trail, deadline).await?;
        }
        trail.write().await?;
    }
    if plan.steps.contains(&Step::Recalculate) {
        trail.will_change("recalculate").await?;
        open = match orders.set_ready_to_calc(open, deadline).await {
            Ok(open) => open,
            Err(error) => return Err(trail.failed("recalculate", error)),
        };
        trail.saved("recalculate", Some(open.order_num()));
    }
    Ok(open)
}

/// The last step of a first import. What was released once is never released again.
///
/// # Errors
/// The failure of the call.
pub async fn release(
    open: OpenOrder,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<(), Failure> {
    trail.will_change("release").await?;
    match kinetic.sales_orders().release(open, deadline).await {
        Ok(open) => {
            trail.saved("release", Some(open.order_num()));
            Ok(())
        }
        Err(error) => Err(trail.failed("release", error)),
    }
}

async fn create_header(
    desired: &DesiredOrder,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OpenOrder, Failure> {
    let orders = kinetic.sales_orders();
    let draft = orders.draft_header(&desired.header, deadline).await?;
    for warning in draft.warnings() {
        trail.rule("credit.warning", warning);
    }
    let open = save_draft(draft, "header", kinetic, trail, deadline).await?;
    trail.progress().order_num = Some(open.order_num());
    trail.progress().applied = Some(nothing_yet(desired, open.order_num()));
    // At once: whoever completes the order after a crash must know with which address and customer it was begun.
    trail.write().await?;
    Ok(open)
}

async fn save(
    step: Step,
    desired: &DesiredOrder,
    open: OpenOrder,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OpenOrder, Failure> {
    let orders = kinetic.sales_orders();
    let step_name = name(step, desired);
    let draft = match step {
        Step::AddLine(at) => match desired.lines.get(at) {
            Some(line) => orders.draft_line(&open, line, deadline).await?,
            None => return Ok(open),
        },
        Step::AddCharge(at) => match desired.charges.get(at) {
            Some(charge) => orders.draft_charge(&open, charge, deadline).await?,
            None => return Ok(open),
        },
        Step::CreateHeader | Step::Recalculate | Step::Release => return Ok(open),
    };
    let open = save_draft(draft, &step_name, kinetic, trail, deadline).await?;
    if let Some(applied) = &mut trail.progress().applied {
        record(step, desired, applied);
    }
    Ok(open)
}

async fn save_draft(
    draft: Draft,
    step: &str,
    kinetic: &Kinetic,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<OpenOrder, Failure> {
    trail.will_create(step).await?;
    match kinetic.sales_orders().save(draft, deadline).await {
        Ok(saved) => {
            trail.saved(step, Some(saved.order.order_num()));
            Ok(saved.order)
        }
        Err(error) => Err(trail.failed(step, error)),
    }
}

/// The name of a step in the trail: references and codes, nothing personal.
pub(super) fn name(step: Step, desired: &DesiredOrder) -> String {
    match step {
        Step::CreateHeader => "header".to_owned(),
        Step::AddLine(at) => match desired.lines.get(at) {
            Some(line) => format!("line {}", line.reference),
            None => "line".to_owned(),
        },
        Step::AddCharge(at) => match desired.charges.get(at) {
            Some(charge) => format!("charge {}", charge.code),
            None => "charge".to_owned(),
        },
        Step::Recalculate => "recalculate".to_owned(),
        Step::Release => "release".to_owned(),
    }
}

fn nothing_yet(desired: &DesiredOrder, order_num: OrderNum) -> Applied {
    Applied {
        order_num,
        content: desired.content,
        address: desired.address_digest(),
        comment: desired.comment_digest(),
        header: desired.header_digest(),
        lines: Vec::new(),
        charges: Vec::new(),
        released: false,
        complete: false,
    }
}

fn record(step: Step, desired: &DesiredOrder, applied: &mut Applied) {
    match step {
        Step::AddLine(at) => applied.lines.extend(desired.lines.get(at).map(|line| AppliedLine {
            reference: line.reference.as_str().to_owned(),
            part_num: line.part_num.as_str().to_owned(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            discount: line.discount,
        })),
        Step::AddCharge(at) => applied.charges.extend(desired.charges.get(at).map(|charge| AppliedCharge {
            reference: charge.reference.clone(),
            code: charge.code.as_str().to_owned(),
            amount: charge.amount,
        })),
        Step::CreateHeader | Step::Recalculate | Step::Release => {}
    }
}

/// What the ledger remembers of an order that is complete: all that was desired.
pub fn applied_whole(desired: &DesiredOrder, order_num: OrderNum, released: bool) -> Applied {
    let mut applied = nothing_yet(desired, order_num);
    for at in 0..desired.lines.len() {
        record(Step::AddLine(at), desired, &mut applied);
    }
    for at in 0..desired.charges.len() {
        record(Step::AddCharge(at), desired, &mut applied);
    }
    Applied { released, complete: true, ..applied }
}

fn vanished(order_num: OrderNum) -> Failure {
    Failure::Held(Hold::about(
        HoldReason::VanishedFromKinetic,
        order_num.to_string(),
        format!(
            "order {order_num} was found by its reference, but could not be opened; look for it in Kinetic"
        ),
    ))
}
