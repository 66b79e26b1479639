use connector_kinetic::PricePer;

use super::*;
use crate::catalogue::Part;
use crate::catalogue::wanted::wanted;
use crate::rules::Rules;

/// Rules whose `[catalogue]` says this.
pub(crate) fn rules(catalogue: &str) -> CatalogueRules {
    let text = format!(
        "orders = {{ prefix = \"BC-\", time_zone = \"America/Chicago\", currency = \"USD\" }}\nguests = {{ cust_id = \"WEBGUEST\" }}\n[catalogue]\n{catalogue}"
    );
    Rules::parse(&text).unwrap().catalogue
}

pub(crate) fn part() -> Part {
    Part {
        part_num: "HB-M8-40".to_owned(),
        description: "Hex Bolt M8x40".to_owned(),
        inactive: false,
        on_hold: false,
        run_out: false,
        web: true,
        class: "FAST".to_owned(),
        group: "BOLT".to_owned(),
        price_per: PricePer::Hundred,
        unit_price: "45.25".parse().unwrap(),
        net_weight: ("0.02".parse().unwrap(), "LB".to_owned()),
        gross_weight: ("0.03".parse().unwrap(), "LB".to_owned()),
        upc: "0123456789012".to_owned(),
        revision: 7,
        row: "00000000-0000-0000-0000-000000000007".to_owned(),
    }
}

const SIMPLE: ShopPlace = ShopPlace { product: 118, variant: 93, simple: true };

fn sku() -> Sku {
    Sku("HB-M8-40".to_owned())
}

/// As the shelf knows it when `part` was published.
fn published(part: &Part, place: ShopPlace, rules: &CatalogueRules) -> Shelved {
    let Wanted::Shown(product) = wanted(part, rules) else { panic!("not shown") };
    let fields =
        product.fields.iter().map(|(field, value)| (field.as_str().to_owned(), value.shown())).collect();
    Shelved { place: Some(place), fields, ..Shelved::default() }
}

/// The fields that are written, as they are written.
fn written(step: &Step) -> Vec<(&'static str, String)> {
    match step {
        Step::Change(change) => {
            change.fields.iter().map(|(field, value)| (field.as_str(), value.shown())).collect()
        }
        Step::Nothing => Vec::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_unchanged_costs_nothing() {
    let rules = rules("");
    let shelved = published(&part(), SIMPLE, &rules);
    assert_eq!(plan(&sku(), wanted(&part(), &rules), Some(&shelved), &rules), Step::Nothing);
}

#[test]
fn what_nobody_has_looked_for_is_looked_for_first() {
    let rules = rules("");
    for shelved in [None, Some(Shelved::default())] {
        let step = plan(&sku(), wanted(&part(), &rules), shelved.as_ref(), &rules);
        assert!(matches!(step, Step::Find(_)), "{step:?}");
    }
}

#[test]
fn only_what_differs_is_written() {
    let rules = rules("");
    let shelved = published(&part(), SIMPLE, &rules);
    let dearer = Part { unit_price: "46".parse().unwrap(), inactive: true, ..part() };
    let step = plan(&sku(), wanted(&dearer, &rules), Some(&shelved), &rules);
    assert_eq!(written(&step), [("price", "0.46".to_owned()), ("visible", "false".to_owned())]);
}

#[test]
fn what_is_the_merchandisers_is_not_written() {
    let rules = rules("owned = [\"price\"]");
    let shelved = published(&part(), SIMPLE, &rules);
    let other = Part { description: "Bolt".to_owned(), inactive: true, ..part() };
    assert_eq!(plan(&sku(), wanted(&other, &rules), Some(&shelved), &rules), Step::Nothing);
}

#[test]
fn a_variant_has_a_price_and_no_name() {
    let rules = rules("");
    let place = ShopPlace { simple: false, ..SIMPLE };
    let shelved = Shelved { place: Some(place), ..Shelved::default() };
    let step = plan(&sku(), wanted(&part(), &rules), Some(&shelved), &rules);
    let fields: Vec<_> = written(&step).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["price", "weight", "upc"]);
}

#[test]
fn a_part_that_is_left_out_is_hidden_once_and_never_looked_for() {
    let rules = rules("");
    let left = Part { web: false, ..part() };
    assert_eq!(plan(&sku(), wanted(&left, &rules), None, &rules), Step::Nothing);
    let mut shelved = published(&part(), SIMPLE, &rules);
    let step = plan(&sku(), wanted(&left, &rules), Some(&shelved), &rules);
    assert_eq!(written(&step), [("visible", "false".to_owned())]);
    shelved.fields.insert("visible".to_owned(), "false".to_owned());
    assert_eq!(plan(&sku(), wanted(&left, &rules), Some(&shelved), &rules), Step::Nothing);
}

#[test]
fn what_cannot_go_out_is_held() {
    let rules = rules("");
    let odd = Part { price_per: PricePer::Other("D".to_owned()), ..part() };
    let step = plan(&sku(), wanted(&odd, &rules), Some(&published(&part(), SIMPLE, &rules)), &rules);
    assert!(matches!(step, Step::Hold(problem) if problem.reason == "unknown_price_code"));
}
