//! A customer for a shopper whom Kinetic does not know.

use connector_bigcommerce::FullOrder;
use connector_domain::{Email, Text};
use connector_kinetic::NewCustomer;

use crate::hold::{Hold, HoldReason};
use crate::orders::desired::Note;
use crate::orders::map::{country, fitted};
use crate::rules::Rules;

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
