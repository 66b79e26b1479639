//! Addresses of an order: v2 names, full state names (`docs/facts/bigcommerce.md` §3.3).

use std::fmt;

use connector_domain::Money;
use serde::Deserialize;

use crate::wire::lenient;

/// A billing or shipping address as the shopper typed it. `Debug` shows only the country.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Given name.
    #[serde(deserialize_with = "lenient::text")]
    pub first_name: String,
    /// Family name.
    #[serde(deserialize_with = "lenient::text")]
    pub last_name: String,
    /// Company, often empty.
    #[serde(deserialize_with = "lenient::text")]
    pub company: String,
    /// First line.
    #[serde(deserialize_with = "lenient::text")]
    pub street_1: String,
    /// Second line, often empty.
    #[serde(deserialize_with = "lenient::text")]
    pub street_2: String,
    /// City.
    #[serde(deserialize_with = "lenient::text")]
    pub city: String,
    /// Full name of the state, such as `Texas`; may be empty.
    #[serde(deserialize_with = "lenient::text")]
    pub state: String,
    /// Postal code.
    #[serde(deserialize_with = "lenient::text")]
    pub zip: String,
    /// Name of the country.
    #[serde(deserialize_with = "lenient::text")]
    pub country: String,
    /// ISO 3166-1 alpha-2 code of the country; may be empty.
    #[serde(deserialize_with = "lenient::text")]
    pub country_iso2: String,
    /// Telephone.
    #[serde(deserialize_with = "lenient::text")]
    pub phone: String,
    /// E-mail; for a guest the only identity there is.
    #[serde(deserialize_with = "lenient::text")]
    pub email: String,
}

impl Address {
    /// Every text of a person in it that is not empty: what must not reach a log or the audit.
    pub fn personal(&self) -> impl Iterator<Item = &str> {
        let all = [
            &self.first_name,
            &self.last_name,
            &self.company,
            &self.street_1,
            &self.street_2,
            &self.city,
            &self.zip,
            &self.phone,
            &self.email,
        ];
        all.into_iter().map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}, …)", self.country_iso2)
    }
}

/// Where a part of the order goes, and what that costs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShippingAddress {
    /// What [`crate::OrderLine::order_address_id`] refers to.
    #[serde(deserialize_with = "lenient::required_count")]
    pub id: u64,
    /// The address itself.
    #[serde(flatten)]
    pub address: Address,
    /// Pieces that go there.
    #[serde(default, deserialize_with = "lenient::count")]
    pub items_total: u64,
    /// The shipping method as the shopper saw it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub shipping_method: String,
    /// Shipping without tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub cost_ex_tax: Money,
    /// Shipping with tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub cost_inc_tax: Money,
    /// Handling without tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub handling_cost_ex_tax: Money,
    /// Handling with tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub handling_cost_inc_tax: Money,
}
