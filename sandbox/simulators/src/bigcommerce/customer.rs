//! A registered shopper, as v3 shows one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A customer account (`docs/facts/bigcommerce.md` §4).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Customer {
    /// Taken if it is free, given by the store if not.
    pub id: Option<u64>,
    /// Unique in the store.
    pub email: String,
    /// At most 100 characters at the vendor.
    pub first_name: String,
    /// At most 100 characters at the vendor.
    pub last_name: String,
    /// Empty for a private person.
    pub company: String,
    /// Free text.
    pub phone: String,
    /// 0: none.
    pub customer_group_id: u64,
    /// Free text of the merchant.
    pub notes: String,
    /// Empty for a taxable customer.
    pub tax_exempt_category: String,
    /// Given by the store.
    #[serde(skip)]
    pub(crate) created: Option<Timestamp>,
}

impl Customer {
    /// A private person.
    pub fn new(first_name: &str, last_name: &str, email: &str) -> Self {
        Self {
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            email: email.to_owned(),
            ..Self::default()
        }
    }

    /// Asks for this id.
    #[must_use]
    pub fn id(self, id: u64) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Belongs to a company.
    #[must_use]
    pub fn company(self, company: &str) -> Self {
        Self { company: company.to_owned(), ..self }
    }

    /// Can be called.
    #[must_use]
    pub fn phone(self, phone: &str) -> Self {
        Self { phone: phone.to_owned(), ..self }
    }

    pub(crate) fn wire(&self) -> Value {
        let date = self.created.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        json!({
            "id": self.id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "phone": self.phone,
            "registration_ip_address": "",
            "notes": self.notes,
            "tax_exempt_category": self.tax_exempt_category,
            "customer_group_id": self.customer_group_id,
            "date_created": date,
            "date_modified": date,
            "address_count": 0,
            "attribute_count": 0,
            "authentication": {"force_password_reset": false},
            "accepts_product_review_abandoned_cart_emails": false,
            "origin_channel_id": 1,
            "channel_ids": [1],
        })
    }

    pub(crate) fn personal(&self) -> impl Iterator<Item = &str> {
        [&self.first_name, &self.last_name, &self.company, &self.phone, &self.email, &self.notes]
            .into_iter()
            .map(String::as_str)
    }
}
