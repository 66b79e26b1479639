use connector_kinetic::SysRevId;
use test_case::test_case;

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn row(base_price: &str, breaks: &[(&str, &str, &str)]) -> ListPartRow {
    let at = |(quantity, percent, price): &(&str, &str, &str)| PriceBreak {
        quantity: dec(quantity),
        discount_percent: dec(percent),
        unit_price: dec(price),
        revision: SysRevId(1),
    };
    ListPartRow {
        list_code: "DIST".to_owned(),
        part_num: "HB-1".to_owned(),
        uom: "EA".to_owned(),
        base_price: dec(base_price),
        breaks: breaks.iter().map(at).collect(),
        revision: SysRevId(2),
        row_id: "1".to_owned(),
    }
}

fn shown(row: &ListPartRow, per: &PricePer) -> (String, Vec<&'static str>) {
    let (offer, flags) = offer(row, per, InexactPrice::Round).unwrap();
    let usd = CurrencyCode::try_from("USD".to_owned()).unwrap();
    (offer.shown(7, &usd), flags.iter().map(|flag| flag.reason).collect())
}

#[test_case("39", &[], &PricePer::Hundred, "7: USD 0.39", &[]; "no break")]
#[test_case("39", &[("1000", "0", "36.50"), ("5000", "0", "33")], &PricePer::Hundred, "7: USD 0.39, 1000+ 0.365, 5000+ 0.33", &[]; "prices")]
#[test_case("40", &[("10", "12.5", "0")], &PricePer::Each, "7: USD 40, 10+ 35", &[]; "an exact percentage")]
#[test_case("0.0333", &[("10", "33.33", "0")], &PricePer::Each, "7: USD 0.0333, 10+ 0.0222", &["inexact_price"]; "an inexact percentage")]
#[test_case("10", &[("2.5", "0", "9"), ("3", "0", "8")], &PricePer::Each, "7: USD 10, 3+ 8", &["break_fraction"]; "a fraction begins at the next whole number, where another may hold")]
#[test_case("10", &[("0.5", "0", "9"), ("5", "0", "8")], &PricePer::Each, "7: USD 9, 5+ 8", &["break_fraction"]; "from the first piece on it is the price")]
#[test_case("10", &[("5", "0", "0")], &PricePer::Each, "7: USD 10, 5+ 10", &[]; "neither percentage nor price")]
fn a_row_becomes_a_price_and_its_breaks(
    base: &str,
    breaks: &[(&str, &str, &str)],
    per: &PricePer,
    expected: &str,
    flags: &[&str],
) {
    assert_eq!(shown(&row(base, breaks), per), (expected.to_owned(), flags.to_vec()));
}

#[test_case(&[("5", "10", "9")], "break_unclear"; "both")]
#[test_case(&[("5", "101", "0")], "break_unclear"; "more than everything")]
#[test_case(&[("5000000000", "0", "1")], "break_quantity")]
#[test_case(&[("5", "0", "-1")], "no_price")]
fn a_break_that_cannot_be_told_keeps_the_row_back(breaks: &[(&str, &str, &str)], reason: &str) {
    let problem = offer(&row("10", breaks), &PricePer::Each, InexactPrice::Round).unwrap_err();
    assert_eq!(problem.reason, reason);
}

#[test]
fn a_tier_ends_where_the_next_begins() {
    let (offer, _) =
        offer(&row("10", &[("5", "0", "9"), ("50", "0", "8")]), &PricePer::Each, InexactPrice::Hold).unwrap();
    let tiers: Vec<_> = offer.tiers().iter().map(|tier| (tier.quantity_min, tier.quantity_max)).collect();
    assert_eq!(tiers, [(5, Some(49)), (50, None)]);
}
