//! What the ledger remembers of what we wrote.

use connector_domain::OrderNum;
use connector_kinetic::ReadBack;
use connector_ports::{Applied, AppliedCharge, AppliedLine, HeaderField, Stage, Written};

use super::desired::DesiredOrder;
use super::header_field::{held, recorded, wanted};
use super::plan::Step;

/// An order whose header was just born.
pub(super) fn nothing_yet(desired: &DesiredOrder, order_num: OrderNum) -> Applied {
    let written = |field| (field, Written { wanted: recorded(desired, field), held: None });
    Applied {
        order_num,
        content: desired.content,
        cust_num: desired.cust_num,
        header: HeaderField::ALL.into_iter().map(written).collect(),
        lines: Vec::new(),
        charges: Vec::new(),
        released: false,
        stage: Stage::Begun,
    }
}

/// After one more step was saved.
pub(super) fn record(step: &Step, desired: &DesiredOrder, applied: &mut Applied) {
    match step {
        Step::AddLine(at) => applied.lines.extend(line(desired, *at)),
        Step::ChangeLine { reference, .. } => {
            let at = desired.lines.iter().position(|line| line.reference.as_str() == reference);
            let now = at.and_then(|at| line(desired, at));
            for known in applied.lines.iter_mut().filter(|line| line.reference == *reference) {
                if let Some(now) = &now {
                    known.clone_from(now);
                }
            }
        }
        // Of two with one reference the later was taken out: the shop still has the line.
        Step::RemoveLine { reference, .. } => applied.lines.retain(|line| {
            line.reference != *reference
                || desired.lines.iter().any(|wanted| wanted.reference.as_str() == reference)
        }),
        Step::ChangeHeader(fields) => {
            for field in fields {
                applied.header.insert(*field, Written { wanted: recorded(desired, *field), held: None });
            }
        }
        Step::AddCharge(at) => applied.charges.extend(charge(desired, *at)),
        Step::ChangeCharge { at, seq } => {
            if let Some(now) = charge(desired, *at) {
                for known in applied.charges.iter_mut().filter(|known| known.seq == Some(*seq)) {
                    *known = AppliedCharge { seq: Some(*seq), ..now.clone() };
                }
            }
        }
        Step::RemoveCharge { seq, .. } => applied.charges.retain(|known| known.seq != Some(*seq)),
        Step::CreateHeader | Step::Recalculate | Step::Release => {}
    }
}

/// An order that was brought to what the shop wants, and read back as `order`.
///
/// A field that only a person changed stays as it was applied: else their change would look like ours next time. So do lines and charges,
/// of which what the shop wants is what was applied.
pub(super) fn whole(
    desired: &DesiredOrder,
    order: &ReadBack,
    before: Option<&Applied>,
    released: bool,
) -> Applied {
    let mut applied = nothing_yet(desired, order.order_num);
    for at in 0..desired.lines.len() {
        record(&Step::AddLine(at), desired, &mut applied);
    }
    for at in 0..desired.charges.len() {
        record(&Step::AddCharge(at), desired, &mut applied);
    }
    number(&mut applied.charges, order, before);
    for (field, written) in &mut applied.header {
        let old = before.filter(|before| before.stage != Stage::Begun);
        let old = old.and_then(|before| before.header.get(field)).copied();
        let as_wanted = wanted(desired, *field).is_none_or(|digest| digest == held(order, *field));
        *written = match old {
            // Nobody but perhaps a person has touched it since.
            Some(old) if old.wanted == written.wanted && old.held.is_some() && !as_wanted => old,
            Some(old) if old.wanted == written.wanted && wanted(desired, *field).is_none() => old,
            Some(_) | None => Written { held: Some(held(order, *field)), ..*written },
        };
    }
    Applied { released, stage: Stage::Complete, ..applied }
}

/// Gives the charges the numbers under which they stand: those known before keep theirs, the others are found by code and amount.
fn number(charges: &mut [AppliedCharge], order: &ReadBack, before: Option<&Applied>) {
    let mut known: Vec<&AppliedCharge> =
        before.map(|before| before.charges.iter().collect()).unwrap_or_default();
    let mut free: Vec<_> = order.charges.iter().collect();
    for charge in charges.iter_mut() {
        let Some(at) = known.iter().position(|known| known.reference == charge.reference) else { continue };
        let old = known.remove(at);
        let standing = free.iter().position(|held| Some(held.seq) == old.seq && held.code == charge.code);
        charge.seq = match standing {
            Some(at) => Some(free.remove(at).seq),
            // Taken out by a person: it keeps the number that nothing bears any more.
            None if old.seq.is_some() && old.code == charge.code && old.amount == charge.amount => old.seq,
            None => None,
        };
    }
    for charge in charges.iter_mut().filter(|charge| charge.seq.is_none()) {
        let alike = free.iter().position(|held| held.code == charge.code && held.amount == charge.amount);
        charge.seq = alike.map(|at| free.remove(at).seq);
    }
}

fn line(desired: &DesiredOrder, at: usize) -> Option<AppliedLine> {
    desired.lines.get(at).map(|line| AppliedLine {
        reference: line.reference.as_str().to_owned(),
        part_num: line.part_num.as_str().to_owned(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount,
    })
}

fn charge(desired: &DesiredOrder, at: usize) -> Option<AppliedCharge> {
    desired.charges.get(at).map(|charge| AppliedCharge {
        reference: charge.reference.clone(),
        code: charge.code.as_str().to_owned(),
        amount: charge.amount,
        seq: None,
    })
}
