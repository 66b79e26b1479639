//! Where the goods go.

use connector_kinetic::OneTimeShipTo;
use test_case::test_case;

use super::*;

fn ship_to(order: &ShopOrder) -> OneTimeShipTo {
    desired(order).header.one_time.expect("always a one-time ship-to")
}

#[test]
fn the_shipping_address_is_a_one_time_ship_to() {
    let to = ship_to(&bolts().billed("street_1", "2 Bank St"));
    assert_eq!((to.name.as_str(), to.contact.as_str()), ("Ada Lane", "Ada Lane"));
    assert_eq!(
        (to.address1.as_str(), to.address2.as_str(), to.address3.as_str()),
        ("1 Main St", "Unit 2", "")
    );
    assert_eq!((to.city.as_str(), to.state.as_str(), to.zip.as_str()), ("Austin", "Texas", "78701"));
    assert_eq!((to.country_num, to.phone.as_str()), (1, "512 555 0100"));
}

#[test]
fn a_company_is_the_name_and_the_person_the_contact() {
    let to = ship_to(&bolts().shipped("company", " Acme "));
    assert_eq!((to.name.as_str(), to.contact.as_str()), ("Acme", "Ada Lane"));
}

#[test]
fn an_order_that_ships_nowhere_uses_the_billing_address() {
    let order = bolts().addresses(0).billed("street_1", "2 Bank St").billed("country_iso2", "DE");
    let to = ship_to(&order);
    assert_eq!((to.address1.as_str(), to.country_num), ("2 Bank St", 3));
    assert_eq!(desired(&order).header.ship_via, Text::exact("BEST"), "no method is no surprise");
    assert_eq!(notes(&desired(&order)), []);
}

#[test]
fn several_ship_tos_are_held() {
    let hold = hold(&bolts().addresses(2));
    assert_eq!((hold.reason, hold.subject), (HoldReason::SeveralShipTos, None));
    assert_eq!(
        hold.words,
        "the order goes to 2 addresses; enter it in Kinetic by hand, one order an address"
    );
}

#[test_case(&[("first_name", ""), ("last_name", " ")]; "no name")]
#[test_case(&[("street_1", "  ")]; "no street")]
fn an_address_without_name_or_street_is_held(fields: &[(&str, &str)]) {
    let order = fields.iter().fold(bolts(), |order, (field, value)| order.shipped(field, value));
    let hold = hold(&order);
    assert_eq!(hold.reason, HoldReason::AddressIncomplete);
    assert_eq!(hold.words, "the ship-to has no name or no street; complete the address in the shop");
}

#[test_case("us", 1; "small letters")]
#[test_case(" CA ", 2; "blanks around it")]
fn a_country_is_found_however_it_is_written(code: &str, number: i32) {
    assert_eq!(ship_to(&bolts().shipped("country_iso2", code)).country_num, number);
}

#[test_case("FR", Some("FR"); "not in the rules")]
#[test_case("USA", Some("USA"); "no code")]
#[test_case("", None; "none at all")]
fn an_unknown_country_is_held_and_the_table_to_mend_named(code: &str, subject: Option<&str>) {
    let hold = hold(&bolts().shipped("country_iso2", code));
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::UnknownCountry, subject));
    let words =
        format!("country \"{code}\" has no number; add it under [countries] with its Country.CountryNum");
    assert_eq!(hold.words, words);
}

#[test]
fn a_customer_without_one_time_ship_tos_is_held_under_its_id() {
    let mut facts = stock();
    facts.buyer.allow_ots = false;
    let hold = hold_by(&bolts(), &facts, &rules());
    assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::CustomerNotUsable, Some("WEBGUEST")));
    assert!(hold.words.contains("tick \"Allow One Time Ship To\""), "{hold}");
}

/// 48 characters, so that two more fit.
const LONG: &str = "Anne-Sophie Bürgermeister-Ørsted, Łukasiewicz & ";

#[test_case(LONG, "Åé", "Åé", false; "accents count once")]
#[test_case(LONG, "🔩", "🔩", false; "an emoji counts twice and fits")]
#[test_case(LONG, "a🔩", "a", true; "an emoji is never halved")]
#[test_case(LONG, "abc", "ab", true; "a character too many")]
#[test_case(&LONG[1..], "a👩\u{200d}🔧", "a👩", true; "a joined emoji leaves no joint behind")]
fn a_long_name_is_cut_between_characters_and_noted(start: &str, end: &str, kept: &str, cut: bool) {
    let name = format!("{start}{end}");
    let order = desired(&bolts().shipped("company", &name));
    let to = order.header.one_time.as_ref().unwrap();
    assert_eq!(to.name.as_str(), format!("{start}{kept}"));
    assert!(to.name.as_str().encode_utf16().count() <= 50);
    let expected: &[_] = if cut { &[("text.cut", "OTSName to 50 characters")] } else { &[] };
    assert_eq!(notes(&order), expected);
}

#[test_case("street_1", "OTSAddress1", 50; "street 1")]
#[test_case("street_2", "OTSAddress2", 50; "street 2")]
#[test_case("city", "OTSCity", 50; "city")]
#[test_case("state", "OTSState", 50; "state")]
#[test_case("zip", "OTSZIP", 10; "postal code")]
#[test_case("phone", "OTSPhoneNum", 20; "phone")]
fn whatever_is_cut_says_which_column_and_how_long(field: &str, column: &str, length: usize) {
    let order = desired(&bolts().shipped(field, &"é".repeat(length + 1)));
    assert_eq!(notes(&order), [("text.cut", format!("{column} to {length} characters").as_str())]);
    assert_eq!(notes(&desired(&bolts().shipped(field, &"é".repeat(length)))), []);
}

#[test]
fn a_person_with_a_long_name_is_cut_in_both_columns() {
    let order = desired(&bolts().shipped("first_name", LONG).shipped("last_name", "Hohenstein"));
    assert_eq!(
        notes(&order),
        [("text.cut", "OTSName to 50 characters"), ("text.cut", "OTSContact to 50 characters")]
    );
}
