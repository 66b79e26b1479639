//! An import that was cut short at any step is completed; what somebody else did is never touched.

use connector_kinetic::ReadCharge;
use proptest::prelude::*;
use test_case::test_case;

use super::*;

/// How far an import came before it was cut short.
#[derive(Debug, Clone)]
struct Cut {
    lines: Vec<bool>,
    charges: Vec<bool>,
    /// In the order of the plan, or the other way round.
    reversed: bool,
    calculated: bool,
    /// Whether the ledger heard of it.
    recorded: bool,
}

fn cut(lines: usize, charges: usize) -> impl Strategy<Value = Cut> {
    let flags = |count| {
        let prefix = (0..=count).prop_map(move |k| (0..count).map(|at| at < k).collect());
        prop_oneof![prefix, prop::collection::vec(any::<bool>(), count)]
    };
    (flags(lines), flags(charges), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(lines, charges, reversed, calculated, recorded)| Cut {
            lines,
            charges,
            reversed,
            calculated,
            recorded,
        },
    )
}

impl Cut {
    fn kinetic(&self, wanted: &DesiredOrder) -> PretendKinetic {
        let lines = (0..self.lines.len()).filter(|at| self.lines[*at]).map(Step::AddLine);
        let charges = (0..self.charges.len()).filter(|at| self.charges[*at]).map(Step::AddCharge);
        let mut steps: Vec<Step> = lines.chain(charges).collect();
        if self.reversed {
            steps.reverse();
        }
        steps.insert(0, Step::CreateHeader);
        steps.extend(self.calculated.then_some(Step::Recalculate));
        after(wanted, &steps)
    }

    fn applied(&self, wanted: &DesiredOrder) -> Option<Applied> {
        self.recorded.then(|| begun(wanted))
    }

    fn missing(flags: &[bool]) -> usize {
        flags.iter().filter(|stands| !**stands).count()
    }
}

/// Up to six lines, two of them of one part, and up to five charges, three of them alike.
fn order(lines: usize, fees: usize) -> ShopOrder {
    let skus = ["NUT-8", "HB-M8-40-ZN", "NUT-8", "WASHER-8", "WASHER-8", "NUT-8"];
    let line = |at: usize| Line::new(500 + u64::try_from(at).unwrap(), skus[at], 3, "1.25");
    let order = ShopOrder::of((0..lines).map(line)).shipping("11.09");
    (0..fees).fold(order, |order, _| order.fee("Fee", "2.50"))
}

fn shape() -> impl Strategy<Value = (ShopOrder, Cut)> {
    (1usize..=6, 0usize..=4).prop_flat_map(|(lines, fees)| (Just(order(lines, fees)), cut(lines, fees + 1)))
}

fn charges_of(held: &ReadBack) -> Vec<(String, String)> {
    let mut charges: Vec<_> = held.charges.iter().map(|c| (c.code.clone(), c.amount.to_string())).collect();
    charges.sort();
    charges
}

proptest! {
    #[test]
    fn whatever_is_missing_is_added_once_and_then_nothing_is_left_to_do((order, cut) in shape()) {
        let wanted = desired(&order);
        let mut kinetic = cut.kinetic(&wanted);
        let before = kinetic.held().unwrap().clone();

        let rest = plan(&wanted, cut.applied(&wanted).as_ref(), Some(&before)).unwrap();
        let count = |is: fn(&Step) -> bool| rest.steps.iter().filter(|step| is(step)).count();
        prop_assert_eq!(rest.resumes, Some(OrderNum(100_234)));
        prop_assert_eq!(count(|step| *step == Step::CreateHeader), 0);
        prop_assert_eq!(count(|step| matches!(step, Step::AddLine(_))), Cut::missing(&cut.lines));
        prop_assert_eq!(count(|step| matches!(step, Step::AddCharge(_))), Cut::missing(&cut.charges));
        prop_assert_eq!(rest.steps.last(), Some(&Step::Release), "the release comes last, and it has not been yet");

        kinetic.carry_out(&wanted, &rest.steps);
        let held = kinetic.held().unwrap();
        prop_assert_eq!(&held.lines[..before.lines.len()], &before.lines[..], "what stood is as it was");
        let mut references: Vec<&str> = held.lines.iter().map(|line| line.reference.as_str()).collect();
        references.sort_unstable();
        let all: Vec<&str> = wanted.lines.iter().map(|line| line.reference.as_str()).collect();
        prop_assert_eq!(references, all, "each line once");
        prop_assert_eq!(charges_of(held), charges_of(imported(&wanted).held().unwrap()));
        prop_assert!(held.ready_to_calc && held.ready_to_fulfill && !held.order_held);

        for applied in [cut.applied(&wanted), Some(complete_with(&wanted, &kinetic))] {
            prop_assert_eq!(plan(&wanted, applied.as_ref(), kinetic.held()).unwrap().steps, vec![]);
        }
    }

    #[test]
    fn a_foreign_change_is_held_wherever_the_import_was_cut((order, mut cut) in shape(), which in 0..CHANGES.len()) {
        let wanted = desired(&order);
        cut.lines[0] = true;
        let mut kinetic = cut.kinetic(&wanted);
        let applied = cut.applied(&wanted);
        prop_assert!(plan(&wanted, applied.as_ref(), kinetic.held()).is_ok(), "ours alone");
        let (change, _) = CHANGES[which];
        kinetic.change(change);
        let hold = plan(&wanted, applied.as_ref(), kinetic.held()).unwrap_err();
        prop_assert_eq!(hold.reason, HoldReason::ReadBackDiffers);
    }
}

type Change = fn(&mut ReadBack);

/// What a person may have done to an order in which a line of ours stands, and what the hold says of three lines.
const CHANGES: [(Change, &str); 8] = [
    (|held| add_like_last(held, "call Bob"), "line 4 is not as the shop has it"),
    (|held| add_like_last(held, ""), "line 4 is not as the shop has it"),
    (|held| last(held).part_num = other_part(held), "line 3 is not as the shop has it"),
    (|held| last(held).quantity = 5.into(), "line 3 is not as the shop has it"),
    (|held| last(held).unit_price = money("1.24"), "line 3 is not as the shop has it"),
    (|held| last(held).discount = money("0.01"), "line 3 is not as the shop has it"),
    (
        |held| {
            let reference = last(held).reference.clone();
            add_like_last(held, &reference);
            last(held).quantity = 5.into();
        },
        "line 196 stands there twice, and differently",
    ),
    (|held| held.charges.push(charge("RUSH", "2.50")), "it bears a charge RUSH that the shop does not know"),
];

fn last(held: &mut ReadBack) -> &mut ReadLine {
    held.lines.last_mut().unwrap()
}

fn add_like_last(held: &mut ReadBack, reference: &str) {
    let order_line = last(held).order_line + 1;
    let line = ReadLine { order_line, reference: reference.to_owned(), ..last(held).clone() };
    held.lines.push(line);
}

fn other_part(held: &mut ReadBack) -> String {
    if last(held).part_num == "NUT-8" { "WASHER-8" } else { "NUT-8" }.to_owned()
}

fn charge(code: &str, amount: &str) -> ReadCharge {
    ReadCharge { seq: 99, code: code.to_owned(), description: "By hand".to_owned(), amount: money(amount) }
}

#[test]
fn the_hold_says_which_line_or_charge_is_foreign() {
    let wanted = desired(&three_lines());
    for (change, what) in CHANGES {
        let mut kinetic = imported(&wanted);
        kinetic.change(change);
        let hold = plan(&wanted, None, kinetic.held()).unwrap_err();
        assert_eq!(hold.subject.as_deref(), Some("100234"));
        let words =
            format!("order 100234 exists in Kinetic, but {what}; compare it with the shop and correct it");
        assert_eq!(hold.words, words);
    }
}

#[test_case(|held| held.charges[0].amount = money("12.00"), "FRT"; "another amount")]
#[test_case(|held| held.charges[0].code = "HAND".to_owned(), "HAND"; "another code")]
#[test_case(|held| held.charges.push(charge("FEE", "2.50")), "FEE"; "one more of a kind")]
fn a_charge_that_somebody_changed_is_foreign_and_not_added_beside_it(change: Change, code: &str) {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(change);
    let hold = plan(&wanted, None, kinetic.held()).unwrap_err();
    assert_eq!(hold.reason, HoldReason::ReadBackDiffers);
    assert!(hold.words.contains(&format!("it bears a charge {code} that the shop does not know")), "{hold}");
}

#[test]
fn a_line_that_left_the_shop_while_the_import_was_cut_is_taken_out() {
    let wanted = desired(&three_lines());
    let mut kinetic = after(&wanted, &[Step::CreateHeader, Step::AddLine(0), Step::AddLine(1)]);
    let fewer = desired(&three_lines().without_line(1));
    let rest = plan(&fewer, Some(&begun(&wanted)), kinetic.held()).unwrap();
    kinetic.carry_out(&fewer, &rest.steps);
    let references: Vec<&str> = kinetic.held().unwrap().lines.iter().map(|l| l.reference.as_str()).collect();
    assert_eq!(references, ["194", "196"]);
}

#[test]
fn a_line_that_left_the_shop_and_was_never_recorded_is_held() {
    let wanted = desired(&three_lines());
    let kinetic = after(&wanted, &[Step::CreateHeader, Step::AddLine(0), Step::AddLine(1)]);
    let hold = plan(&desired(&three_lines().without_line(1)), None, kinetic.held()).unwrap_err();
    assert_eq!(hold.reason, HoldReason::ReadBackDiffers);
}

#[test]
fn the_components_of_a_kit_are_neither_ours_nor_foreign() {
    let wanted = desired(&three_lines());
    for steps in [&[Step::CreateHeader, Step::AddLine(0)][..], &plan(&wanted, None, None).unwrap().steps] {
        let mut kinetic = after(&wanted, steps);
        let without = plan(&wanted, None, kinetic.held()).unwrap();
        kinetic.change(|held| {
            let reference = last(held).reference.clone();
            add_like_last(held, &reference);
            last(held).kit_component = true;
            last(held).quantity = 400.into();
        });
        assert_eq!(plan(&wanted, None, kinetic.held()).unwrap(), without);
    }
}

#[test]
fn a_part_number_that_differs_only_in_case_is_the_same_part() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(|held| held.lines[0].part_num = "HB-M8-40-ZN".to_owned());
    let lower = DesiredOrder { lines: lowered(&wanted), ..wanted };
    assert_eq!(plan(&lower, None, kinetic.held()).unwrap().steps, vec![]);
}

fn lowered(wanted: &DesiredOrder) -> Vec<NewLine> {
    let lower = |line: &NewLine| connector_domain::Text::fit(&line.part_num.as_str().to_lowercase()).text;
    wanted.lines.iter().map(|line| NewLine { part_num: lower(line), ..line.clone() }).collect()
}

#[test]
fn what_stands_but_was_not_calculated_is_calculated_and_released() {
    let wanted = desired(&three_lines());
    let all: Vec<Step> = plan(&wanted, None, None).unwrap().steps;
    let stands: Vec<Step> =
        all.into_iter().filter(|s| !matches!(s, Step::Recalculate | Step::Release)).collect();
    let rest = plan(&wanted, Some(&begun(&wanted)), after(&wanted, &stands).held()).unwrap();
    assert_eq!(rest.steps, [Step::Recalculate, Step::Release]);
}

#[test]
fn what_stands_calculated_is_only_released() {
    let wanted = desired(&three_lines());
    let all: Vec<Step> = plan(&wanted, None, None).unwrap().steps;
    let stands: Vec<Step> = all.into_iter().filter(|s| *s != Step::Release).collect();
    let rest = plan(&wanted, Some(&begun(&wanted)), after(&wanted, &stands).held()).unwrap();
    assert_eq!(rest.steps, [Step::Release]);
}

#[test]
fn a_line_is_calculated_again_with_what_was_added() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(|held| drop(held.lines.pop()));
    let rest = plan(&wanted, None, kinetic.held()).unwrap();
    assert_eq!(rest.steps, [Step::AddLine(2), Step::Recalculate]);
}

#[test]
fn what_the_ledger_says_was_released_is_not_released_again() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(|held| (held.ready_to_fulfill, held.order_held) = (false, true));
    let released = Applied { released: true, ..begun(&wanted) };
    assert_eq!(plan(&wanted, Some(&released), kinetic.held()).unwrap().steps, vec![]);
}

#[test]
fn a_persons_hold_after_a_release_that_was_never_recorded_is_left_alone() {
    let wanted = desired(&three_lines());
    let mut kinetic = imported(&wanted);
    kinetic.change(|held| held.order_held = true);
    for applied in [None, Some(begun(&wanted))] {
        assert_eq!(plan(&wanted, applied.as_ref(), kinetic.held()).unwrap().steps, vec![], "{applied:?}");
    }
}
