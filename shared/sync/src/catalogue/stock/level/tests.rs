use connector_kinetic::{StockKey, SysRevId};
use proptest::prelude::*;
use test_case::test_case;

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn key() -> StockKey {
    StockKey { part_num: "HB-1 ".to_owned(), warehouse: "main".to_owned() }
}

fn queried() -> BaqStockRow {
    BaqStockRow {
        key: key(),
        on_hand: dec("100"),
        non_nettable: dec("50"),
        demand: dec("30"),
        buy_to_order: dec("5"),
        allocated: dec("10"),
        sales_reserved: dec("4"),
        picking: dec("5"),
        picked: dec("6"),
        available: None,
        revision: SysRevId(7),
    }
}

#[test_case(Formula::Demand, "75"; "all demand but what is bought for it")]
#[test_case(Formula::Allocated, "90"; "as kinetic counts")]
#[test_case(Formula::Reserved, "85"; "the larger of both")]
fn a_formula_takes_off_what_it_says(formula: Formula, available: &str) {
    let row = InWarehouse::of_query(&queried(), formula).unwrap();
    assert_eq!(
        (row.part_num.as_str(), row.warehouse.as_str(), row.available, row.revision),
        ("HB-1", "MAIN", dec(available), Some(7))
    );
}

#[test]
fn the_querys_own_figure_must_be_there() {
    assert_eq!(InWarehouse::of_query(&queried(), Formula::Query), Err(NotTold));
    let told = BaqStockRow { available: Some(dec("12.5")), ..queried() };
    assert_eq!(InWarehouse::of_query(&told, Formula::Query).unwrap().available, dec("12.5"));
}

#[test]
fn the_flat_set_knows_allocated_and_reserved() {
    let row = StockRow {
        key: key(),
        plant: "MfgSys".to_owned(),
        default_warehouse: true,
        on_hand: dec("20"),
        non_nettable: dec("3"),
        sales_reserved: dec("4"),
        sales_picking: dec("5"),
        sales_picked: dec("6"),
        allocated: dec("10"),
        sales_allocated: dec("8"),
        job_allocated: dec("2"),
    };
    assert_eq!(InWarehouse::of_search(&row, Formula::Allocated).available, dec("10"));
    assert_eq!(InWarehouse::of_search(&row, Formula::Reserved).available, dec("5"));
}

fn unit(uom: &str, factor: &str, operator: &str) -> UnitRow {
    let (part_num, uom) = ("HB-1".to_owned(), uom.to_owned());
    UnitRow { part_num, uom, factor: dec(factor), operator: operator.to_owned(), active: true, web: false }
}

#[test_case("EA", "EA", "7.9", 7; "the same unit is rounded down")]
#[test_case("EA", "BX", "35", 2; "boxes of twelve")]
#[test_case("BX", "EA", "2.5", 30; "eaches from boxes")]
#[test_case("EA", "C", "250", 2; "hundreds, by a factor that divides")]
#[test_case("EA", "TH", "2.9999", 8; "thirds")]
#[test_case("EA", "BX", "-1", -1; "below nothing stays below")]
fn what_is_sold_in_another_unit_is_counted_in_it_and_rounded_down(
    from: &str,
    to: &str,
    have: &str,
    whole: i64,
) {
    let units = [unit("ea", "1", "*"), unit("BX", "12", "*"), unit("C", "0.01", "\\"), unit("TH", "3", "/")];
    let units: Vec<&UnitRow> = units.iter().collect();
    assert_eq!(Conversion::of(&units, from, to).unwrap().whole(dec(have)), whole);
}

#[test]
fn a_unit_that_is_not_there_or_makes_no_sense_converts_nothing() {
    let units = [unit("EA", "1", "*"), unit("BX", "0", "*"), unit("C", "100", "+")];
    let units: Vec<&UnitRow> = units.iter().collect();
    for other in ["PK", "BX", "C"] {
        assert_eq!(Conversion::of(&units, "EA", other), None, "{other}");
    }
}

#[test_case(&[(1, 10)], "0", 0, &[(1, 10)]; "all of it")]
#[test_case(&[(1, 10)], "3", 2, &[(1, 5)]; "less what is sold and what is kept back")]
#[test_case(&[(1, 10)], "2.5", 0, &[(1, 7)]; "a part of a unit that is sold is a whole one less")]
#[test_case(&[(1, 10)], "12", 0, &[(1, 0)]; "never below nothing")]
#[test_case(&[(1, 2), (2, 5)], "3", 0, &[(1, 0), (2, 4)]; "over all locations")]
#[test_case(&[(1, 5), (2, -2)], "0", 0, &[(1, 3), (2, 0)]; "what is missing elsewhere is missing")]
#[test_case(&[(1, 3_000_000_000)], "0", 0, &[(1, MOST_STOCK)]; "no more than the store takes, though a number would hold it")]
#[test_case(&[(1, 5_000_000_000)], "0", 0, &[(1, MOST_STOCK)]; "no more than the store takes")]
fn a_level_is_what_can_be_sold(sellable: &[(u64, i64)], owed: &str, buffer: u32, expected: &[(u64, u32)]) {
    let sellable = sellable.iter().copied().collect();
    assert_eq!(levels(&sellable, dec(owed), buffer), expected.iter().copied().collect());
}

proptest! {
    #[test]
    fn all_locations_together_never_offer_more_than_there_is(
        sellable in prop::collection::btree_map(1_u64..5, -50_i64..200, 1..4),
        owed in 0_i64..300,
        buffer in 0_u32..20,
    ) {
        let there: i64 = sellable.values().sum();
        let offered: i64 = levels(&sellable, Decimal::from(owed), buffer).values().copied().map(i64::from).sum();
        prop_assert!(offered <= (there - owed).max(0), "{offered} of {there} with {owed} sold");
    }

    #[test]
    fn whole_units_never_come_to_more_than_there_is(have in 0_i64..1_000_000, scale in 0_u32..5, many in 1_i64..5000) {
        let have = Decimal::new(have, scale);
        let conversion = Conversion { many: Decimal::from(many), per: Decimal::ONE };
        let whole = conversion.whole(have);
        prop_assert!(Decimal::from(whole) * Decimal::from(many) <= have);
        prop_assert!(Decimal::from(whole + 1) * Decimal::from(many) > have);
    }
}
