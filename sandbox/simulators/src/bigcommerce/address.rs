//! A postal address with the person who lives there.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The twelve fields that billing and shipping addresses share (`docs/facts/bigcommerce.md` §3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are BigCommerce's own and say what they are")]
pub struct Address {
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub street_1: String,
    pub street_2: String,
    pub city: String,
    /// Full name, never a code: "Texas".
    pub state: String,
    pub zip: String,
    pub country: String,
    pub country_iso2: String,
    pub phone: String,
    pub email: String,
}

impl Address {
    /// An address in Austin, Texas, for this person.
    pub fn of(first_name: &str, last_name: &str, email: &str) -> Self {
        Self {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            street_1: "418 Pecan Hollow Rd".to_owned(),
            city: "Austin".to_owned(),
            state: "Texas".to_owned(),
            zip: "78701".to_owned(),
            country: "United States".to_owned(),
            country_iso2: "US".to_owned(),
            phone: "5125550147".to_owned(),
            email: email.to_owned(),
            ..Self::default()
        }
    }

    /// Puts a company before the person.
    #[must_use]
    pub fn company(self, company: &str) -> Self {
        Self { company: company.to_owned(), ..self }
    }

    /// Moves to another street and city; the state must be its full name.
    #[must_use]
    pub fn at(self, street_1: &str, city: &str, state: &str, zip: &str) -> Self {
        Self {
            street_1: street_1.to_owned(),
            city: city.to_owned(),
            state: state.to_owned(),
            zip: zip.to_owned(),
            ..self
        }
    }

    /// Moves to another country.
    #[must_use]
    pub fn country(self, name: &str, iso2: &str) -> Self {
        Self { country: name.to_owned(), country_iso2: iso2.to_owned(), ..self }
    }

    /// The wire object: the fields and the empty custom form.
    pub(crate) fn wire(&self) -> Value {
        let mut row = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(fields) = &mut row {
            fields.insert("form_fields".to_owned(), json!([]));
        }
        row
    }

    /// What must never be found in a log.
    pub(crate) fn personal(&self) -> impl Iterator<Item = &str> {
        [
            &self.first_name,
            &self.last_name,
            &self.company,
            &self.street_1,
            &self.street_2,
            &self.city,
            &self.zip,
            &self.phone,
            &self.email,
        ]
        .into_iter()
        .map(String::as_str)
    }
}
