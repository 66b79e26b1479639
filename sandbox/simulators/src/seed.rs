//! Data to start with, as `--seed FILE` reads it.

use serde::{Deserialize, Serialize};

use crate::{bigcommerce::BigCommerceSeed, kinetic::KineticSeed};

/// A seed file: a part for each simulator, either of which may be absent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// The shop.
    pub bigcommerce: BigCommerceSeed,
    /// The company.
    pub kinetic: KineticSeed,
}

impl Seed {
    /// The data that are there without a file: a small distributor of fasteners.
    pub fn built_in() -> Self {
        Self { bigcommerce: BigCommerceSeed::distributor(), kinetic: KineticSeed::distributor() }
    }

    /// Reads a seed file's text.
    ///
    /// # Errors
    /// It is no JSON, or a field is unknown or of the wrong type; the message names the place.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_may_be_absent_but_not_misspelt() {
        let text = r#"{"bigcommerce":{"customers":[{"first_name":"Ada","email":"ada@example.com"}]}}"#;
        assert_eq!(Seed::from_json(text).unwrap().bigcommerce.customers[0].first_name, "Ada");
        assert!(Seed::from_json("{}").unwrap().bigcommerce.orders.is_empty());
        assert!(Seed::from_json(r#"{"bigcomerce":{}}"#).is_err());
    }
}
