//! A customer for a shopper whom Kinetic does not know.

use connector_bigcommerce::FullOrder;
use connector_domain::{Email, ShopperId, Text};
use connector_kinetic::NewCustomer;

use crate::hold::{Hold, HoldReason};
use crate::orders::desired::Note;
use crate::orders::map::{country, fitted};
use crate::rules::Rules;

/// `prefix` + base-36 id, and a letter where that is taken: `W3PQ`, `W3PQA`, …
pub(super) fn cust_id(prefix: &str, shopper: ShopperId, attempt: u32) -> Option<Text<10>> {
    let suffix = match attempt.checked_sub(1) {
        None => String::new(),
        Some(letter) => char::from_digit(10 + letter, 36)?.to_ascii_uppercase().to_string(),
    };
    Text::exact(&format!("{prefix}{}{suffix}", base36(shopper.0)))
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.extend(char::from_digit(digit, 36).map(|c| c.to_ascii_uppercase()));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

/// `Customer.ExternalID`: the connection's prefix + the shopper's id.
pub(super) fn external_id(shopper: ShopperId, rules: &Rules) -> String {
    format!("{}{shopper}", rules.orders.prefix)
}

/// The customer that is created for the shopper of `order`: its billing address, and the connection's defaults.
pub(super) fn new_customer(
    order: &FullOrder,
    rules: &Rules,
    cust_id: Text<10>,
    external_id: String,
    notes: &mut Vec<Note>,
) -> Result<NewCustomer, Hold> {
    let email = Email::normalised(&order.order.billing_address.email);
    let address = &order.order.billing_address;
    let person = format!("{} {}", address.first_name.trim(), address.last_name.trim());
    let name = if address.company.trim().is_empty() { person.trim() } else { address.company.trim() };
    if name.is_empty() || address.street_1.trim().is_empty() {
        return Err(Hold::because(
            HoldReason::AddressIncomplete,
            "the billing address has no name or no street, so no customer can be created; complete it in the shop",
        ));
    }
    let new = &rules.shoppers;
    Ok(NewCustomer {
        cust_id,
        name: fitted(name, "Name", notes),
        address1: fitted(&address.street_1, "Address1", notes),
        address2: fitted(&address.street_2, "Address2", notes),
        city: fitted(&address.city, "City", notes),
        state: fitted(&address.state, "State", notes),
        zip: fitted(&address.zip, "Zip", notes),
        country: fitted(&address.country, "Country", notes),
        country_num: country(address, rules)?,
        email: whole(email.as_ref().map(Email::as_str).unwrap_or_default(), notes),
        phone: fitted(&address.phone, "PhoneNum", notes),
        external_id,
        terms: new.terms.clone(),
        currency: new.currency.clone(),
        territory: new.territory.clone(),
        group: new.group.clone(),
        ship_via: new.ship_via.clone(),
        tax_region: new.tax_region.clone(),
    })
}

/// An e-mail address, or nothing: a part of one would be somebody else's.
fn whole(email: &str, notes: &mut Vec<Note>) -> Text<50> {
    Text::exact(email).unwrap_or_else(|| {
        notes.push(Note {
            rule: "text.cut",
            detail: "EMailAddress left out, it is longer than 50 characters".to_owned(),
        });
        Text::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(11, 0, "WB")]
    #[test_case(u64::from(u32::MAX), 0, "W1Z141Z3")]
    #[test_case(11, 1, "WBA"; "a letter where it is taken")]
    fn a_cust_id_is_the_prefix_and_the_id_in_base_36(shopper: u64, attempt: u32, expected: &str) {
        assert_eq!(cust_id("W", ShopperId(shopper), attempt), Text::exact(expected));
    }

    #[test]
    fn an_id_that_fits_no_cust_id_is_none() {
        assert_eq!(cust_id("WWW", ShopperId(u64::MAX), 0), None);
    }
}
