use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;
use test_case::test_case;

use super::*;

fn row(json: &str) -> Row {
    serde_json::from_str(json).unwrap()
}

fn texts(row: &Row) -> BTreeMap<String, String> {
    row.0.iter().map(|(column, raw)| (column.clone(), raw.get().to_owned())).collect()
}

#[test]
fn columns_are_read_by_their_type() {
    let row = row(r#"{"PONum":"BC-1","OrderNum":100045,"OpenOrder":true,"DocUnitPrice":22.50000,
            "OrderDate":"2026-03-16T00:00:00","NeedByDate":null,"SysRevID":9182736450000,"Comment":null}"#);
    assert_eq!(row.text("PONum").unwrap(), "BC-1");
    assert_eq!(row.text("Comment").unwrap(), "");
    assert_eq!(row.int("OrderNum").unwrap(), 100_045);
    assert!(row.flag("OpenOrder").unwrap());
    assert_eq!(row.decimal("DocUnitPrice").unwrap(), Decimal::new(225, 1));
    assert_eq!(row.date("OrderDate").unwrap(), Some(date(2026, 3, 16)));
    assert_eq!(row.date("NeedByDate").unwrap(), None);
    assert_eq!(row.revision(), 9_182_736_450_000);
    assert_eq!(row.long("SysRevID").unwrap(), 9_182_736_450_000);
    assert!(row.int("SysRevID").is_err());
}

#[test_case("2026-03-16T00:00:00Z")]
#[test_case("2026-03-16")]
fn a_date_is_a_day_however_it_is_written(text: &str) {
    assert_eq!(row(&format!(r#"{{"D":"{text}"}}"#)).date("D").unwrap(), Some(date(2026, 3, 16)));
}

#[test]
fn a_wrong_type_names_the_column_and_no_value() {
    let row = row(r#"{"Name":7,"Price":"12.50","Num":"Ann","When":"soon"}"#);
    assert_eq!(row.text("Name").unwrap_err().to_string(), "Name: expected a text");
    assert_eq!(row.decimal("Price").unwrap_err().to_string(), "Price: expected a decimal number");
    assert_eq!(row.int("Num").unwrap_err().to_string(), "Num: expected a whole number");
    assert!(row.date("When").is_err());
    assert!(row.flag("Absent").is_err());
}

#[test]
fn annotations_do_not_go_back() {
    let row = row(r#"{"@odata.context":"x","OrderNum":1,"OrderNum@odata.type":"y"}"#);
    assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"OrderNum":1}"#);
}

#[test_case("00000000-0000-0000-0000-000000000000", None)]
#[test_case("", None)]
#[test_case("2d6c1c1e-0d2b-4b53-9e0a-0f5f8b6a0001", Some("2d6c1c1e-0d2b-4b53-9e0a-0f5f8b6a0001"))]
fn a_row_id_of_zeros_is_none(id: &str, known: Option<&str>) {
    let mut row = Row::default();
    row.set_text("SysRowID", id);
    assert_eq!(row.row_id().as_deref(), known);
}

#[test]
fn what_is_set_is_written_as_kinetic_writes_it() {
    let mut row = Row::default();
    row.set_text("A", "O'Neil \"x\"");
    row.set_int("B", -4);
    row.set_flag("C", false);
    row.set_decimal("D", Decimal::new(2250, 2));
    row.set_date("E", date(2026, 3, 6));
    let json = serde_json::to_string(&row).unwrap();
    assert_eq!(json, r#"{"A":"O'Neil \"x\"","B":-4,"C":false,"D":22.50,"E":"2026-03-06T00:00:00"}"#);
}

#[test]
fn debug_shows_no_value() {
    assert_eq!(format!("{:?}", row(r#"{"OTSName":"Ann"}"#)), "Row(1 columns)");
}

/// JSON texts as a server might write them, odd spellings included.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?",
        "\\PC{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just(r#""\u00e9\/""#.to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just(r#"[ {"deep" : 1.50 } ]"#.to_owned()),
    ]
}

proptest! {
    #[test]
    fn columns_that_were_not_set_go_back_byte_for_byte(
        columns in prop::collection::btree_map("[A-Za-z][A-Za-z0-9_]{0,10}", values(), 0..30),
        price in any::<i32>(),
    ) {
        let fields: Vec<String> = columns.iter().map(|(column, value)| format!("\"{column}\": {value}")).collect();
        let mut changed = row(&format!("{{{}}}", fields.join(" , ")));
        prop_assert_eq!(texts(&changed), columns.clone());
        changed.set_decimal("DocUnitPrice", Decimal::new(price.into(), 2));
        let mut back = texts(&row(&serde_json::to_string(&changed).unwrap()));
        back.remove("DocUnitPrice");
        let mut expected = columns;
        expected.remove("DocUnitPrice");
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn a_decimal_comes_back_as_it_was_set(mantissa in any::<i64>(), scale in 0_u32..9) {
        let mut row = Row::default();
        row.set_decimal("P", Decimal::new(mantissa, scale));
        prop_assert_eq!(row.decimal("P").unwrap(), Decimal::new(mantissa, scale));
    }
}
