//! `docs/rules.md` and `docs/rules.example.toml` say what the parser does.

use std::collections::BTreeSet;

use super::*;

const PAGE: &str = include_str!("../../../../../docs/rules.md");

const SECTIONS: [&str; 18] = [
    "orders",
    "statuses",
    "guests",
    "shoppers",
    "aliases",
    "discounts",
    "charges",
    "tax",
    "ship_via",
    "terms",
    "countries",
    "webhooks",
    "kinetic",
    "poll",
    "catalogue",
    "prices",
    "stock",
    "sweep",
];

/// The tables whose keys are the owner's own words.
const FREE: [&str; 8] = [
    "aliases.\"SKU\"",
    "catalogue.weight_units",
    "countries.XX",
    "prices.currencies",
    "prices.lists",
    "ship_via.map",
    "stock.warehouses",
    "terms.map",
];

/// What stands between the first pair of backticks.
fn code(cell: &str) -> Option<&str> {
    cell.trim().strip_prefix('`')?.split('`').next()
}

/// The rows of the page: setting, default, and what it means.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let cells = |line: &'static str| line.split(" | ").collect::<Vec<_>>();
    PAGE.lines()
        .filter(|line| line.starts_with("| "))
        .filter_map(|line| match cells(line).as_slice() {
            [_id, _name, setting, default, why] if setting.starts_with("`statuses.") => {
                Some((code(setting)?, *default, *why))
            }
            [setting, _type, default, _example, means] => {
                Some((code(setting.trim_start_matches("| "))?, *default, *means))
            }
            _ => None,
        })
        .collect()
}

/// Every key that the parser asks for, as it lists them itself to whoever writes a wrong one.
fn asked() -> BTreeSet<String> {
    let wrong = SECTIONS.iter().fold("nobody_asks = 1\n".to_owned(), |text, section| {
        format!("{text}[{section}]\nnobody_asks = 1\n")
    });
    let problems = Rules::parse(&wrong).unwrap_err();
    let mut keys = BTreeSet::new();
    for problem in &problems.0 {
        let Some((path, known)) = problem.split_once("nobody_asks is unknown here (known: ") else {
            continue;
        };
        keys.extend(known.trim_end_matches(')').split(", ").map(|key| format!("{path}{key}")));
    }
    keys
}

#[test]
fn the_parser_lists_its_keys() {
    let asked = asked();
    for key in
        ["quota_share", "orders.prefix", "statuses.disputed", "kinetic.in_flight", "countries", "terms.map"]
    {
        assert!(asked.contains(key), "{key} not in {asked:?}");
    }
    assert!(SECTIONS.iter().all(|section| asked.contains(*section)), "{asked:?}");
    assert_eq!(
        asked.iter().filter(|key| !key.contains('.')).count(),
        SECTIONS.len() + 1,
        "no section is left out"
    );
}

#[test]
fn the_page_explains_each_setting_once_and_no_other() {
    let settings: Vec<&str> = rows().iter().map(|row| row.0).collect();
    let page: BTreeSet<String> = settings.iter().map(ToString::to_string).collect();
    assert_eq!(page.len(), settings.len(), "one row a setting");
    let mut parser: BTreeSet<String> =
        asked().into_iter().filter(|key| !SECTIONS.contains(&key.as_str())).collect();
    parser.extend(FREE.map(String::from));
    assert_eq!(page, parser);
    for (setting, _, means) in rows() {
        assert!(means.trim_end_matches(" |").len() > 10, "{setting} is not explained");
    }
    for section in SECTIONS {
        let heading = format!("`[{section}]`");
        assert!(PAGE.lines().any(|line| line.starts_with("## ") && line.contains(&heading)), "{heading}");
    }
}

#[test]
fn the_page_names_the_defaults_of_the_parser() {
    let minimal = Rules::parse(MINIMAL).unwrap();
    let mut text = MINIMAL.to_owned();
    for (setting, default, _) in rows() {
        let needed =
            ["orders.prefix", "orders.time_zone", "orders.currency", "guests.cust_id"].contains(&setting);
        assert_eq!(default == "required", needed, "{setting}: {default}");
        match code(default) {
            // The minimal file writes these sections as one line each.
            Some(value) if setting.starts_with("orders.") => {
                let more = format!(", {} = {value} }}", setting.trim_start_matches("orders."));
                text = text.replacen(" }", &more, 1);
            }
            Some(value) if setting.starts_with("guests.") => {
                let more = format!("guests = {{ {} = {value}, ", setting.trim_start_matches("guests."));
                text = text.replacen("guests = { ", &more, 1);
            }
            Some(value) => text = format!("{setting} = {value}\n{text}"),
            None => assert!(
                ["required", "none", "the value of `currency`"].contains(&default),
                "{setting}: {default}"
            ),
        }
    }
    let rules = Rules::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(format!("{rules:?}"), format!("{minimal:?}"));
}

#[test]
fn the_page_has_the_default_table_of_statuses() {
    for status in STATUSES {
        let word = match status.meaning {
            Meaning::Import => "import",
            Meaning::Wait => "wait",
            Meaning::Cancel => "cancel",
            Meaning::Ignore => "ignore",
            Meaning::Hold => "hold",
        };
        let (id, name) = (status.status.id(), status.status.name());
        let row = format!("| {id} | {name} | `statuses.{}` | `\"{word}\"` | ", status.key);
        assert!(PAGE.lines().any(|line| line.starts_with(&row)), "{row}");
    }
}

/// The settings of the example, those that are commented out too.
fn exemplified() -> BTreeSet<String> {
    let mut section = String::new();
    let mut settings = BTreeSet::new();
    for line in EXAMPLE.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = format!("{name}.");
        } else if let Some((key, _)) = line.trim_start_matches('#').split_once(" = ") {
            settings.insert(format!("{section}{key}"));
        }
    }
    settings
}

#[test]
fn the_example_shows_each_setting() {
    let shown = exemplified();
    let missing: Vec<String> =
        asked().into_iter().filter(|key| !SECTIONS.contains(&key.as_str()) && !shown.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(
        shown.iter().any(|key| key.starts_with("aliases.")) && shown.contains("countries.US"),
        "{shown:?}"
    );
}

#[test]
fn what_the_example_comments_out_is_read_where_it_means_something() {
    let alone = ["kinetic_currency", "ship_via", "tax_region"];
    let text = alone
        .iter()
        .fold(EXAMPLE.to_owned(), |text, key| text.replace(&format!("#{key} ="), &format!("{key} =")));
    assert_eq!(Rules::parse(&text).unwrap().shoppers.ship_via, Text::exact("BEST"));
    let discounts = EXAMPLE
        .replace("carry = \"line\"", "carry = \"charge\"")
        .replace("#misc_code = \"DISC\"", "misc_code = \"DISC\"");
    assert_eq!(
        Rules::parse(&discounts).unwrap().discounts,
        DiscountRule::Charge(Text::exact("DISC").unwrap())
    );
    let tax = EXAMPLE
        .replace("mode = \"kinetic\"", "mode = \"charge\"")
        .replace("tolerance =", "#tolerance =")
        .replace("#misc_code = \"TAX\"", "misc_code = \"TAX\"")
        .replace("#exempt_region", "exempt_region");
    let charge =
        TaxRule::Charge { code: Text::exact("TAX").unwrap(), exempt_region: Text::exact("EXEM").unwrap() };
    assert_eq!(Rules::parse(&tax).unwrap().tax, charge);
}

#[test]
fn the_smallest_file_of_the_page_is_the_smallest_file() {
    let block =
        PAGE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of TOML");
    let smallest = Rules::parse(block).unwrap();
    assert_eq!(format!("{smallest:?}"), format!("{:?}", Rules::parse(MINIMAL).unwrap()));
    for line in [
        "prefix = \"BC-\", ",
        "time_zone = \"America/Chicago\", ",
        ", currency = \"USD\"",
        "cust_id = \"WEBGUEST\"",
    ] {
        assert!(Rules::parse(&block.replace(line, "")).is_err(), "without {line}");
    }
}
