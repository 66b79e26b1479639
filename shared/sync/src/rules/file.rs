//! From the text of the file to [`Rules`].

use std::collections::BTreeMap;
use std::time::Duration;

use connector_bigcommerce::OrderStatus;
use connector_bigcommerce::webhook::{Need, VerifyPolicy};
use connector_domain::{CountryCode, CurrencyCode, Money, Sku, Text, exact};
use connector_kinetic::Anchor;
use jiff::tz::TimeZone;

use super::read::{Problems, Section};
use super::{
    ChargeCodes, CodeMap, CreditRule, DiscountRule, HookRules, KineticRules, Meaning, OrderRules, PollRules,
    Rules, STATUSES, TaxRule, catalogue, customers, prices, stock, sweep,
};
use crate::hooks::is_delivered_to;
use crate::quota;

pub(super) fn parse(text: &str) -> Result<Rules, Problems> {
    let table = text
        .parse::<toml::Table>()
        .map_err(|error| Problems(vec![format!("not TOML: {}", error.message())]))?;
    let mut root = Section::root(table);
    let mut problems = Vec::new();
    let all = &mut problems;
    let (webhooks, hooks) = webhooks(root.section("webhooks"), all);
    let rules = Rules {
        orders: orders(root.section("orders"), all),
        statuses: statuses(root.section("statuses"), all),
        guests: customers::guests(root.section("guests"), all),
        shoppers: customers::shoppers(root.section("shoppers"), all),
        aliases: aliases(root.section("aliases"), all),
        discounts: discounts(root.section("discounts"), all),
        charges: charges(root.section("charges"), all),
        tax: tax(root.section("tax"), all),
        ship_via: codes(root.section("ship_via"), all),
        terms: codes(root.section("terms"), all),
        countries: countries(root.section("countries"), all),
        webhooks,
        hooks,
        kinetic: kinetic(root.section("kinetic"), all),
        poll: poll(root.section("poll"), all),
        catalogue: catalogue::catalogue(root.section("catalogue"), all),
        prices: prices::prices(root.section("prices"), all),
        stock: stock::stock(root.section("stock"), all),
        sweep: sweep::sweep(root.section("sweep"), all),
        quota_share: u8::try_from(root.whole("quota_share", u32::from(quota::ORDERS), 1..=100))
            .unwrap_or(quota::ORDERS),
    };
    root.close(all);
    all.extend(quota::problem(&rules));
    if problems.is_empty() { Ok(rules) } else { Err(Problems(problems)) }
}

fn orders(mut section: Section, all: &mut Vec<String>) -> OrderRules {
    let prefix = section.needed("prefix");
    // Longest order id BigCommerce has shown: 10 digits; the narrowest column offered: 30.
    if prefix.len() > 12 || !prefix.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c)) {
        section.problem("prefix", "must be at most 12 of A-Z, a-z, 0-9, - _ . and /");
    }
    let anchor = section.parsed("reference_column", "PONum, ECCOrderNum, ECCPONum or UserChar1", anchor);
    let zone = section.needed("time_zone");
    let time_zone = TimeZone::get(&zone).unwrap_or_else(|_| {
        if !zone.is_empty() {
            section.problem("time_zone", "is no time zone; write one like America/Chicago");
        }
        TimeZone::UTC
    });
    let currency = section.needed("currency");
    let currency = CurrencyCode::try_from(currency).unwrap_or_else(|error| {
        section.problem("currency", &error.to_string());
        CurrencyCode::none()
    });
    let kinetic_currency: Option<Text<4>> = code(&mut section, "kinetic_currency");
    let rules = OrderRules {
        prefix,
        anchor: anchor.unwrap_or(Anchor::PONum),
        time_zone,
        kinetic_currency: kinetic_currency.as_ref().map_or(currency.as_str(), Text::as_str).to_owned(),
        currency,
        ship_after_days: section.whole("ship_after_days", 1, 0..=365),
        need_by_days: section.whole("need_by_days", 5, 0..=365),
        writers: section.whole("writers", 2, 1..=16),
        credit: section.parsed("credit", "flag or hold", credit).unwrap_or(CreditRule::Flag),
    };
    if rules.need_by_days < rules.ship_after_days {
        section.problem("need_by_days", "must not be less than ship_after_days");
    }
    section.close(all);
    rules
}

fn credit(word: &str) -> Option<CreditRule> {
    match word {
        "flag" => Some(CreditRule::Flag),
        "hold" => Some(CreditRule::Hold),
        _ => None,
    }
}

fn anchor(word: &str) -> Option<Anchor> {
    match word {
        "PONum" => Some(Anchor::PONum),
        "ECCOrderNum" => Some(Anchor::ECCOrderNum),
        "ECCPONum" => Some(Anchor::ECCPONum),
        "UserChar1" => Some(Anchor::UserChar1),
        _ => None,
    }
}

fn statuses(mut section: Section, all: &mut Vec<String>) -> BTreeMap<OrderStatus, Meaning> {
    let mut meanings = BTreeMap::new();
    for status in STATUSES {
        let said = section.parsed(status.key, "import, wait, cancel, ignore or hold", Meaning::from_word);
        meanings.insert(status.status, said.unwrap_or(status.meaning));
    }
    section.close(all);
    meanings
}

fn aliases(section: Section, all: &mut Vec<String>) -> BTreeMap<Sku, Text<50>> {
    let (entries, problems) =
        section.entries("\"sku\" = \"PartNum of at most 50 characters\"", |sku, part| {
            Some((
                Sku(sku.to_owned()),
                Text::exact(part.as_str()?).filter(|part: &Text<50>| !part.is_empty())?,
            ))
        });
    all.extend(problems);
    entries.into_iter().collect()
}

fn discounts(mut section: Section, all: &mut Vec<String>) -> DiscountRule {
    let carry = section.parsed("carry", "line or charge", |word| match word {
        "line" => Some(false),
        "charge" => Some(true),
        _ => None,
    });
    let misc_code = code(&mut section, "misc_code");
    let rule = match (carry.unwrap_or(false), misc_code) {
        (true, Some(code)) => DiscountRule::Charge(code),
        (true, None) => {
            section.problem("misc_code", "is missing: discounts carried as a charge need one");
            DiscountRule::Line
        }
        (false, Some(_)) => {
            section.problem("misc_code", "means nothing unless carry = \"charge\"");
            DiscountRule::Line
        }
        (false, None) => DiscountRule::Line,
    };
    section.close(all);
    rule
}

fn charges(mut section: Section, all: &mut Vec<String>) -> ChargeCodes {
    let codes = ChargeCodes {
        shipping: code(&mut section, "shipping"),
        handling: code(&mut section, "handling"),
        wrapping: code(&mut section, "wrapping"),
        fees: code(&mut section, "fees"),
    };
    section.close(all);
    codes
}

fn tax(mut section: Section, all: &mut Vec<String>) -> TaxRule {
    let as_charge = section.parsed("mode", "kinetic or charge", |word| match word {
        "kinetic" => Some(false),
        "charge" => Some(true),
        _ => None,
    });
    let tolerance = section.parsed("tolerance", "an amount in quotes such as \"0.05\"", amount);
    let misc_code = code(&mut section, "misc_code");
    let exempt_region = code(&mut section, "exempt_region");
    let rule = if as_charge.unwrap_or(false) {
        if misc_code.is_none() {
            section.problem("misc_code", "is missing: tax written as a charge needs one");
        }
        if exempt_region.is_none() {
            section.problem(
                "exempt_region",
                "is missing: tax written as a charge needs a region in which Kinetic adds none",
            );
        }
        if tolerance.is_some() {
            section.problem("tolerance", "means nothing with mode = \"charge\": tax is exact then");
        }
        TaxRule::Charge {
            code: misc_code.unwrap_or_default(),
            exempt_region: exempt_region.unwrap_or_default(),
        }
    } else {
        if misc_code.is_some() || exempt_region.is_some() {
            section.problem("misc_code and exempt_region", "mean nothing unless mode = \"charge\"");
        }
        TaxRule::Kinetic { tolerance: tolerance.unwrap_or(Money::ZERO) }
    };
    section.close(all);
    rule
}

fn amount(text: &str) -> Option<Money> {
    exact::parse(text).map(Money::new).filter(|amount| *amount >= Money::ZERO)
}

fn codes(mut section: Section, all: &mut Vec<String>) -> CodeMap {
    let default = code(&mut section, "default");
    let (entries, problems) =
        section.section("map").entries("\"word of the shop\" = \"code of at most 4\"", |word, code| {
            Some((
                word.trim().to_lowercase(),
                Text::exact(code.as_str()?).filter(|code: &Text<4>| !code.is_empty())?,
            ))
        });
    all.extend(problems);
    section.close(all);
    CodeMap { default, codes: entries.into_iter().collect() }
}

fn countries(section: Section, all: &mut Vec<String>) -> BTreeMap<CountryCode, i32> {
    let (entries, problems) =
        section.entries("a two-letter country = its Country.CountryNum", |country, number| {
            let number = number.as_integer().and_then(|n| i32::try_from(n).ok())?;
            Some((CountryCode::try_from(country.to_owned()).ok()?, number))
        });
    all.extend(problems);
    entries.into_iter().collect()
}

fn webhooks(mut section: Section, all: &mut Vec<String>) -> (VerifyPolicy, HookRules) {
    let defaults = VerifyPolicy::default();
    let policy = VerifyPolicy {
        bc_signature: need(&mut section, "bc_signature"),
        bc_signature_header: section.text("bc_signature_header").unwrap_or(defaults.bc_signature_header),
        standard: need(&mut section, "standard_webhooks"),
        custom_header: need(&mut section, "header_secret"),
        ..defaults
    };
    let address = |text: &str| text.parse().ok().filter(is_delivered_to);
    let hooks = HookRules {
        url: section.parsed("url", "an address with https on port 443", address),
        every: Duration::from_mins(section.whole("audit_minutes", 60, 5..=1440).into()),
    };
    section.close(all);
    (policy, hooks)
}

fn need(section: &mut Section, key: &'static str) -> Need {
    let said = section.parsed(key, "required, optional or off", |word| match word {
        "required" => Some(Need::Required),
        "optional" => Some(Need::Optional),
        "off" => Some(Need::Off),
        _ => None,
    });
    said.unwrap_or(Need::Optional)
}

fn kinetic(mut section: Section, all: &mut Vec<String>) -> KineticRules {
    let rules = KineticRules {
        plant: section.text("plant"),
        staged: section.flag("staged", true),
        check_part_saleable: section.flag("check_part_saleable", false),
        prove_address: section.flag("prove_address", true),
        session: section.flag("session", false),
        claimed_license: section.text("claimed_license"),
        requests_per_second: section.whole("requests_per_second", 20, 1..=1000),
        in_flight: section.whole("in_flight", 4, 1..=64),
    };
    section.close(all);
    rules
}

fn poll(mut section: Section, all: &mut Vec<String>) -> PollRules {
    let hours: u32 = section.whole("proof_hours", 24, 0..=720);
    let mut minutes = |key, default, range| Duration::from_mins(section.whole(key, default, range).into());
    let rules = PollRules {
        every: minutes("every_minutes", 5, 1..=60),
        overlap: minutes("overlap_minutes", 10, 1..=1440),
        grace: minutes("grace_minutes", 2, 0..=60),
        in_flight_per_lane: section.whole("in_flight_per_lane", 1, 1..=10),
        proof: (hours > 0).then(|| Duration::from_hours(hours.into())),
    };
    if rules.overlap < rules.grace.saturating_mul(2) {
        section.problem(
            "overlap_minutes",
            "must be at least twice grace_minutes, or an order could be left out",
        );
    }
    section.close(all);
    rules
}

/// A code of Kinetic: not blank, and no longer than its column.
pub(super) fn code<const N: usize>(section: &mut Section, key: &'static str) -> Option<Text<N>> {
    let expected = format!("a code of 1 to {N} characters");
    section.parsed(key, &expected, |text| Text::exact(text).filter(|text: &Text<N>| !text.is_empty()))
}
