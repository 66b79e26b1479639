//! The header: who, when, where to, how paid.

use connector_bigcommerce::{Address, FullOrder};
use connector_domain::{CountryCode, Text};
use connector_kinetic::{NewHeader, OneTimeShipTo};
use jiff::ToSpan;

use super::{Facts, Note, fitted};
use crate::hold::{Hold, HoldReason};
use crate::orders::reference;
use crate::rules::{CodeMap, Rules, TaxRule};

pub(super) fn header(
    order: &FullOrder,
    facts: &Facts,
    rules: &Rules,
    notes: &mut Vec<Note>,
) -> Result<NewHeader, Hold> {
    let shop = &order.order;
    let ordered = shop.date_created.to_zoned(rules.orders.time_zone.clone()).date();
    let after = |days: u32| ordered.checked_add(i64::from(days).days()).unwrap_or(ordered);
    let method = order.shipping_addresses.first().map(|to| to.shipping_method.as_str()).unwrap_or_default();
    Ok(NewHeader {
        cust_id: facts.buyer.cust_id.clone(),
        anchor: rules.orders.anchor,
        external_ref: reference(rules, shop.id),
        order_date: ordered,
        request_date: after(rules.orders.ship_after_days),
        need_by: after(rules.orders.need_by_days),
        ship_via: code(&rules.ship_via, method, "ship_via", notes),
        terms: code(&rules.terms, &shop.payment_method, "terms", notes),
        tax_region: match &rules.tax {
            TaxRule::Charge { exempt_region, .. } => Some(exempt_region.clone()),
            TaxRule::Kinetic { .. } => None,
        },
        comment: shop.customer_message.trim().to_owned(),
        staged: rules.kinetic.staged,
        one_time: Some(ship_to(order, facts, rules, notes)?),
    })
}

/// The code for a word of the shop; a word that is not listed is noted, whatever it got.
fn code(map: &CodeMap, word: &str, which: &'static str, notes: &mut Vec<Note>) -> Option<Text<4>> {
    let (code, listed) = map.code(word);
    if !listed && !word.trim().is_empty() {
        let got = code.map_or("the customer's own", Text::as_str);
        let rule = if which == "terms" { "terms.unlisted" } else { "ship_via.unlisted" };
        notes.push(Note {
            rule,
            detail: format!("\"{}\" is not listed under [{which}.map]; {got} taken", word.trim()),
        });
    }
    code.cloned()
}

/// Where the goods go: always a one-time ship-to, because the address belongs to this order and not to the customer.
fn ship_to(
    order: &FullOrder,
    facts: &Facts,
    rules: &Rules,
    notes: &mut Vec<Note>,
) -> Result<OneTimeShipTo, Hold> {
    let address = match order.shipping_addresses.as_slice() {
        [] => &order.order.billing_address,
        [one] => &one.address,
        several => {
            return Err(Hold::because(
                HoldReason::SeveralShipTos,
                format!(
                    "the order goes to {} addresses; enter it in Kinetic by hand, one order an address",
                    several.len()
                ),
            ));
        }
    };
    if !facts.buyer.allow_ots {
        return Err(Hold::about(
            HoldReason::CustomerNotUsable,
            facts.buyer.cust_id.as_str(),
            format!(
                "customer {} does not allow one-time ship-tos; tick \"Allow One Time Ship To\" in Kinetic",
                facts.buyer.cust_id
            ),
        ));
    }
    let person = format!("{} {}", address.first_name.trim(), address.last_name.trim());
    let name = if address.company.trim().is_empty() { person.trim() } else { address.company.trim() };
    if name.is_empty() || address.street_1.trim().is_empty() {
        return Err(Hold::because(
            HoldReason::AddressIncomplete,
            "the ship-to has no name or no street; complete the address in the shop",
        ));
    }
    Ok(OneTimeShipTo {
        name: fitted(name, "OTSName", notes),
        address1: fitted(&address.street_1, "OTSAddress1", notes),
        address2: fitted(&address.street_2, "OTSAddress2", notes),
        address3: Text::default(),
        city: fitted(&address.city, "OTSCity", notes),
        state: fitted(&address.state, "OTSState", notes),
        zip: fitted(&address.zip, "OTSZIP", notes),
        country_num: country(address, rules)?,
        contact: fitted(person.trim(), "OTSContact", notes),
        phone: fitted(&address.phone, "OTSPhoneNum", notes),
    })
}

/// `Country.CountryNum` of an address.
pub(crate) fn country(address: &Address, rules: &Rules) -> Result<i32, Hold> {
    let code = address.country_iso2.trim();
    let number =
        CountryCode::try_from(code.to_owned()).ok().and_then(|code| rules.countries.get(&code).copied());
    number.ok_or_else(|| {
        Hold::about(
            HoldReason::UnknownCountry,
            code,
            format!("country \"{code}\" has no number; add it under [countries] with its Country.CountryNum"),
        )
    })
}
