//! A row: column → raw JSON text.

use std::collections::BTreeMap;
use std::fmt;

use connector_domain::exact;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use thiserror::Error;

/// A column that is not there, or is not of the type it has in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{column}: expected {expected}")]
pub struct ColumnError {
    /// Which.
    pub column: &'static str,
    /// What it should hold.
    pub expected: &'static str,
}

/// One record of Kinetic, with all of its 300 to 500 columns.
///
/// A row must go back exactly as it came but for what we changed (§8.1): a column we never heard of, and a number with more digits
/// than any number type of ours, survive as the text they are. `@odata.…` annotations are left out, since they must not go back (§8.1).
/// `Debug` names the columns and no values: many are personal.
#[derive(Clone, Default)]
pub struct Row(BTreeMap<String, Box<RawValue>>);

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({} columns)", self.0.len())
    }
}

impl Row {
    /// The JSON text of a column.
    pub fn raw(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(|raw| raw.get())
    }

    /// A text; `null` is the empty text (§3 says texts are never null, and asks nothing of us if one is).
    ///
    /// # Errors
    /// The column is missing or no text.
    pub fn text(&self, column: &'static str) -> Result<String, ColumnError> {
        self.read::<Option<String>>(column, "a text").map(Option::unwrap_or_default)
    }

    /// A whole number.
    ///
    /// # Errors
    /// The column is missing or no number of 32 bits.
    pub fn int(&self, column: &'static str) -> Result<i32, ColumnError> {
        self.read(column, "a whole number")
    }

    /// A whole number of 64 bits, such as `SysRevID`.
    ///
    /// # Errors
    /// The column is missing or no number of 64 bits.
    pub fn long(&self, column: &'static str) -> Result<i64, ColumnError> {
        self.read(column, "a whole number of 64 bits")
    }

    /// A flag; `null` is `false`.
    ///
    /// # Errors
    /// The column is missing or no flag.
    pub fn flag(&self, column: &'static str) -> Result<bool, ColumnError> {
        self.read::<Option<bool>>(column, "true or false").map(Option::unwrap_or_default)
    }

    /// A decimal, exact: it never passes through a float.
    ///
    /// # Errors
    /// The column is missing or no number.
    pub fn decimal(&self, column: &'static str) -> Result<Decimal, ColumnError> {
        let error = ColumnError { column, expected: "a decimal number" };
        self.raw(column).filter(|raw| !raw.starts_with('"')).and_then(exact::parse).ok_or(error)
    }

    /// A calendar date: `2026-03-16T00:00:00`, with or without `Z`, is the 16th wherever it is read (§3).
    ///
    /// # Errors
    /// The column is missing or no date.
    pub fn date(&self, column: &'static str) -> Result<Option<Date>, ColumnError> {
        let expected = "a date or null";
        let Some(text) = self.read::<Option<String>>(column, expected)? else { return Ok(None) };
        let day = text.split('T').next().unwrap_or_default();
        day.parse().map(Some).map_err(|_| ColumnError { column, expected })
    }

    /// The rows of an expanded child set.
    pub(crate) fn rows(&self, column: &'static str) -> Result<Vec<Self>, ColumnError> {
        self.read(column, "rows")
    }

    /// The row's own mark: `A` added, `U` changed, `D` to be deleted, empty as stored (§8.1).
    pub(crate) fn row_mod(&self) -> String {
        self.text("RowMod").unwrap_or_default()
    }

    /// `SysRowID`, unless it is missing or all zeros, as on rows that have none yet.
    pub(crate) fn row_id(&self) -> Option<String> {
        self.text("SysRowID").ok().filter(|id| id.bytes().any(|b| b.is_ascii_hexdigit() && b != b'0'))
    }

    /// `SysRevID`, a 64-bit number that rises with every write (§8.4).
    pub(crate) fn revision(&self) -> i64 {
        self.long("SysRevID").unwrap_or_default()
    }

    /// Sets a text.
    pub fn set_text(&mut self, column: &str, text: &str) {
        self.set(column, text);
    }

    /// Sets a whole number.
    pub fn set_int(&mut self, column: &str, number: i32) {
        self.set(column, &number);
    }

    /// Sets a flag.
    pub fn set_flag(&mut self, column: &str, flag: bool) {
        self.set(column, &flag);
    }

    /// Sets a decimal with exactly its digits.
    pub fn set_decimal(&mut self, column: &str, number: Decimal) {
        self.set(column, &Exact(number));
    }

    /// Sets a calendar date, in the form that rows have.
    pub fn set_date(&mut self, column: &str, date: Date) {
        self.set(column, &format!("{date}T00:00:00"));
    }

    fn set<T: Serialize + ?Sized>(&mut self, column: &str, value: &T) {
        // Texts, numbers and flags can always be written as JSON.
        let raw = to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned());
        self.0.insert(column.to_owned(), raw);
    }

    fn read<'r, T: Deserialize<'r>>(
        &'r self,
        column: &'static str,
        expected: &'static str,
    ) -> Result<T, ColumnError> {
        let value = self.raw(column).and_then(|raw| serde_json::from_str(raw).ok());
        value.ok_or(ColumnError { column, expected })
    }
}

/// A decimal that is written with its own digits.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Exact(#[serde(with = "exact")] pub(crate) Decimal);

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Row;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row, which is a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut columns = BTreeMap::new();
                while let Some((column, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if !column.contains("@odata.") {
                        columns.insert(column, value);
                    }
                }
                Ok(Row(columns))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

#[cfg(test)]
mod tests;
