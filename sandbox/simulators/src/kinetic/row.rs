//! A row: the cells that differ from their column's default; on the wire it carries every column.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::schema::{Kind, schema, table};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text, GUIDs included.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// An exact number.
    Decimal(Decimal),
    /// A date; its time is midnight in nearly every column.
    Date(DateTime),
    /// No date.
    Null,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date.to_datetime(jiff::civil::Time::midnight()))
    }
}

impl Cell {
    /// What a column of this kind holds when nothing was put there.
    pub(crate) fn default_of(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Binary => Self::Text(String::new()),
            Kind::Guid => Self::Text(Uuid::nil().to_string()),
            Kind::Flag => Self::Flag(false),
            Kind::Int | Kind::Long => Self::Int(0),
            Kind::Decimal => Self::Decimal(Decimal::ZERO),
            Kind::Date => Self::Null,
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Decimal(number) => exact(*number).map_err(S::Error::custom)?.serialize(serializer),
            Self::Date(date) => serializer.collect_str(date),
            Self::Null => serializer.serialize_none(),
        }
    }
}

/// A decimal as JSON writes it: without an exponent, with at least one decimal place as .NET would.
pub(crate) fn exact(number: Decimal) -> serde_json::Result<Box<RawValue>> {
    let mut number = number.normalize();
    if number.scale() == 0 {
        number.rescale(1);
    }
    RawValue::from_string(number.to_string())
}

/// A row of some table.
///
/// A company may have 100,000 parts, so names are the schema's own and cells lie in one piece, in the order of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    table: Cow<'static, str>,
    cells: Vec<(&'static str, Cell)>,
}

impl Row {
    /// A row of `table` with every column at its default.
    pub fn new(table: &str) -> Self {
        let known = schema().tables.get_key_value(table).map(|(name, _)| Cow::Borrowed(name.as_str()));
        Self { table: known.unwrap_or_else(|| Cow::Owned(table.to_owned())), cells: Vec::new() }
    }

    /// Its table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Puts `value` into `column`; a column that the table does not have is left alone.
    pub fn set(&mut self, column: &str, value: impl Into<Cell>) {
        if let Some((name, _)) = table(&self.table).get_key_value(column) {
            self.put(name, value.into());
        } else {
            tracing::error!(table = %self.table, column, "the simulator knows no such column");
            debug_assert!(false, "{} has no column {column}", self.table);
        }
    }

    fn put(&mut self, name: &'static str, value: Cell) {
        match self.cells.binary_search_by(|(known, _)| (*known).cmp(name)) {
            Ok(at) => {
                if let Some((_, cell)) = self.cells.get_mut(at) {
                    *cell = value;
                }
            }
            Err(at) => self.cells.insert(at, (name, value)),
        }
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        let at = self.cells.binary_search_by(|(known, _)| (*known).cmp(column)).ok()?;
        self.cells.get(at).map(|(_, cell)| cell)
    }

    /// Puts one amount into several columns.
    pub(crate) fn set_all<const N: usize>(&mut self, columns: [&str; N], amount: Decimal) {
        for column in columns {
            self.set(column, amount);
        }
    }

    /// Builder's spelling of [`Row::set`].
    #[must_use]
    pub fn with(mut self, column: &str, value: impl Into<Cell>) -> Self {
        self.set(column, value);
        self
    }

    /// What is in `column`, its default if nothing was put there.
    pub fn get(&self, column: &str) -> Cell {
        self.look(column).into_owned()
    }

    /// As [`Row::get`], without a copy of what was put there.
    pub(crate) fn look(&self, column: &str) -> Cow<'_, Cell> {
        let default =
            || table(&self.table).get(column).map_or(Cell::Null, |known| Cell::default_of(known.kind));
        self.cell(column).map_or_else(|| Cow::Owned(default()), Cow::Borrowed)
    }

    /// The text in `column`.
    pub fn text(&self, column: &str) -> &str {
        match self.cell(column) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Flag(_) | Cell::Int(_) | Cell::Decimal(_) | Cell::Date(_) | Cell::Null) | None => "",
        }
    }

    /// The number in `column`, zero if there is none.
    pub fn decimal(&self, column: &str) -> Decimal {
        match self.cell(column) {
            Some(Cell::Decimal(number)) => *number,
            Some(Cell::Int(number)) => Decimal::from(*number),
            Some(Cell::Flag(_) | Cell::Text(_) | Cell::Date(_) | Cell::Null) | None => Decimal::ZERO,
        }
    }

    /// The whole number in `column`, zero if there is none.
    pub fn int(&self, column: &str) -> i64 {
        match self.cell(column) {
            Some(Cell::Int(number)) => *number,
            Some(Cell::Flag(_) | Cell::Text(_) | Cell::Date(_) | Cell::Decimal(_) | Cell::Null) | None => 0,
        }
    }

    /// A key column as the simulator counts.
    pub(crate) fn key(&self, column: &str) -> i32 {
        i32::try_from(self.int(column)).unwrap_or_default()
    }

    /// The flag in `column`.
    pub fn flag(&self, column: &str) -> bool {
        self.cell(column) == Some(&Cell::Flag(true))
    }

    /// Whether the row is to be saved: `A`, `U` or `D`.
    pub(crate) fn is_pending(&self) -> bool {
        !self.text("RowMod").is_empty()
    }

    /// Forgets what says no more than its column's default, and what was reserved for more.
    pub(crate) fn shrink(&mut self) {
        let known = table(&self.table);
        self.cells
            .retain(|(name, cell)| known.get(*name).is_none_or(|it| Cell::default_of(it.kind) != *cell));
        self.cells.shrink_to_fit();
    }

    /// Takes a column over from another row, whatever its name there.
    pub(crate) fn copy(&mut self, column: &str, from: &Row, source: &str) {
        self.set(column, from.get(source));
    }

    /// Takes over what another row of the same table has explicitly.
    pub(crate) fn overlay(&mut self, other: &Row) {
        for (name, cell) in &other.cells {
            self.put(name, cell.clone());
        }
    }

    /// Writes these columns, all of them if none is named; they are in the order of their names.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M, columns: &[String]) -> Result<(), M::Error> {
        let known = table(&self.table);
        if columns.is_empty() {
            for (name, column) in known {
                self.write_cell(map, name, column.kind)?;
            }
        }
        for (name, column) in columns.iter().filter_map(|name| known.get_key_value(name)) {
            self.write_cell(map, name, column.kind)?;
        }
        Ok(())
    }

    fn write_cell<M: SerializeMap>(&self, map: &mut M, name: &str, kind: Kind) -> Result<(), M::Error> {
        match self.cell(name) {
            Some(cell) => map.serialize_entry(name, cell),
            None => map.serialize_entry(name, &Cell::default_of(kind)),
        }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map, &[])?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_on_the_wire_carries_every_column_with_its_default() {
        let row = Row::new("OrderHed").with("DocOrderAmt", "12.50".parse::<Decimal>().unwrap());
        let wire: serde_json::Value = serde_json::from_str(&serde_json::to_string(&row).unwrap()).unwrap();
        assert_eq!(wire.as_object().unwrap().len(), 516);
        assert_eq!(wire["PONum"], "");
        assert_eq!(wire["OpenOrder"], false);
        assert!(wire["OrderDate"].is_null());
        assert!(serde_json::to_string(&row).unwrap().contains("\"DocOrderAmt\":12.5,"));
    }
}
