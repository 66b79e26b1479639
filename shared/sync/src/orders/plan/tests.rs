mod after_the_import;
mod completion;
mod follows;

use test_case::test_case;

use super::*;
use crate::orders::applied::whole;
use crate::orders::testing::{
    Line, PretendKinetic, ShopOrder, desired, money, rules_with, stock, three_lines,
};
use connector_kinetic::{NewLine, ReadLine};

/// Plans an order of which nothing has left.
fn plan(desired: &DesiredOrder, applied: Option<&Applied>, found: Option<&ReadBack>) -> Result<Plan, Hold> {
    super::plan(desired, applied, found.map(|held| Standing { held, shipped: false }))
}

/// What the ledger knows of an import that was complete.
fn complete_with(desired: &DesiredOrder, kinetic: &PretendKinetic) -> Applied {
    whole(desired, kinetic.held().unwrap(), None, true)
}

/// What the ledger knows of an import that was cut short: who and where to, and perhaps more lines than stand.
fn begun(desired: &DesiredOrder) -> Applied {
    let mut applied = complete_with(desired, &imported(desired));
    applied.header.values_mut().for_each(|written| written.held = None);
    applied.charges.iter_mut().for_each(|charge| charge.seq = None);
    Applied { stage: Stage::Begun, released: false, ..applied }
}

/// Kinetic after `steps`.
fn after(desired: &DesiredOrder, steps: &[Step]) -> PretendKinetic {
    let mut kinetic = PretendKinetic::with(&stock());
    kinetic.carry_out(desired, steps);
    kinetic
}

/// Kinetic after the whole of a first import.
fn imported(desired: &DesiredOrder) -> PretendKinetic {
    after(desired, &plan(desired, None, None).unwrap().steps)
}

#[test]
fn from_nothing_everything_is_made_in_order_and_released_last() {
    let plan = plan(&desired(&three_lines()), None, None).unwrap();
    assert_eq!(plan.resumes, None);
    let expected = [
        Step::CreateHeader,
        Step::AddLine(0),
        Step::AddLine(1),
        Step::AddLine(2),
        Step::AddCharge(0),
        Step::AddCharge(1),
        Step::AddCharge(2),
        Step::Recalculate,
        Step::Release,
    ];
    assert_eq!(plan.steps, expected);
}

#[test]
fn an_order_that_is_not_staged_is_never_released() {
    let rules = rules_with(&[("staged = true", "staged = false")]);
    let unstaged = crate::orders::map::sales_order(&three_lines().read(), &stock(), &rules).unwrap();
    let first = plan(&unstaged, None, None).unwrap();
    assert!(!first.steps.contains(&Step::Release), "{first:?}");
    let mut half = after(&unstaged, &[Step::CreateHeader, Step::AddLine(0)]);
    half.change(|held| held.ready_to_fulfill = false);
    let rest = plan(&unstaged, None, half.held()).unwrap();
    assert!(rest.steps.contains(&Step::AddLine(1)) && !rest.steps.contains(&Step::Release), "{rest:?}");
}

#[test]
fn a_complete_order_needs_nothing_whether_the_ledger_knows_it_or_not() {
    let wanted = desired(&three_lines());
    let kinetic = imported(&wanted);
    let whole = complete_with(&wanted, &imported(&wanted));
    for applied in [None, Some(begun(&wanted)), Some(whole)] {
        let plan = plan(&wanted, applied.as_ref(), kinetic.held()).unwrap();
        assert_eq!(plan, Plan { resumes: Some(OrderNum(100_234)), ..Plan::default() }, "{applied:?}");
    }
}

#[test]
fn an_order_that_was_written_and_is_gone_is_held() {
    let wanted = desired(&three_lines());
    for applied in [begun(&wanted), complete_with(&wanted, &imported(&wanted))] {
        let hold = plan(&wanted, Some(&applied), None).unwrap_err();
        assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::VanishedFromKinetic, Some("100234")));
        assert!(
            hold.words.contains("Kinetic has no such order any more; cancel it in the shop or enter it"),
            "{hold}"
        );
    }
}

#[test_case(|_| None; "the ledger knows nothing")]
#[test_case(|wanted| Some(begun(wanted)); "the import was cut short")]
#[test_case(|wanted| Some(complete_with(wanted, &imported(wanted))); "the import was complete")]
fn a_voided_order_is_held_and_never_filled_again(applied: fn(&DesiredOrder) -> Option<Applied>) {
    let wanted = desired(&three_lines());
    let mut kinetic = after(&wanted, &[Step::CreateHeader]);
    kinetic.change(|held| (held.open, held.void) = (false, true));
    let hold = plan(&wanted, applied(&wanted).as_ref(), kinetic.held()).unwrap_err();
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::VoidedInKinetic, Some("100234")));
    assert!(hold.words.contains("cancel it in the shop, or reopen it"), "{hold}");
}
