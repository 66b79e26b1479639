//! The codes that a connection's rules name, with the settings that name them.

use std::collections::BTreeMap;

use connector_domain::Text;
use connector_kinetic::CodeTable;
use connector_sync::rules::{CodeMap, DiscountRule, Rules, TaxRule};

/// What the check of a table is called; sites have one of their own.
pub(super) const fn check(table: CodeTable) -> Option<&'static str> {
    match table {
        CodeTable::MiscCharges => Some("misc codes"),
        CodeTable::Terms => Some("terms"),
        CodeTable::ShipVias => Some("ship-vias"),
        CodeTable::TaxRegions => Some("tax regions"),
        CodeTable::Countries => Some("countries"),
        CodeTable::Plants => None,
    }
}

/// Each code of a table that the rules name, and where.
pub(super) fn of(table: CodeTable, rules: &Rules) -> BTreeMap<String, String> {
    let shoppers = &rules.shoppers;
    match table {
        CodeTable::MiscCharges => {
            let charges = &rules.charges;
            let mut named = settings(&[
                ("charges.shipping", charges.shipping.as_ref()),
                ("charges.handling", charges.handling.as_ref()),
                ("charges.wrapping", charges.wrapping.as_ref()),
                ("charges.fees", charges.fees.as_ref()),
            ]);
            if let DiscountRule::Charge(code) = &rules.discounts {
                named.insert(code.to_string(), "discounts.misc_code".to_owned());
            }
            if let TaxRule::Charge { code, .. } = &rules.tax {
                named.insert(code.to_string(), "tax.misc_code".to_owned());
            }
            named
        }
        CodeTable::Terms => mapped("terms", &rules.terms, ("shoppers.terms", shoppers.terms.as_ref())),
        CodeTable::ShipVias => {
            mapped("ship_via", &rules.ship_via, ("shoppers.ship_via", shoppers.ship_via.as_ref()))
        }
        CodeTable::TaxRegions => {
            let mut named = settings(&[("shoppers.tax_region", shoppers.tax_region.as_ref())]);
            if let TaxRule::Charge { exempt_region, .. } = &rules.tax {
                named.insert(exempt_region.to_string(), "tax.exempt_region".to_owned());
            }
            named
        }
        CodeTable::Countries => {
            let each = rules.countries.iter();
            each.map(|(country, number)| (number.to_string(), format!("countries.{country}"))).collect()
        }
        CodeTable::Plants => BTreeMap::new(),
    }
}

fn settings(each: &[(&str, Option<&Text<4>>)]) -> BTreeMap<String, String> {
    each.iter().filter_map(|(setting, code)| Some(((*code)?.to_string(), (*setting).to_owned()))).collect()
}

fn mapped(section: &str, map: &CodeMap, of_shoppers: (&str, Option<&Text<4>>)) -> BTreeMap<String, String> {
    let mut named = settings(&[of_shoppers]);
    named
        .extend(map.codes.iter().map(|(word, code)| (code.to_string(), format!("{section}.map \"{word}\""))));
    named.extend(map.default.iter().map(|code| (code.to_string(), format!("{section}.default"))));
    named
}
