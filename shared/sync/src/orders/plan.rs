//! What is still to be done, from three things: what should be, what we applied, what Kinetic holds.
//!
//! Pure. A first import, and the completion of one that was cut short at any step, are the same code. What was imported completely and
//! is the same still gives an empty plan; edits after the import are held until they can be carried.

use connector_domain::OrderNum;
use connector_kinetic::{NewCharge, NewLine, ReadBack, ReadLine};
use connector_ports::Applied;

use super::desired::DesiredOrder;
use crate::hold::{Hold, HoldReason};

/// One thing to do. Lines and charges by their place in the [`DesiredOrder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Create the order; its number is born here.
    CreateHeader,
    /// Add a line.
    AddLine(usize),
    /// Add a miscellaneous charge.
    AddCharge(usize),
    /// Let Kinetic calculate taxes and totals.
    Recalculate,
    /// Let the warehouse see it. Done only after the proof.
    Release,
}

/// The steps in order. Empty when Kinetic holds what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The order that is completed; `None` if it is to be created.
    pub resumes: Option<OrderNum>,
    /// What is to be done.
    pub steps: Vec<Step>,
}

/// Plans an order.
///
/// # Errors
/// A [`Hold`] where going on by ourselves could do harm: the order was voided, deleted or filled by somebody else, or the shop changed it
/// after it was imported.
pub fn plan(
    desired: &DesiredOrder,
    applied: Option<&Applied>,
    found: Option<&ReadBack>,
) -> Result<Plan, Hold> {
    let Some(held) = found else {
        return match applied {
            None => Ok(Plan { resumes: None, steps: from_nothing(desired) }),
            Some(applied) => Err(vanished(applied.order_num)),
        };
    };
    if held.void {
        return Err(Hold::about(
            HoldReason::VoidedInKinetic,
            held.order_num.to_string(),
            format!("order {} was voided in Kinetic; cancel it in the shop, or reopen it", held.order_num),
        ));
    }
    match applied {
        Some(applied) if applied.complete => unchanged(desired, applied, held),
        _ => complete(desired, applied, held),
    }
}

pub(super) fn from_nothing(desired: &DesiredOrder) -> Vec<Step> {
    let mut steps = vec![Step::CreateHeader];
    steps.extend((0..desired.lines.len()).map(Step::AddLine));
    steps.extend((0..desired.charges.len()).map(Step::AddCharge));
    steps.push(Step::Recalculate);
    steps.extend(desired.header.staged.then_some(Step::Release));
    steps
}

/// Adds what a cut-short import left out; anything that is not ours is a person's and stops us.
fn complete(desired: &DesiredOrder, applied: Option<&Applied>, held: &ReadBack) -> Result<Plan, Hold> {
    let changed = applied.map(|applied| changed_header(desired, applied)).unwrap_or_default();
    if !changed.is_empty() {
        return Err(edited(
            held.order_num,
            format!(
                "changed in the shop before Kinetic order {} was complete: {}; make the change there and add what is missing by hand",
                held.order_num,
                changed.join(", ")
            ),
        ));
    }
    for line in held.ordered_lines() {
        let ours = desired.lines.iter().find(|wanted| wanted.reference.as_str() == line.reference);
        if !ours.is_some_and(|wanted| same_line(wanted, line)) {
            return Err(differs(
                held.order_num,
                &format!("line {} is not as the shop has it", line.order_line),
            ));
        }
    }
    let mut steps = Vec::new();
    for (at, wanted) in desired.lines.iter().enumerate() {
        match held.ordered_lines().filter(|line| line.reference == wanted.reference.as_str()).count() {
            0 => steps.push(Step::AddLine(at)),
            1 => {}
            _ => {
                return Err(differs(
                    held.order_num,
                    &format!("line {} stands there twice", wanted.reference),
                ));
            }
        }
    }
    steps.extend(missing_charges(desired, held)?.into_iter().map(Step::AddCharge));
    if !steps.is_empty() || !held.ready_to_calc {
        steps.push(Step::Recalculate);
    }
    let released = applied.is_some_and(|applied| applied.released);
    // The release sets it, and nothing else of ours: where it is set and the order is held, the hold is a person's.
    let visible = held.ready_to_fulfill;
    // Staged by the rules of today, or by those of the day on which it was begun.
    if (desired.header.staged || held.order_held) && !released && !visible {
        steps.push(Step::Release);
    }
    Ok(Plan { resumes: Some(held.order_num), steps })
}

/// The charges that Kinetic lacks. Charges bear no reference, so equal ones are counted.
fn missing_charges(desired: &DesiredOrder, held: &ReadBack) -> Result<Vec<usize>, Hold> {
    let mut unmatched: Vec<_> = held.charges.iter().collect();
    let mut missing = Vec::new();
    for (at, wanted) in desired.charges.iter().enumerate() {
        match unmatched.iter().position(|charge| same_charge(wanted, charge.code.as_str(), charge.amount)) {
            Some(found) => drop(unmatched.swap_remove(found)),
            None => missing.push(at),
        }
    }
    match unmatched.first() {
        None => Ok(missing),
        Some(stranger) => Err(differs(
            held.order_num,
            &format!("it bears a charge {} that the shop does not know", stranger.code),
        )),
    }
}

/// An order that was imported completely: nothing to do while the shop wants what we applied.
fn unchanged(desired: &DesiredOrder, applied: &Applied, held: &ReadBack) -> Result<Plan, Hold> {
    let lines = applied.lines.len() == desired.lines.len()
        && desired.lines.iter().all(|wanted| {
            applied.lines.iter().any(|line| {
                line.reference == wanted.reference.as_str()
                    && line.part_num == wanted.part_num.as_str()
                    && line.quantity == wanted.quantity
                    && line.unit_price == wanted.unit_price
                    && line.discount == wanted.discount
            })
        });
    let charges = applied.charges.len() == desired.charges.len()
        && desired
            .charges
            .iter()
            .zip(&applied.charges)
            .all(|(wanted, charge)| same_charge(wanted, &charge.code, charge.amount));
    let mut changed = changed_header(desired, applied);
    changed.extend((!lines).then_some("lines"));
    changed.extend((!charges).then_some("charges"));
    if changed.is_empty() {
        return Ok(Plan { resumes: Some(held.order_num), steps: Vec::new() });
    }
    Err(edited(
        held.order_num,
        format!(
            "changed in the shop after the import: {}; make the same change in Kinetic order {}",
            changed.join(", "),
            held.order_num
        ),
    ))
}

/// What the header that we wrote says otherwise than the shop does now. It is written once, at the order's birth.
fn changed_header(desired: &DesiredOrder, applied: &Applied) -> Vec<&'static str> {
    [
        ("customer, shipping method or payment", applied.header == desired.header_digest()),
        ("address", applied.address == desired.address_digest()),
        ("comment", applied.comment == desired.comment_digest()),
    ]
    .into_iter()
    .filter_map(|(what, same)| (!same).then_some(what))
    .collect()
}

/// Whether Kinetic's line is the wanted one.
pub(crate) fn same_line(wanted: &NewLine, line: &ReadLine) -> bool {
    // SQL Server compares part numbers without case, and hands back the spelling of the Part table.
    line.part_num.eq_ignore_ascii_case(wanted.part_num.as_str())
        && line.quantity == wanted.quantity
        && line.unit_price == wanted.unit_price
        && line.discount == wanted.discount
        && !line.void
}

/// Whether a charge is the wanted one.
pub(crate) fn same_charge(wanted: &NewCharge, code: &str, amount: connector_domain::Money) -> bool {
    wanted.code.as_str() == code && wanted.amount == amount
}

fn edited(order_num: OrderNum, words: String) -> Hold {
    Hold::about(HoldReason::EditedAfterImport, order_num.to_string(), words)
}

fn vanished(order_num: OrderNum) -> Hold {
    Hold::about(
        HoldReason::VanishedFromKinetic,
        order_num.to_string(),
        format!(
            "order {order_num} was written, but Kinetic has no such order any more; cancel it in the shop or enter it by hand"
        ),
    )
}

fn differs(order_num: OrderNum, what: &str) -> Hold {
    Hold::about(
        HoldReason::ReadBackDiffers,
        order_num.to_string(),
        format!("order {order_num} exists in Kinetic, but {what}; compare it with the shop and correct it"),
    )
}

#[cfg(test)]
mod tests;
