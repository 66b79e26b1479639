//! What is to be written into a new customer (§7.2).

use std::fmt;

use connector_domain::Text;

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
