//! A wire object built field by field.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::bigcommerce::{amount::text, totals::Taxed};

/// A wire object in the making.
pub(super) struct Row(Map<String, Value>);

impl Row {
    pub(super) fn of(fields: Value) -> Self {
        match fields {
            Value::Object(fields) => Self(fields),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Self(Map::new())
            }
        }
    }

    pub(super) fn with(mut self, more: Value) -> Self {
        self.0.extend(Self::of(more).0);
        self
    }

    /// Sets all of `names` to the same amount.
    pub(super) fn money(mut self, names: &[&str], amount: Decimal) -> Self {
        self.0.extend(names.iter().map(|name| ((*name).to_owned(), text(amount).into())));
        self
    }

    /// `{stem}_ex_tax`, `{stem}_inc_tax`, `{stem}_tax`.
    pub(super) fn taxed(self, stem: &str, amount: Taxed) -> Self {
        self.money(&[&format!("{stem}_ex_tax")], amount.ex)
            .money(&[&format!("{stem}_inc_tax")], amount.inc)
            .money(&[&format!("{stem}_tax")], amount.tax)
    }

    pub(super) fn overridden(mut self, raw: &Map<String, Value>) -> Value {
        self.0.extend(raw.clone());
        Value::Object(self.0)
    }
}
