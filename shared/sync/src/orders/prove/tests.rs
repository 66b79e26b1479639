use connector_domain::Text;
use connector_kinetic::{ReadBack, ReadCharge};
use test_case::test_case;

use super::*;
use crate::orders::map::sales_order;
use crate::orders::plan::{Step, plan};
use crate::orders::testing::{PretendKinetic, desired, money, rules, rules_with, stock, three_lines};

type Change = fn(&mut ReadBack);

/// Kinetic after all of an import but the release, with `tax` of its own, and then changed.
fn held(desired: &DesiredOrder, tax: &str, change: Change) -> ReadBack {
    let mut kinetic = PretendKinetic::with(&stock()).taxing(money(tax));
    let mut steps = plan(desired, None, None).unwrap().steps;
    steps.retain(|step| *step != Step::Release);
    kinetic.carry_out(desired, &steps);
    kinetic.change(change);
    kinetic.held().unwrap().clone()
}

fn unchanged(_: &mut ReadBack) {}

fn taxed() -> DesiredOrder {
    desired(&three_lines().with("total_tax", "6.0700"))
}

#[test]
fn an_order_as_it_was_written_is_proven() {
    let wanted = taxed();
    let held = held(&wanted, "6.07", unchanged);
    prove(&wanted, &held, &rules()).unwrap();
    // 62.68 + 3.75 + 2.40 − 0.24 + 11.09 + 5.00 + 6.07
    assert_eq!((wanted.totals.total(), held.total), (money("90.75"), money("90.75")));
}

#[test_case(|held| ship_to(held).address1 = "2 Main St".into(), Some("OTSAddress1"); "another street")]
#[test_case(|held| ship_to(held).country_num = 7, Some("OTSCountryNum"); "another country")]
#[test_case(|held| (ship_to(held).city, ship_to(held).zip) = (String::new(), "7870".into()), Some("OTSCity, OTSZIP"); "cut")]
#[test_case(|held| ship_to(held).address1 = "1 MAIN ST.".into(), None; "written the site's own way")]
#[test_case(|held| held.header.one_time = None, Some("go to the shop's address"); "none at all")]
fn goods_are_not_released_to_another_address(change: Change, what: Option<&str>) {
    let wanted = taxed();
    let held = held(&wanted, "6.07", change);
    let proof = prove(&wanted, &held, &rules());
    match what {
        None => proof.unwrap(),
        Some(what) => {
            let refused = proof.unwrap_err();
            assert!(refused.words.contains(what) && !refused.words.contains("Main"), "{refused}");
            assert_eq!(refused.reason, HoldReason::ReadBackDiffers);
        }
    }
    let unasked = rules_with(&[("prove_address = true", "prove_address = false")]);
    prove(&wanted, &held, &unasked).unwrap();
}

fn ship_to(held: &mut ReadBack) -> &mut connector_kinetic::ReadShipTo {
    held.header.one_time.as_mut().unwrap()
}

#[test]
fn a_difference_in_an_order_that_is_released_says_that_it_may_be_picked() {
    let wanted = taxed();
    let released = held(&wanted, "6.07", |held| {
        held.ready_to_fulfill = true;
        held.lines[1].quantity = 101.into();
    });
    let hold = prove(&wanted, &released, &rules()).unwrap_err();
    assert!(hold.words.ends_with("the warehouse may pick it, correct it there"), "{hold}");
}

#[test_case(|held| drop(held.lines.remove(1)), "it has 2 lines, the shop 3"; "a line is missing")]
#[test_case(|held| held.lines[1].reference = "call Bob".into(), "the shop's line 195 is missing"; "a line bears another reference")]
#[test_case(|held| held.lines[1].reference = "194".into(), "the shop's line 194 stands there twice"; "a line stands there twice")]
#[test_case(|held| held.lines.push(held.lines[0].clone()), "it has 4 lines, the shop 3"; "a line too many")]
#[test_case(|held| held.lines[1].part_num = "NUT-8".into(), "line 2: 100 × NUT-8 at 0.0375 less 0.00, the shop sold 100 × WASHER-8 at 0.0375 less 0.00"; "another part")]
#[test_case(|held| held.lines[1].quantity = 101.into(), "line 2: 101 × WASHER-8 at 0.0375 less 0.00, the shop sold 100 × WASHER-8 at 0.0375 less 0.00"; "another quantity")]
#[test_case(|held| held.lines[1].unit_price = money("0.0376"), "line 2: 100 × WASHER-8 at 0.0376 less 0.00, the shop sold 100 × WASHER-8 at 0.0375 less 0.00"; "another price")]
#[test_case(|held| held.lines[2].discount = money("0.25"), "line 3: 12 × NUT-8 at 0.20 less 0.25, the shop sold 12 × NUT-8 at 0.20 less 0.24"; "another discount")]
#[test_case(|held| drop(held.charges.remove(0)), "the charge FRT of 11.09 is missing"; "a charge is missing")]
#[test_case(|held| drop(held.charges.remove(2)), "the charge FEE of 2.50 is missing"; "one of two equal charges is missing")]
#[test_case(|held| held.charges[0].amount = money("11.08"), "the charge FRT of 11.09 is missing"; "a charge has another amount")]
#[test_case(|held| held.charges.push(ReadCharge { code: "RUSH".into(), ..held.charges[0].clone() }), "a charge RUSH of 11.09 is too many"; "a charge too many")]
#[test_case(|held| held.anchors[0].1 = "bc-218".into(), "PONum is \"bc-218\" instead of \"BC-218\""; "the reference was changed")]
#[test_case(|held| held.anchors[0].1.clear(), "PONum is \"\" instead of \"BC-218\""; "the reference was cleared")]
#[test_case(|held| held.currency = "EUR".into(), "it is in EUR, the shop sold in USD"; "another currency")]
fn whatever_is_not_as_it_was_written_is_held_and_named(change: Change, what: &str) {
    let wanted = taxed();
    let hold = prove(&wanted, &held(&wanted, "6.07", change), &rules()).unwrap_err();
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::ReadBackDiffers, Some("100234")));
    let words =
        format!("Kinetic order 100234 is not what was written: {what}; it is still staged, correct it there");
    assert_eq!(hold.words, words);
}

#[test_case(|held| held.lines.reverse(); "lines in another order")]
#[test_case(|held| held.charges.reverse(); "charges in another order")]
#[test_case(|held| held.currency = " usd ".into(); "the currency in another spelling")]
#[test_case(|held| held.charges[0].description = "Freight".into(); "another description")]
#[test_case(|held| held.anchors[1].1 = "4711".into(); "a column that is not ours")]
#[test_case(|held| held.order_held = true; "a person's hold")]
fn what_makes_no_difference_is_proven(change: Change) {
    let wanted = taxed();
    assert!(prove(&wanted, &held(&wanted, "6.07", change), &rules()).is_ok());
}

#[test]
fn a_part_number_that_differs_only_in_case_is_the_same_part() {
    let wanted = taxed();
    let read = held(&wanted, "6.07", unchanged);
    let mut lower = wanted.clone();
    lower.lines[0].part_num = Text::exact("hb-M8-40-zn").unwrap();
    assert!(prove(&lower, &read, &rules()).is_ok());
}

#[test]
fn the_components_of_a_kit_are_not_counted() {
    let wanted = taxed();
    let with_kit: Change = |held| {
        let mut component = held.lines[0].clone();
        component.kit_component = true;
        held.lines.push(component);
    };
    assert!(prove(&wanted, &held(&wanted, "6.07", with_kit), &rules()).is_ok());
}

#[test]
fn another_currency_code_in_kinetic_is_the_one_that_counts() {
    let wanted = taxed();
    let rules = rules_with(&[("currency = \"USD\"", "currency = \"USD\"\nkinetic_currency = \"US$\"")]);
    assert!(prove(&wanted, &held(&wanted, "6.07", unchanged), &rules).is_err());
    assert!(prove(&wanted, &held(&wanted, "6.07", |held| held.currency = "US$".into()), &rules).is_ok());
}

/// Kinetic's own sums, whatever its lines say: a rule of the site may have changed them.
fn summed(tax: &str, off: &str) -> ReadBack {
    let mut read = held(&taxed(), tax, unchanged);
    read.total = read.total + money(off);
    read
}

#[test_case("0.01", "84.69", "0.01"; "a cent above")]
#[test_case("-0.01", "84.67", "-0.01"; "a cent below")]
#[test_case("0.00001", "84.68001", "0.00001"; "less than a cent")]
fn a_total_before_tax_that_differs_is_held_with_the_difference(off: &str, kinetic: &str, difference: &str) {
    let hold = prove(&taxed(), &summed("6.07", off), &rules()).unwrap_err();
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::TotalsDiffer, Some("100234")));
    assert_eq!(
        hold.words,
        format!(
            "Kinetic order 100234: {kinetic} before tax, the shop says 84.68 (difference {difference}); it is still \
             staged, check its tax region and charges, or raise the tolerance under [tax]"
        )
    );
}

#[test_case("6.07"; "the same")]
#[test_case("6.12"; "the tolerance above")]
#[test_case("6.02"; "the tolerance below")]
fn tax_within_the_tolerance_is_proven(tax: &str) {
    prove(&taxed(), &summed(tax, "0"), &rules()).unwrap();
}

#[test_case("6.13", "0.06"; "a cent too much")]
#[test_case("6.01", "-0.06"; "a cent too little")]
#[test_case("0", "-6.07"; "none at all")]
fn tax_beyond_the_tolerance_is_held_with_the_difference(tax: &str, difference: &str) {
    let hold = prove(&taxed(), &summed(tax, "0"), &rules()).unwrap_err();
    assert_eq!(hold.reason, HoldReason::TotalsDiffer);
    let start =
        format!("Kinetic order 100234: {} of tax, the shop says 6.07 (difference {difference});", money(tax));
    assert!(hold.words.starts_with(&start), "{hold}");
}

#[test]
fn without_a_tolerance_tax_agrees_to_the_cent() {
    let exact = rules_with(&[("tolerance = \"0.05\"", "")]);
    assert!(prove(&taxed(), &summed("6.07", "0"), &exact).is_ok());
    assert!(prove(&taxed(), &summed("6.08", "0"), &exact).is_err());
}

fn tax_as_charge() -> (DesiredOrder, Rules) {
    let rules = rules_with(&[
        ("mode = \"kinetic\"", "mode = \"charge\"\nmisc_code = \"TAX\"\nexempt_region = \"WEB\""),
        ("tolerance = \"0.05\"", ""),
    ]);
    let order = three_lines().with("total_tax", "6.0700").read();
    (sales_order(&order, &stock(), &rules).unwrap(), rules)
}

#[test]
fn tax_as_a_charge_is_part_of_the_proven_total() {
    let (wanted, rules) = tax_as_charge();
    let held = held(&wanted, "0", unchanged);
    prove(&wanted, &held, &rules).unwrap();
    assert_eq!((wanted.totals.total(), held.total), (money("90.75"), money("90.75")));
}

#[test_case("0.01"; "a cent")]
#[test_case("6.07"; "all of it once more")]
fn tax_as_a_charge_and_tax_of_kinetics_own_are_held(tax: &str) {
    let (wanted, rules) = tax_as_charge();
    let hold = prove(&wanted, &held(&wanted, tax, unchanged), &rules).unwrap_err();
    assert_eq!(hold.reason, HoldReason::TotalsDiffer);
    let start = format!("Kinetic order 100234: {tax} of tax, the shop says 0.00");
    assert!(hold.words.starts_with(&start), "{hold}");
}

#[test]
fn the_proof_comes_before_the_release_and_does_not_ask_for_it() {
    let wanted = taxed();
    let mut kinetic = PretendKinetic::with(&stock()).taxing(money("6.07"));
    let steps: Vec<Step> =
        plan(&wanted, None, None).unwrap().steps.into_iter().filter(|s| *s != Step::Release).collect();
    kinetic.carry_out(&wanted, &steps);
    assert!(prove(&wanted, kinetic.held().unwrap(), &rules()).is_ok());
}
