use connector_kinetic::{PartRow, PricePer, SysRevId};

use super::*;
use crate::catalogue::wanted::{PriceFrom, wanted};
use crate::rules::Rules;

/// Rules whose `[catalogue]` says this.
pub(crate) fn rules(catalogue: &str) -> CatalogueRules {
    let text = format!(
        "orders = {{ prefix = \"BC-\", time_zone = \"America/Chicago\", currency = \"USD\" }}\nguests = {{ cust_id = \"WEBGUEST\" }}\n[catalogue]\n{catalogue}"
    );
    Rules::parse(&text).unwrap().catalogue
}

pub(crate) fn part() -> PartRow {
    let (text, zero) = (str::to_owned, rust_decimal::Decimal::ZERO);
    PartRow {
        part_num: text("HB-M8-40"),
        description: text("Hex Bolt M8x40"),
        search_word: String::new(),
        type_code: text("P"),
        inactive: false,
        run_out: false,
        on_hold: false,
        non_stock: false,
        qty_bearing: true,
        web_part: true,
        class_id: text("FAST"),
        prod_code: text("BOLT"),
        ium: text("EA"),
        sales_um: text("EA"),
        uom_class_id: text("COUNT"),
        selling_factor: rust_decimal::Decimal::ONE,
        price_per: PricePer::Hundred,
        unit_price: "45.25".parse().unwrap(),
        tax_cat_id: String::new(),
        net_weight: "0.02".parse().unwrap(),
        net_weight_uom: text("LB"),
        gross_weight: "0.03".parse().unwrap(),
        gross_weight_uom: text("LB"),
        length: zero,
        width: zero,
        height: zero,
        size_um: String::new(),
        brand: String::new(),
        sub_brand: String::new(),
        category: String::new(),
        upc_codes: [text("0123456789012"), String::new(), String::new()],
        track_lots: false,
        track_serials: false,
        is_configured: false,
        changed_on: None,
        revision: SysRevId(7),
        row_id: text("00000000-0000-0000-0000-000000000007"),
    }
}

const SIMPLE: ShopPlace = ShopPlace { product: 118, variant: 93, simple: true };

fn sku() -> Sku {
    Sku("HB-M8-40".to_owned())
}

/// As the shelf knows it when `part` was published.
fn published(part: &PartRow, place: ShopPlace, rules: &CatalogueRules) -> Shelved {
    let Wanted::Shown(product) = wanted(part, &PriceFrom::Part, rules) else { panic!("not shown") };
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
        other @ (Step::Find(_) | Step::Create(_) | Step::Hold(_)) => panic!("{other:?}"),
    }
}

#[test]
fn what_is_unchanged_costs_nothing() {
    let rules = rules("");
    let shelved = published(&part(), SIMPLE, &rules);
    assert_eq!(
        plan(&sku(), wanted(&part(), &PriceFrom::Part, &rules), Some(&shelved), &rules),
        Step::Nothing
    );
}

#[test]
fn what_nobody_has_looked_for_is_looked_for_first() {
    let rules = rules("");
    for shelved in [None, Some(Shelved::default())] {
        let step = plan(&sku(), wanted(&part(), &PriceFrom::Part, &rules), shelved.as_ref(), &rules);
        assert!(matches!(step, Step::Find(_)), "{step:?}");
    }
}

#[test]
fn only_what_differs_is_written() {
    let rules = rules("");
    let shelved = published(&part(), SIMPLE, &rules);
    let dearer = PartRow { unit_price: "46".parse().unwrap(), inactive: true, ..part() };
    let step = plan(&sku(), wanted(&dearer, &PriceFrom::Part, &rules), Some(&shelved), &rules);
    assert_eq!(written(&step), [("price", "0.46".to_owned()), ("visible", "false".to_owned())]);
}

#[test]
fn what_was_hidden_with_its_part_is_shown_again_only_where_nobody_has_to_look_first() {
    let mut shelved = published(&part(), SIMPLE, &rules(""));
    shelved.fields.insert("visible".to_owned(), "false".to_owned());
    for (text, sent, noted) in [("", 0, 1), ("visible = true", 1, 0)] {
        let rules = rules(text);
        let Step::Change(change) =
            plan(&sku(), wanted(&part(), &PriceFrom::Part, &rules), Some(&shelved), &rules)
        else {
            panic!()
        };
        assert_eq!((change.fields.len(), change.noted.len()), (sent, noted), "{text}");
    }
}

#[test]
fn what_is_the_merchandisers_is_not_written() {
    let rules = rules("owned = [\"price\"]");
    let shelved = published(&part(), SIMPLE, &rules);
    let other = PartRow { description: "Bolt".to_owned(), inactive: true, ..part() };
    assert_eq!(plan(&sku(), wanted(&other, &PriceFrom::Part, &rules), Some(&shelved), &rules), Step::Nothing);
}

#[test]
fn a_variant_has_a_price_and_no_name() {
    let rules = rules("");
    let place = ShopPlace { simple: false, ..SIMPLE };
    let shelved = Shelved { place: Some(place), ..Shelved::default() };
    let step = plan(&sku(), wanted(&part(), &PriceFrom::Part, &rules), Some(&shelved), &rules);
    let fields: Vec<_> = written(&step).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["price", "weight", "upc"]);
}

#[test]
fn a_part_that_is_left_out_is_hidden_once_and_never_looked_for() {
    let rules = rules("");
    let left = PartRow { web_part: false, ..part() };
    assert_eq!(plan(&sku(), wanted(&left, &PriceFrom::Part, &rules), None, &rules), Step::Nothing);
    let mut shelved = published(&part(), SIMPLE, &rules);
    let step = plan(&sku(), wanted(&left, &PriceFrom::Part, &rules), Some(&shelved), &rules);
    assert_eq!(written(&step), [("visible", "false".to_owned())]);
    shelved.fields.insert("visible".to_owned(), "false".to_owned());
    assert_eq!(plan(&sku(), wanted(&left, &PriceFrom::Part, &rules), Some(&shelved), &rules), Step::Nothing);
}

#[test]
fn what_cannot_go_out_is_held() {
    let rules = rules("");
    let odd = PartRow { price_per: PricePer::Other("D".to_owned()), ..part() };
    let step = plan(
        &sku(),
        wanted(&odd, &PriceFrom::Part, &rules),
        Some(&published(&part(), SIMPLE, &rules)),
        &rules,
    );
    assert!(matches!(step, Step::Hold(problem) if problem.reason == "unknown_price_code"));
}
