//! A tableset: rows of several tables that travel together.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{refusal::Refusal, row::Row, schema::schema};

/// The rows of one call.
#[derive(Debug, Clone, Default)]
pub(crate) struct DataSet {
    tableset: String,
    rows: BTreeMap<String, Vec<Row>>,
}

impl DataSet {
    pub(crate) fn new(tableset: &str) -> Self {
        Self { tableset: tableset.to_owned(), rows: BTreeMap::new() }
    }

    pub(crate) fn push(&mut self, row: Row) {
        self.rows.entry(row.table().to_owned()).or_default().push(row);
    }

    pub(crate) fn of(&self, table: &str) -> &[Row] {
        self.rows.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The row that a Change method works on: the one that is added or changed.
    ///
    /// # Errors
    /// No row of the table is.
    pub(crate) fn pending(&mut self, table: &str) -> Result<&mut Row, Refusal> {
        self.pending_with(table, "")
    }

    /// As [`DataSet::pending`], but of this row id if one is given.
    pub(crate) fn pending_with(&mut self, table: &str, id: &str) -> Result<&mut Row, Refusal> {
        let named = uuid::Uuid::try_parse(id).is_ok_and(|id| !id.is_nil());
        let changed = |row: &Row| ["A", "U"].contains(&row.text("RowMod"));
        let fits = |row: &&mut Row| changed(row) && (!named || row.text("SysRowID").eq_ignore_ascii_case(id));
        let rows = self.rows.get_mut(table).map(Vec::as_mut_slice).unwrap_or_default();
        rows.iter_mut()
            .find(fits)
            .ok_or_else(|| Refusal::rule(table, "RowMod", format!("{table} has not been added or changed.")))
    }

    /// Puts a saved row where one with its id stands, else at the end.
    pub(crate) fn put(&mut self, row: Row) {
        let rows = self.rows.entry(row.table().to_owned()).or_default();
        match rows.iter_mut().find(|old| old.text("SysRowID") == row.text("SysRowID")) {
            Some(old) => *old = row,
            None => rows.push(row),
        }
    }
}

impl Serialize for DataSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for table in schema().tablesets.get(&self.tableset).map(Vec::as_slice).unwrap_or_default() {
            map.serialize_entry(table, self.of(table))?;
        }
        map.end()
    }
}
