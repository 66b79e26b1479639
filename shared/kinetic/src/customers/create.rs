//! Making a customer the way the screen does (§7.2).

use std::fmt;

use connector_domain::{Deadline, Text};
use connector_http::Safety;

use super::{CustomerFound, Customers};
use crate::dataset::Fed;
use crate::error::KineticError;
use crate::invoke::{Reply, Values};
use crate::profile::Method;
use crate::row::Row;

const CUSTOMER: &str = "Customer";

/// A customer to be. Lengths are those usual for the columns; no public source states them (§7.2). `Debug` shows nothing personal.
#[derive(Clone)]
pub struct NewCustomer {
    /// Must be given: Kinetic makes none up.
    pub cust_id: Text<10>,
    /// The company, or the person.
    pub name: Text<50>,
    /// The street.
    pub address1: Text<50>,
    /// More of it.
    pub address2: Text<50>,
    /// The city.
    pub city: Text<50>,
    /// The state or province.
    pub state: Text<50>,
    /// The postal code.
    pub zip: Text<10>,
    /// The country's name.
    pub country: Text<50>,
    /// `Country.CountryNum`.
    pub country_num: i32,
    /// The address, or empty.
    pub email: Text<50>,
    /// The telephone number, or empty.
    pub phone: Text<20>,
    /// The shop's id: prefix + number.
    pub external_id: String,
    /// `TermsCode`; `None` leaves Kinetic's default.
    pub terms: Option<Text<4>>,
    /// `CurrencyCode`; `None` leaves Kinetic's default.
    pub currency: Option<Text<4>>,
    /// `TerritoryID`; `None` leaves what Kinetic finds by the address.
    pub territory: Option<Text<8>>,
    /// `GroupCode`; `None` leaves Kinetic's default.
    pub group: Option<Text<4>>,
    /// `ShipViaCode`; `None` leaves Kinetic's default.
    pub ship_via: Option<Text<4>>,
    /// `TaxRegionCode`; `None` leaves Kinetic's default.
    pub tax_region: Option<Text<4>>,
}

impl fmt::Debug for NewCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCustomer({})", self.cust_id)
    }
}

impl Customers<'_> {
    /// Creates a customer that may have orders and one-time ship-tos.
    ///
    /// Look first, under a lease of your own: nothing stops a second one but a taken `CustID`.
    ///
    /// # Errors
    /// The call's (`kinetic.duplicate` where the `CustID` is taken); [`KineticError::NotSaved`] where the answer shows no number.
    pub async fn create(
        &self,
        customer: &NewCustomer,
        deadline: Deadline,
    ) -> Result<CustomerFound, KineticError> {
        let door = self.door;
        let none = Values::new();
        let reply = door
            .invoke(Method::GetNewCustomer, none.clone(), &Fed::default(), Safety::Safe, deadline)
            .await?;
        let mut row = drafted(&reply)?;
        fill(&mut row, customer);
        let ds = fed(row, &reply);
        let reply =
            door.invoke(Method::GetCustomerTerritory, none.clone(), &ds, Safety::Safe, deadline).await?;
        let mut row = drafted(&reply)?;
        optional(&mut row, "TerritoryID", customer.territory.as_ref());
        let ds = fed(row, &reply);
        let reply = door.invoke(Method::UpdateCustomer, none, &ds, Safety::Unsafe, deadline).await?;
        saved(&reply)
    }
}

/// The row that is being made.
fn drafted(reply: &Reply) -> Result<Row, KineticError> {
    let row = reply.rows(CUSTOMER)?.into_iter().rev().find(|row| row.row_mod() == "A");
    row.ok_or_else(|| reply.unreadable("Customer: expected a new row"))
}

fn fed(row: Row, reply: &Reply) -> Fed {
    Fed::default().with(CUSTOMER, vec![row]).extended(reply.ds.extension().as_deref())
}

fn fill(row: &mut Row, customer: &NewCustomer) {
    for (column, text) in [
        ("CustID", customer.cust_id.as_str()),
        ("Name", customer.name.as_str()),
        ("Address1", customer.address1.as_str()),
        ("Address2", customer.address2.as_str()),
        ("City", customer.city.as_str()),
        ("State", customer.state.as_str()),
        ("Zip", customer.zip.as_str()),
        ("Country", customer.country.as_str()),
        ("EMailAddress", customer.email.as_str()),
        ("PhoneNum", customer.phone.as_str()),
        ("ExternalID", customer.external_id.as_str()),
        ("CustomerType", "CUS"),
    ] {
        row.set_text(column, text);
    }
    row.set_int("CountryNum", customer.country_num);
    row.set_flag("AllowOTS", true);
    optional(row, "TermsCode", customer.terms.as_ref());
    optional(row, "CurrencyCode", customer.currency.as_ref());
    optional(row, "GroupCode", customer.group.as_ref());
    optional(row, "ShipViaCode", customer.ship_via.as_ref());
    optional(row, "TaxRegionCode", customer.tax_region.as_ref());
}

fn optional<const N: usize>(row: &mut Row, column: &str, text: Option<&Text<N>>) {
    if let Some(text) = text {
        row.set_text(column, text.as_str());
    }
}

fn saved(reply: &Reply) -> Result<CustomerFound, KineticError> {
    let row = reply.newest(CUSTOMER)?.ok_or_else(|| reply.unreadable("Customer: expected the saved row"))?;
    let found = CustomerFound::of(&row).map_err(|error| reply.column(CUSTOMER, error))?;
    if found.cust_num.0 > 0 && row.row_mod().is_empty() {
        return Ok(found);
    }
    let words = "the answer shows no customer number, or a row that is not stored".to_owned();
    Err(KineticError::NotSaved { method: reply.method(), words })
}
