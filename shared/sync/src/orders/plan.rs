//! What is still to be done, from three things: what should be, what we applied, what Kinetic holds.
//!
//! Pure. A first import, the completion of one that was cut short at any step, and an edit are the same code: it changes what differs
//! between should and applied, and nothing else. What a person changed in Kinetic since is left alone and named; where the shop
//! changed the same thing otherwise, the order is held. `docs/edits.md` is the table of all this.

mod charges;
mod edit;
mod header;
mod lines;

use std::collections::BTreeSet;

use connector_domain::OrderNum;
use connector_kinetic::{LineTarget, ReadBack};
use connector_ports::{Applied, Digest, HeaderField, Stage};

use super::desired::DesiredOrder;
use crate::hold::{Hold, HoldReason};
pub(crate) use charges::same_charge;
pub use edit::Edit;
pub(crate) use lines::same_line;

/// One thing to do. Lines and charges that are added by their place in the [`DesiredOrder`], those that stand by Kinetic's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Create the order; its number is born here.
    CreateHeader,
    /// Bring these fields of the header to what the shop wants.
    ChangeHeader(Vec<HeaderField>),
    /// Add a line.
    AddLine(usize),
    /// Change a line that stands.
    ChangeLine {
        /// `POLine`, the shop's line.
        reference: String,
        /// `OrderLine`.
        order_line: i32,
        /// What it is to say; what a person changed says what it says.
        target: LineTarget,
    },
    /// Take out a line that stands.
    RemoveLine {
        /// `POLine`, the shop's line.
        reference: String,
        /// `OrderLine`.
        order_line: i32,
    },
    /// Add a miscellaneous charge.
    AddCharge(usize),
    /// Change the amount of a charge that stands.
    ChangeCharge {
        /// The charge as it should be.
        at: usize,
        /// `SeqNum`.
        seq: i32,
    },
    /// Take out a charge that stands.
    RemoveCharge {
        /// `MiscCode`.
        code: String,
        /// `SeqNum`.
        seq: i32,
    },
    /// Let Kinetic calculate taxes and totals.
    Recalculate,
    /// Let the warehouse see it. Done only after the proof.
    Release,
}

/// The steps in order. Empty when Kinetic holds what it should.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The order that is worked on; `None` if it is to be created.
    pub resumes: Option<OrderNum>,
    /// What is to be done.
    pub steps: Vec<Step>,
    /// What a person changed in Kinetic, and we leave as it is: one sentence each, nothing personal.
    pub kept: Vec<String>,
}

/// The order that bears the reference.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// As it was read.
    pub held: &'a ReadBack,
    /// Whether anything of it has left.
    pub shipped: bool,
}

/// What the comparison of one part of an order came to.
#[derive(Debug, Default)]
struct Difference {
    steps: Vec<Step>,
    /// Taken out last, so that an order never stands there without lines.
    removals: Vec<Step>,
    edits: BTreeSet<Edit>,
    /// A person's changes, left alone.
    kept: Vec<String>,
    /// What stands there otherwise than both sides know, or than both sides changed it.
    clashes: Vec<String>,
}

/// Plans an order.
///
/// # Errors
/// A [`Hold`] where going on by ourselves could do harm: the order was voided or deleted by somebody else, changed on both sides, changed
/// in the shop after it began to ship, or keyed by a person.
pub fn plan(
    desired: &DesiredOrder,
    applied: Option<&Applied>,
    found: Option<Standing<'_>>,
) -> Result<Plan, Hold> {
    let Some(Standing { held, shipped }) = found else {
        return match applied {
            None => Ok(Plan { steps: from_nothing(desired), ..Plan::default() }),
            Some(applied) => Err(vanished(applied.order_num)),
        };
    };
    if held.void {
        return Err(voided(held.order_num));
    }
    if let Some(applied) = applied {
        if applied.stage == Stage::ByHand {
            by_hand(desired.content, applied)?;
            return Ok(Plan { resumes: Some(held.order_num), ..Plan::default() });
        }
        if applied.cust_num != desired.cust_num {
            return Err(customer_changed(held, desired));
        }
    }
    let mut all = header::compare(desired, applied, held);
    for part in [lines::compare(desired, applied, held), charges::compare(desired, applied, held)] {
        all.steps.extend(part.steps);
        all.removals.extend(part.removals);
        all.edits.extend(part.edits);
        all.kept.extend(part.kept);
        all.clashes.extend(part.clashes);
    }
    all.steps.append(&mut all.removals);
    match applied.map_or(Stage::Begun, |applied| applied.stage) {
        Stage::Complete | Stage::Closed | Stage::ByHand => follow(held, shipped, all),
        Stage::Begun => complete(desired, applied, held, all),
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

/// A first import that was cut short: completed. Nobody works on a staged order, so what stands there otherwise stops us.
fn complete(
    desired: &DesiredOrder,
    applied: Option<&Applied>,
    held: &ReadBack,
    all: Difference,
) -> Result<Plan, Hold> {
    if let Some(other) = all.clashes.first().or(all.kept.first()) {
        return Err(differs(held.order_num, other));
    }
    let mut steps = all.steps;
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
    Ok(Plan { resumes: Some(held.order_num), steps, kept: Vec::new() })
}

/// An order that was imported completely: it follows the shop until something of it has left.
fn follow(held: &ReadBack, shipped: bool, all: Difference) -> Result<Plan, Hold> {
    let Difference { mut steps, edits, kept, clashes, .. } = all;
    let order_num = held.order_num;
    if !clashes.is_empty() {
        return Err(Hold::about(
            HoldReason::ChangedOnBothSides,
            order_num.to_string(),
            format!(
                "changed in the shop and, otherwise, in Kinetic order {order_num}: {}; decide which is right and correct the other, \
                 in Kinetic or in the shop",
                clashes.join("; ")
            ),
        ));
    }
    if !steps.is_empty() && (shipped || !held.open) {
        return Err(after_shipment(order_num, &edits));
    }
    if !steps.is_empty() && !held.ready_to_calc {
        steps.push(Step::Recalculate);
    }
    Ok(Plan { resumes: Some(order_num), steps, kept })
}

fn after_shipment(order_num: OrderNum, edits: &BTreeSet<Edit>) -> Hold {
    let said: Vec<String> =
        edits.iter().map(|edit| format!("{} ({})", edit.name(), edit.after_shipment())).collect();
    Hold::about(
        HoldReason::EditedAfterShipment,
        order_num.to_string(),
        format!(
            "changed in the shop after Kinetic order {order_num} began to ship: {}; when that is done, link the order to {order_num}",
            said.join("; ")
        ),
    )
}

/// Nothing of an order that a person keyed is ours to change: the shop must still say what it said when the order was linked.
pub(super) fn by_hand(content: Digest, applied: &Applied) -> Result<(), Hold> {
    let order_num = applied.order_num;
    if applied.content == content {
        return Ok(());
    }
    Err(Hold::about(
        HoldReason::EditedAfterImport,
        order_num.to_string(),
        format!(
            "changed in the shop, but Kinetic order {order_num} was keyed by hand; make the change there, then link the order to \
             {order_num} again"
        ),
    ))
}

/// Whether Kinetic prices the lines anew for another customer is unknown, so nobody but a person moves an order to another one.
fn customer_changed(held: &ReadBack, desired: &DesiredOrder) -> Hold {
    let order_num = held.order_num;
    Hold::about(
        HoldReason::CustomerChanged,
        order_num.to_string(),
        format!(
            "the shop's order now belongs to customer {} (CustNum {}), Kinetic order {order_num} to CustNum {}; change the customer there \
             and check its prices, or void it, then link the order to the one that counts",
            desired.header.cust_id, desired.cust_num, held.cust_num
        ),
    )
}

fn voided(order_num: OrderNum) -> Hold {
    Hold::about(
        HoldReason::VoidedInKinetic,
        order_num.to_string(),
        format!("order {order_num} was voided in Kinetic; cancel it in the shop, or reopen it"),
    )
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
