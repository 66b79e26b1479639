//! What a request's body says, read strictly and with exact numbers.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    dataset::DataSet,
    refusal::Refusal,
    row::{Cell, Row},
    schema::{Column, Kind, schema, table},
};

/// A JSON object whose values are not parsed yet.
pub(crate) type Raw<'a> = BTreeMap<String, &'a RawValue>;

/// What happens to a text that is longer than its column; upstream it is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TooLong {
    /// 400.
    #[default]
    Refused,
    /// Cut without a word.
    Cut,
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    values: BTreeMap<String, Cell>,
    pub(crate) ds: DataSet,
}

impl Arguments {
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Flag(_) | Cell::Int(_) | Cell::Decimal(_) | Cell::Date(_) | Cell::Null) | None => "",
        }
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.values.get(name) == Some(&Cell::Flag(true))
    }

    pub(crate) fn decimal(&self, name: &str) -> Decimal {
        match self.values.get(name) {
            Some(Cell::Decimal(number)) => *number,
            Some(Cell::Flag(_) | Cell::Int(_) | Cell::Text(_) | Cell::Date(_) | Cell::Null) | None => {
                Decimal::ZERO
            }
        }
    }

    pub(crate) fn int(&self, name: &str) -> i32 {
        i32::try_from(self.decimal(name)).unwrap_or_default()
    }
}

/// Reads the arguments of a method from a JSON object.
///
/// # Errors
/// A parameter is unknown, of the wrong type, or missing although `complete` is asked for.
pub(crate) fn arguments(
    text: &str,
    wanted: &BTreeMap<String, String>,
    complete: bool,
    too_long: TooLong,
) -> Result<Arguments, Refusal> {
    let raw: Raw<'_> = serde_json::from_str(text)
        .map_err(|error| Refusal::request(format!("The request body is not a JSON object: {error}")))?;
    if let Some(name) = raw.keys().find(|name| !wanted.contains_key(*name)) {
        return Err(Refusal::request(format!("Parameter {name} is not found in the method.")));
    }
    let mut arguments = Arguments::default();
    for (name, kind) in wanted {
        let Some(value) = raw.get(name) else {
            if complete {
                return Err(Refusal::request(format!("Parameter {name} is missing.")));
            }
            continue;
        };
        let scalar = |kind| {
            cell(value, Column { kind, length: None, stored: true }, too_long)
                .map_err(|why| Refusal::request(format!("Parameter {name}: {why}.")))
        };
        let value = match kind.as_str() {
            "string" => scalar(Kind::Text)?,
            "boolean" => scalar(Kind::Flag)?,
            "number" => scalar(Kind::Decimal)?,
            tableset => {
                arguments.ds = dataset(value, tableset, too_long)?;
                continue;
            }
        };
        arguments.values.insert(name.clone(), value);
    }
    Ok(arguments)
}

/// Reads a tableset; tables and columns that it does not have are refused.
fn dataset(raw: &RawValue, tableset: &str, too_long: TooLong) -> Result<DataSet, Refusal> {
    let not = |error| Refusal::request(format!("ds is not a tableset: {error}"));
    let tables: BTreeMap<String, Vec<&RawValue>> = serde_json::from_str(raw.get()).map_err(not)?;
    let known = schema().tablesets.get(tableset).map(Vec::as_slice).unwrap_or_default();
    let mut ds = DataSet::new(tableset);
    for (name, rows) in tables {
        if !known.contains(&name) {
            return Err(Refusal::request(format!("{tableset} has no table {name}.")));
        }
        for raw in rows {
            if name == "ExtensionTables" {
                continue;
            }
            ds.push(row(raw, &name, too_long)?);
        }
    }
    Ok(ds)
}

fn row(raw: &RawValue, name: &str, too_long: TooLong) -> Result<Row, Refusal> {
    let not = |error| Refusal::request(format!("A row of {name} is not an object: {error}"));
    let cells: Raw<'_> = serde_json::from_str(raw.get()).map_err(not)?;
    let mut row = Row::new(name);
    for (column, value) in cells {
        let Some(known) = table(name).get(&column) else {
            return Err(Refusal::request(format!(
                "The property '{column}' does not exist on type '{name}'."
            )));
        };
        let value = cell(value, *known, too_long).map_err(|why| Refusal {
            place: Some((name.to_owned(), column.clone())),
            ..Refusal::request(why)
        })?;
        row.set(&column, value);
    }
    let mode = row.text("RowMod");
    if !["", "A", "U", "D"].contains(&mode) {
        return Err(Refusal::request(format!("RowMod {mode:?} is none of A, U, D.")));
    }
    Ok(row)
}

fn cell(raw: &RawValue, column: Column, too_long: TooLong) -> Result<Cell, String> {
    let text = raw.get();
    let wrong = || {
        format!("{} cannot be read as {:?}", if text.len() > 40 { "the value" } else { text }, column.kind)
    };
    match column.kind {
        Kind::Text | Kind::Binary => {
            let value: String = serde_json::from_str(text).map_err(|_| wrong())?;
            match column.length.filter(|length| value.encode_utf16().count() > *length) {
                Some(length) if too_long == TooLong::Refused => {
                    Err(format!("The text is longer than the {length} characters of its column"))
                }
                Some(length) => Ok(Cell::Text(cut(&value, length))),
                None => Ok(Cell::Text(value)),
            }
        }
        Kind::Guid => {
            let value: String = serde_json::from_str(text).map_err(|_| wrong())?;
            Ok(Cell::Text(value.parse::<Uuid>().map_err(|_| wrong())?.to_string()))
        }
        Kind::Flag => serde_json::from_str(text).map(Cell::Flag).map_err(|_| wrong()),
        Kind::Int => serde_json::from_str::<i32>(text).map(|n| Cell::Int(n.into())).map_err(|_| wrong()),
        Kind::Long => serde_json::from_str(text).map(Cell::Int).map_err(|_| wrong()),
        Kind::Decimal => number(text).map(Cell::Decimal).ok_or_else(wrong),
        Kind::Date if text == "null" => Ok(Cell::Null),
        Kind::Date => {
            let value: String = serde_json::from_str(text).map_err(|_| wrong())?;
            date(&value).map(Cell::Date).ok_or_else(wrong)
        }
    }
}

/// An exact number as JSON may spell it.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let plain = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    plain.then(|| Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()).flatten()
}

/// A date in each of the spellings that are seen: with a zone, without, or bare.
pub(crate) fn date(text: &str) -> Option<civil::DateTime> {
    if !text.contains('-') {
        return None;
    }
    // An offset is left aside: what is meant is the day on the calendar. Only `Z` needs the detour.
    let instant = || text.parse::<Timestamp>().ok().map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    text.parse().ok().or_else(instant)
}

/// The first `units` UTF-16 units, which is how SQL Server counts; a pair is not torn apart.
fn cut(text: &str, units: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= units
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_day_that_is_written_whatever_its_zone() {
        let day = civil::date(2026, 3, 20).at(0, 0, 0, 0);
        for text in ["2026-03-20", "2026-03-20T00:00:00", "2026-03-20T00:00:00Z", "2026-03-20T00:00:00-05:00"]
        {
            assert_eq!(date(text), Some(day), "{text}");
        }
        assert_eq!(date("20260320"), None);
    }

    #[test]
    fn a_number_is_exact_and_may_have_an_exponent() {
        assert_eq!(number("0.1"), Some(Decimal::new(1, 1)));
        assert_eq!(number("1e2"), Some(Decimal::ONE_HUNDRED));
        assert_eq!(number("\"1\""), None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("a🔔b", 3), "a🔔");
        assert_eq!(cut("a🔔b", 2), "a");
    }
}
