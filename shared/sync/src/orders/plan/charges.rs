//! The charges. They bear no reference of the shop: ours are known by `SeqNum`, or else by code and amount.

use connector_kinetic::{NewCharge, ReadBack, ReadCharge};
use connector_ports::{Applied, AppliedCharge, Stage};

use super::{Difference, Edit, Step};
use crate::orders::desired::DesiredOrder;

/// A charge as we wrote it, with the one that stands for it.
struct Ours<'a> {
    base: &'a AppliedCharge,
    standing: Option<&'a ReadCharge>,
}

pub(super) fn compare(desired: &DesiredOrder, applied: Option<&Applied>, held: &ReadBack) -> Difference {
    let completing = applied.is_none_or(|applied| applied.stage == Stage::Begun);
    let mut all = Difference::default();
    let mut unclaimed: Vec<&ReadCharge> = held.charges.iter().collect();
    let mut ours = claimed(applied, &mut unclaimed);
    for (at, wanted) in desired.charges.iter().enumerate() {
        let known = ours.iter().position(|ours| ours.base.reference == wanted.reference);
        let Some(Ours { base, standing }) = known.map(|at| ours.remove(at)) else {
            if claim(&mut unclaimed, |charge| same_charge(wanted, charge)).is_none() {
                all.steps.push(Step::AddCharge(at));
                all.edits.insert(Edit::Charge);
            }
            continue;
        };
        let shop = base.code != wanted.code.as_str() || base.amount != wanted.amount;
        let Some(charge) = standing else {
            match (completing, shop) {
                (true, _) => all.steps.push(Step::AddCharge(at)),
                (false, false) => all.kept.push(format!("the charge {} was taken out", base.code)),
                (false, true) => {
                    all.clashes.push(format!("the charge {}, which was taken out in Kinetic", base.code));
                }
            }
            continue;
        };
        let person = base.code != charge.code || base.amount != charge.amount;
        match (shop, person) {
            _ if same_charge(wanted, charge) => {}
            (false, _) => {
                all.kept.push(format!("the charge {} was changed to {}", charge.code, charge.amount));
            }
            (true, true) => all.clashes.push(format!("the charge {}", charge.code)),
            (true, false) => {
                all.edits.insert(Edit::Charge);
                if base.code == wanted.code.as_str() {
                    all.steps.push(Step::ChangeCharge { at, seq: charge.seq });
                } else {
                    all.steps.push(Step::AddCharge(at));
                    all.removals.push(remove(charge));
                }
            }
        }
    }
    for Ours { base, standing } in ours {
        match standing {
            None => {}
            Some(charge) if base.code == charge.code && base.amount == charge.amount => {
                all.removals.push(remove(charge));
                all.edits.insert(Edit::Charge);
            }
            Some(charge) => {
                all.clashes.push(format!("the charge {}, which the shop no longer has", charge.code));
            }
        }
    }
    let strangers = unclaimed
        .into_iter()
        .map(|charge| format!("it bears a charge {} that the shop does not know", charge.code));
    all.kept.extend(strangers);
    all
}

/// Our charges with what stands for them: those whose number is known first, or an equal one could be taken from them.
fn claimed<'a>(applied: Option<&'a Applied>, unclaimed: &mut Vec<&'a ReadCharge>) -> Vec<Ours<'a>> {
    let known = applied.map(|applied| applied.charges.as_slice()).unwrap_or_default();
    let by_number: Vec<Option<&ReadCharge>> = known
        .iter()
        .map(|base| base.seq.and_then(|seq| claim(unclaimed, |charge| charge.seq == seq)))
        .collect();
    known
        .iter()
        .zip(by_number)
        .map(|(base, numbered)| {
            let alike = |charge: &ReadCharge| base.code == charge.code && base.amount == charge.amount;
            let standing = match (numbered, base.seq) {
                (None, None) => claim(unclaimed, alike),
                (numbered, _) => numbered,
            };
            Ours { base, standing }
        })
        .collect()
}

fn claim<'a>(
    unclaimed: &mut Vec<&'a ReadCharge>,
    is: impl Fn(&ReadCharge) -> bool,
) -> Option<&'a ReadCharge> {
    let at = unclaimed.iter().position(|charge| is(charge))?;
    Some(unclaimed.remove(at))
}

fn remove(charge: &ReadCharge) -> Step {
    Step::RemoveCharge { code: charge.code.clone(), seq: charge.seq }
}

/// Whether a charge is the wanted one.
pub(crate) fn same_charge(wanted: &NewCharge, charge: &ReadCharge) -> bool {
    wanted.code.as_str() == charge.code && wanted.amount == charge.amount
}
