//! What a set answers: rows with a choice of columns, and what is expanded in them.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::kinetic::{query::Query, row::Row};

/// The answer.
#[derive(Serialize)]
pub(super) struct Page<T> {
    #[serde(rename = "@odata.context")]
    pub(super) context: String,
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    pub(super) count: Option<usize>,
    pub(super) value: Vec<T>,
}

/// A row of it.
pub(super) struct Item<'a> {
    pub(super) row: Cow<'a, Row>,
    /// All if empty.
    pub(super) columns: &'a [String],
    /// Names of child sets with their rows.
    pub(super) expanded: Vec<(&'a str, Vec<Cow<'a, Row>>)>,
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.row.write(&mut map, self.columns)?;
        for (name, rows) in &self.expanded {
            map.serialize_entry(name, rows)?;
        }
        map.end()
    }
}

/// A row of a query.
pub(super) struct Line<'a> {
    pub(super) query: &'a Query,
    pub(super) row: &'a Row,
    /// All if empty.
    pub(super) columns: &'a [String],
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (prefix, known) = (self.query.prefix(), self.query.known());
        let mut map = serializer.serialize_map(None)?;
        for name in known.keys().filter(|name| self.columns.is_empty() || self.columns.contains(name)) {
            match name.strip_prefix(&prefix) {
                Some(column) => map.serialize_entry(name, self.row.look(column).as_ref())?,
                None => map.serialize_entry(name, self.row.text("SysRowID"))?,
            }
        }
        map.end()
    }
}
