//! Which part, how many, at what price.

use connector_kinetic::{PartFound, PricePer};
use test_case::test_case;

use super::*;

#[test]
fn an_alias_names_the_part_that_is_spelled_otherwise_in_kinetic() {
    let order = desired(&ShopOrder::of([Line::new(1, "HB-M8-40-ZINC", 1, "1.00")]));
    assert_eq!(order.lines[0].part_num.as_str(), "HB-M8-40-ZN");
}

#[test]
fn a_part_number_with_quote_slash_and_blank_goes_through_unchanged() {
    let odd = r#"Bolt 3/8"-16 x 1' & 5%"#;
    let order = ShopOrder::of([Line::new(1, odd, 2, "1.00")]);
    let mapped = sales_order(&order.read(), &facts([part(odd)]), &rules()).unwrap();
    assert_eq!(mapped.lines[0].part_num.as_str(), odd);
}

#[test]
fn the_part_is_named_as_kinetic_spells_it() {
    let mut facts = facts([part("hb-m8")]);
    facts.parts = facts.parts.into_values().map(|p| (Text::exact("HB-M8").unwrap(), p)).collect();
    let order = ShopOrder::of([Line::new(1, " HB-M8 ", 2, "1.00")]);
    assert_eq!(sales_order(&order.read(), &facts, &rules()).unwrap().lines[0].part_num.as_str(), "hb-m8");
}

#[test]
fn an_unknown_part_is_held_under_its_sku() {
    let hold = hold(&bolts_and("NO-SUCH"));
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::UnknownPart, Some("NO-SUCH")));
    assert_eq!(
        hold.words,
        "no part \"NO-SUCH\" in Kinetic for SKU \"NO-SUCH\"; create the part, or name the right one under [aliases]"
    );
}

#[test]
fn an_alias_of_an_unknown_part_is_held_under_the_sku_and_names_the_part() {
    let order = ShopOrder::of([Line::new(1, "HB-M8-40-ZINC", 1, "1.00")]);
    let hold = hold_by(&order, &facts([]), &rules());
    assert_eq!(hold.subject.as_deref(), Some("HB-M8-40-ZINC"));
    assert!(hold.words.contains("no part \"HB-M8-40-ZN\""), "{hold}");
}

fn bolts_and(sku: &str) -> ShopOrder {
    ShopOrder::of([Line::new(194, "HB-M8-40-ZN", 4, "15.67"), Line::new(195, sku, 1, "1.00")])
}

#[test_case(|part| part.inactive = true, "inactive"; "inactive")]
#[test_case(|part| part.on_hold = true, "on hold"; "on hold")]
fn a_part_that_must_not_be_sold_is_held_under_its_sku(change: fn(&mut PartFound), state: &str) {
    let mut stopped = part("NUT-8");
    change(&mut stopped);
    let hold = hold_by(&bolts_and("NUT-8"), &facts([part("HB-M8-40-ZN"), stopped]), &rules());
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::PartNotSaleable, Some("NUT-8")));
    let words = format!("part \"NUT-8\" is {state} in Kinetic; reactivate it or cancel the line in the shop");
    assert_eq!(hold.words, words);
}

#[test]
fn a_part_that_runs_out_is_sold_all_the_same() {
    let mut last = part("NUT-8");
    last.run_out = true;
    assert!(
        sales_order(&ShopOrder::of([Line::new(1, "NUT-8", 1, "1")]).read(), &facts([last]), &rules()).is_ok()
    );
}

#[test]
fn a_line_without_sku_is_held_about_nothing_that_could_arrive() {
    let hold = hold(&bolts_and("  "));
    assert_eq!((hold.reason, hold.subject), (HoldReason::LineWithoutSku, None));
    assert_eq!(hold.words, "line 195 has no SKU; give the product a SKU, or add it under [aliases]");
}

#[test]
fn a_sku_longer_than_a_part_number_is_held_and_never_cut() {
    let long = "X".repeat(51);
    let hold = hold_by(&bolts_and(&long), &facts([part("HB-M8-40-ZN"), part(&"X".repeat(50))]), &rules());
    assert_eq!((hold.reason, hold.subject.as_ref()), (HoldReason::LineWithoutSku, Some(&long)));
    assert!(hold.words.contains("longer than a PartNum"), "{hold}");
}

#[test]
fn a_gift_certificate_that_was_bought_is_held_even_with_a_sku() {
    let order = ShopOrder::of([Line::new(7, "HB-M8-40-ZN", 1, "50").with("type", "giftcertificate")]);
    let hold = hold(&order);
    assert_eq!(hold.reason, HoldReason::LineWithoutSku);
    assert_eq!(hold.words, "line 7 sells a gift certificate, which Kinetic cannot ship; enter it by hand");
}

#[test]
fn a_custom_item_is_a_line_like_any_other_if_it_has_a_sku() {
    let custom = |sku| Line::new(7, sku, 3, "2.50").with("product_id", 0).with("variant_id", 0);
    assert_eq!(desired(&ShopOrder::of([custom("NUT-8")])).lines[0].part_num.as_str(), "NUT-8");
    assert_eq!(hold(&ShopOrder::of([custom("")])).reason, HoldReason::LineWithoutSku);
}

#[test]
fn lines_of_nothing_are_skipped_whatever_they_sell() {
    let order = desired(&ShopOrder::of([
        Line::new(1, "NO-SUCH", 0, "9.99"),
        Line::new(2, "NUT-8", 5, "0.20"),
        Line::new(3, "", 0, "9.99"),
    ]));
    let references: Vec<&str> = order.lines.iter().map(|line| line.reference.as_str()).collect();
    assert_eq!(references, ["2"]);
}

#[test]
fn an_order_of_nothing_is_held() {
    let hold = hold(&ShopOrder::of([Line::new(1, "NUT-8", 0, "9.99")]));
    assert_eq!(
        (hold.reason, hold.words.as_str()),
        (HoldReason::LineWithoutSku, "the order has no lines that could be shipped")
    );
}

#[test]
fn one_part_in_two_lines_stays_two_lines_with_references_of_their_own() {
    let order = desired(&ShopOrder::of([Line::new(1, "NUT-8", 5, "0.20"), Line::new(2, "NUT-8", 7, "0.18")]));
    let lines: Vec<_> =
        order.lines.iter().map(|line| (line.reference.as_str(), line.quantity.to_string())).collect();
    assert_eq!(lines, [("1", "5".to_owned()), ("2", "7".to_owned())]);
}

#[test]
fn what_the_shopper_chose_is_the_lines_comment() {
    let line = Line::new(1, "NUT-8", 1, "0.20").option("Finish", "Zinc").option("Engraving", "Für Zoë 🔩");
    assert_eq!(desired(&ShopOrder::of([line])).lines[0].comment, "Finish: Zinc; Engraving: Für Zoë 🔩");
}

#[test_case(PricePer::Each, "0.0375"; "each")]
#[test_case(PricePer::Hundred, "3.75"; "per hundred")]
#[test_case(PricePer::Thousand, "37.5"; "per thousand")]
fn a_price_is_for_as_many_as_the_part_is_priced_per(per: PricePer, unit_price: &str) {
    let mut screws = part("SCREW");
    screws.price_per = per;
    let order = ShopOrder::of([Line::new(1, "SCREW", 200, "0.0375")]);
    let mapped = sales_order(&order.read(), &facts([screws]), &rules()).unwrap();
    assert_eq!((mapped.lines[0].unit_price, mapped.lines[0].discount), (money(unit_price), Money::ZERO));
    assert_eq!(mapped.totals.before_tax, money("7.50"));
}

#[test]
fn a_price_per_something_unheard_of_is_held() {
    let mut odd = part("SCREW");
    odd.price_per = PricePer::Other("Q".to_owned());
    let hold = hold_by(&ShopOrder::of([Line::new(9, "SCREW", 1, "1")]), &facts([odd]), &rules());
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::PartNotSaleable, Some("SCREW")));
    assert!(hold.words.starts_with("line 9: the part's \"price per\" code is neither E, C nor M"), "{hold}");
}

#[test]
fn a_total_that_no_five_decimals_give_is_bridged_by_a_discount_and_noted() {
    // 0.33333 × 100,000 is 33,333.00; the shop's total asks for 33,333.33.
    let order = ShopOrder::of([Line::new(3, "NUT-8", 100_000, "0.3333").total("33333.3300")]);
    let mapped = desired(&order);
    assert_eq!((mapped.lines[0].unit_price, mapped.lines[0].discount), (money("0.33334"), money("0.67")));
    assert_eq!(
        notes(&mapped),
        [("price.bridged", "line 3 NUT-8: the cent is carried by a discount of 0.67")]
    );
}

#[test]
fn a_line_total_that_the_shops_own_price_does_not_give_gets_the_price_that_does() {
    // The shop rounded its price to the cent after it had made the total.
    let mapped = desired(&ShopOrder::of([Line::new(3, "NUT-8", 3, "0.33").total("1.0000")]));
    assert_eq!((mapped.lines[0].unit_price, mapped.lines[0].discount), (money("0.33333"), Money::ZERO));
}

#[test]
fn a_price_that_fits_but_has_more_digits_than_kinetic_keeps_is_shortened() {
    let mapped = desired(&ShopOrder::of([Line::new(3, "NUT-8", 3, "0.333333").total("1.0000")]));
    assert_eq!((mapped.lines[0].unit_price, mapped.lines[0].discount), (money("0.33333"), Money::ZERO));
}

#[test]
fn a_discount_stays_cents_where_the_price_had_to_be_another() {
    let line = Line::new(3, "NUT-8", 6, "0.33").total("2.0000").discount("0.1666");
    let mapped = desired(&ShopOrder::of([line]).coupon("SPRING", "0.1666"));
    assert_eq!((mapped.lines[0].unit_price, mapped.lines[0].discount), (money("0.33333"), money("0.17")));
    assert_eq!(mapped.totals.before_tax, money("1.83"));
}

#[test]
fn a_cent_that_rounding_moved_is_in_the_price_of_a_line_without_discount() {
    let mapped = desired(&ShopOrder::of([1, 2, 3].map(|id| Line::new(id, "NUT-8", 1, "0.3333"))));
    let prices: Vec<_> =
        mapped.lines.iter().map(|line| (line.unit_price.to_string(), line.discount)).collect();
    assert_eq!(prices, ["0.3333", "0.34", "0.3333"].map(|price| (price.to_owned(), Money::ZERO)));
}
