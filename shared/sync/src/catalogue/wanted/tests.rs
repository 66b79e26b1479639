use connector_kinetic::{PartRow, PricePer};
use test_case::test_case;

use super::*;
use crate::catalogue::plan::tests::{part, rules};

fn shown(part: &PartRow, rules: &CatalogueRules) -> Product {
    match wanted(part, &PriceFrom::Part, rules) {
        Wanted::Shown(product) => product,
        other @ (Wanted::LeftOut | Wanted::Held(_)) => panic!("{other:?}"),
    }
}

fn name(part: &PartRow, rules: &CatalogueRules) -> String {
    shown(part, rules).fields[&Owned::Name].shown()
}

#[test]
fn a_part_is_shown_with_its_price_name_weight_and_bar_code() {
    let product = shown(&part(), &rules(""));
    let fields: Vec<_> =
        product.fields.iter().map(|(field, value)| (field.as_str(), value.shown())).collect();
    let is = |field, value: &str| (field, value.to_owned());
    assert_eq!(
        fields,
        [
            is("name", "Hex Bolt M8x40 (HB-M8-40)"),
            is("price", "0.4525"),
            is("weight", "0.02"),
            is("upc", "0123456789012"),
            is("visible", "true"),
        ]
    );
    assert_eq!((product.sku, product.flags), (Sku("HB-M8-40".to_owned()), vec![]));
}

#[test_case("", true; "a web part")]
#[test_case("web_parts_only = false\nclasses = [\"fast \"]", true; "its class in other letters")]
#[test_case("classes = [\"TOOL\"]", false; "another class")]
#[test_case("product_groups = [\"TOOL\"]", false; "another group")]
fn the_rules_say_which_parts_go_out(text: &str, out: bool) {
    assert_eq!(matches!(wanted(&part(), &PriceFrom::Part, &rules(text)), Wanted::Shown(_)), out);
}

#[test]
fn a_part_that_is_not_for_the_web_is_left_out() {
    let part = PartRow { web_part: false, ..part() };
    assert_eq!(wanted(&part, &PriceFrom::Part, &rules("")), Wanted::LeftOut);
    assert!(matches!(wanted(&part, &PriceFrom::Part, &rules("web_parts_only = false")), Wanted::Shown(_)));
}

#[test]
fn what_is_not_sold_any_more_is_hidden_or_left_by_its_rule() {
    let visible = |part: &PartRow, text: &str| shown(part, &rules(text)).fields[&Owned::Visible].shown();
    let inactive = PartRow { inactive: true, ..part() };
    let run_out = PartRow { run_out: true, ..part() };
    assert_eq!(visible(&inactive, ""), "false");
    assert_eq!(visible(&inactive, "inactive = \"leave\""), "true");
    assert_eq!(visible(&run_out, ""), "true", "what is left is sold");
    assert_eq!(visible(&run_out, "run_out = \"hide\""), "false");
    assert_eq!(visible(&PartRow { on_hold: true, ..part() }, ""), "false");
}

#[test]
fn a_name_is_one_line_and_no_longer_than_the_store_takes() {
    let long = PartRow { description: format!("  Hex\n Bolt {}", "ø".repeat(300)), ..part() };
    let told = name(&long, &rules(""));
    assert_eq!(told.chars().count(), 250);
    assert!(told.starts_with("Hex Bolt ø") && told.ends_with("ø (HB-M8-40)"), "{told}");
    assert_eq!(name(&long, &rules("name = \"description\"")).chars().count(), 250);
    let nameless = PartRow { description: " ".to_owned(), ..part() };
    assert_eq!(name(&nameless, &rules("")), "HB-M8-40");
    let Wanted::Held(problem) = wanted(&nameless, &PriceFrom::Part, &rules("name = \"description\"")) else {
        panic!("no name")
    };
    assert_eq!(problem.reason, "no_name");
}

#[test]
fn a_price_that_four_decimals_do_not_carry_is_flagged_or_held() {
    let part = PartRow { unit_price: "45.2512".parse().unwrap(), price_per: PricePer::Thousand, ..part() };
    let product = shown(&part, &rules(""));
    assert_eq!(product.fields[&Owned::Price].shown(), "0.0453");
    insta::assert_snapshot!(product.flags[0].words, @r#"one of part "HB-M8-40" costs 0.0452512, and the store keeps four decimals: 0.0453 is shown"#);
    let Wanted::Held(problem) = wanted(&part, &PriceFrom::Part, &rules("inexact_price = \"hold\"")) else {
        panic!("goes out")
    };
    assert_eq!(problem.reason, "inexact_price");
}

#[test]
fn a_weight_is_multiplied_by_its_units_factor_and_flagged_where_there_is_none() {
    let units = "weight = \"gross\"\nweight_units = { KG = \"2.20462\" }";
    let kilos = PartRow { gross_weight: "1.5".parse().unwrap(), gross_weight_uom: "kg".to_owned(), ..part() };
    assert_eq!(shown(&kilos, &rules(units)).fields[&Owned::Weight].shown(), "3.3069");
    let stones =
        PartRow { gross_weight: "1.5".parse().unwrap(), gross_weight_uom: "ST".to_owned(), ..part() };
    let product = shown(&stones, &rules(units));
    assert_eq!(
        (product.fields[&Owned::Weight].shown(), product.flags[0].reason),
        ("0".to_owned(), "unknown_weight_unit")
    );
}

#[test]
fn a_bar_code_that_the_store_would_refuse_is_left_out() {
    let product = shown(
        &PartRow { upc_codes: ["0123456789012345".to_owned(), String::new(), String::new()], ..part() },
        &rules(""),
    );
    assert!(!product.fields.contains_key(&Owned::Upc));
    assert_eq!(product.flags[0].reason, "upc_too_long");
}
