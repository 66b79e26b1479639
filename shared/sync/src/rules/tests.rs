mod documented;

use super::*;

const EXAMPLE: &str = include_str!("../../../../docs/rules.example.toml");

#[test]
fn the_documented_example_is_read() {
    let rules = Rules::parse(EXAMPLE).unwrap();
    assert_eq!(rules.orders.prefix, "BC-");
    assert_eq!(rules.meaning(OrderStatus::AwaitingFulfillment), Meaning::Import);
    assert_eq!(rules.ship_via.code(" flat RATE "), (Text::exact("UPSG").as_ref(), true));
    assert_eq!(rules.ship_via.code("Pigeon"), (Text::exact("BEST").as_ref(), false));
}

#[test]
fn a_minimal_file_has_the_default_meanings() {
    let rules = Rules::parse(MINIMAL).unwrap();
    for status in STATUSES {
        assert_eq!(rules.meaning(status.status), status.meaning, "{}", status.key);
    }
    assert_eq!(rules.meaning(OrderStatus::Other(15)), Meaning::Hold, "a status of the future needs a person");
}

const MINIMAL: &str = r#"
    orders = { prefix = "BC-", time_zone = "America/Chicago", currency = "USD" }
    guests = { cust_id = "WEBGUEST" }
"#;

fn guests(section: &str) -> Result<GuestRule, Problems> {
    let usual = "{ cust_id = \"WEBGUEST\" }";
    assert!(MINIMAL.contains(usual), "there is something to replace");
    Rules::parse(&MINIMAL.replace(usual, section)).map(|rules| rules.guests)
}

#[test]
fn a_house_account_is_needed_unless_each_guest_becomes_a_customer() {
    let house = Text::exact("WEBGUEST").unwrap();
    assert_eq!(guests("{ cust_id = \"WEBGUEST\" }"), Ok(GuestRule::HouseAccount(house.clone())));
    let each = "{ mode = \"customer\" }";
    assert_eq!(guests(each), Ok(GuestRule::Customer { house_account: None }));
    let both = "{ mode = \"customer\", cust_id = \"WEBGUEST\" }";
    assert_eq!(guests(both), Ok(GuestRule::Customer { house_account: Some(house) }));
    for (wrong, expected) in [
        ("{ mode = \"house_account\" }", "guests.cust_id is missing"),
        ("{ mode = \"nobody\", cust_id = \"A\" }", "guests.mode: expected house_account or customer"),
        (
            "{ mode = \"customer\", cust_id = \"LONGER-THAN-TEN\" }",
            "guests.cust_id: expected a code of 1 to 10",
        ),
    ] {
        let problems = guests(wrong).unwrap_err().to_string();
        assert!(problems.starts_with(expected), "{problems}");
    }
}

#[test]
fn every_problem_is_reported_at_once() {
    let problems = Rules::parse(
        r#"
        quota_share = 400
        colour = "red"
        [orders]
        prefix = "much too long a prefix"
        time_zone = "America/Chicagoo"
        ship_after_days = 9
        reference_colum = "PONum"
        credit = "ask"
        [statuses]
        shipped = "perhaps"
        [guests]
        cust_id = "LONGER-THAN-TEN"
        [shoppers]
        look_alike = "ask"
        [tax]
        mode = "charge"
        [countries]
        US = "one"
        [poll]
        every_minutes = 0
        grace_minutes = 6
        "#,
    )
    .unwrap_err();
    let all = problems.to_string();
    for expected in [
        "quota_share: expected a whole number from 1 to 100, found 400",
        "colour is unknown here",
        "orders.prefix must be at most 12",
        "orders.time_zone is no time zone",
        "orders.currency is missing",
        "orders.need_by_days must not be less",
        "orders.credit: expected flag or hold",
        "shoppers.look_alike: expected note or hold",
        "orders.reference_colum is unknown here (known: prefix, reference_column",
        "statuses.shipped: expected import, wait, cancel, ignore or hold",
        "guests.cust_id is longer than the 10 characters",
        "tax.misc_code is missing",
        "tax.exempt_region is missing",
        "poll.every_minutes: expected a whole number from 1 to 60, found 0",
        "poll.overlap_minutes must be at least twice grace_minutes",
        "countries.US: expected a two-letter country",
    ] {
        assert!(all.contains(expected), "{expected}\nnot in\n{all}");
    }
}

#[test]
fn what_is_not_toml_says_so() {
    assert!(Rules::parse("orders = [").unwrap_err().to_string().starts_with("not TOML"));
}

#[test]
fn kinetics_currency_code_is_the_shops_unless_it_fits_another() {
    assert_eq!(Rules::parse(MINIMAL).unwrap().orders.kinetic_currency, "USD");
    let with = |code: &str| {
        MINIMAL.replace("currency = \"USD\"", &format!("currency = \"USD\", kinetic_currency = \"{code}\""))
    };
    assert_eq!(Rules::parse(&with("US$")).unwrap().orders.kinetic_currency, "US$");
    for wrong in ["", "  ", "DOLLAR"] {
        let problems = Rules::parse(&with(wrong)).unwrap_err().to_string();
        assert!(
            problems.starts_with("orders.kinetic_currency: expected a code of 1 to 4 characters"),
            "{problems}"
        );
    }
}

#[test]
fn a_price_list_of_the_store_is_kinetics_once_and_a_code_fits() {
    let prices = |text: &str| Rules::parse(&format!("{MINIMAL}\n[prices]\n{text}")).map(|rules| rules.prices);
    let rules = prices("base = \"WEB\"\nlists = { \"O'N\" = \"One\" }").unwrap();
    assert_eq!(rules.only.unwrap().to_string(), "ListCode eq 'O''N' or ListCode eq 'WEB'");
    assert_eq!(prices("base = \"\"").unwrap().only, None);
    for (wrong, expected) in [
        ("lists = { A = \"One\", B = \"one\" }", "prices.lists names a price list of the store twice"),
        ("base = \"LONGER-THAN-10\"", "prices.base: expected a code of at most 10"),
        ("currencies = { KR = \"KRONE\" }", "prices.currencies.KR: expected a currency of three letters"),
    ] {
        let problems = prices(wrong).unwrap_err().to_string();
        assert!(problems.starts_with(expected), "{problems}");
    }
}
