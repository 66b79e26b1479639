//! A tableset on its way: table → rows.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::row::Row;

/// A tableset as it came. Tables are read only when somebody asks for them: an order of a thousand lines has ten megabytes of them.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Received(BTreeMap<String, Box<RawValue>>);

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Received {
    /// The rows of a table; a table that is absent or null is empty.
    ///
    /// # Errors
    /// The table's name, where it is no array of rows.
    pub(crate) fn rows(&self, table: &'static str) -> Result<Vec<Row>, &'static str> {
        match self.0.get(table) {
            None => Ok(Vec::new()),
            Some(raw) => serde_json::from_str::<Option<Vec<Row>>>(raw.get())
                .map(Option::unwrap_or_default)
                .map_err(|_| table),
        }
    }

    /// The newest row of a table: the latest revision, and of a before and an after image the after image, which comes second (§8.1).
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub(crate) fn newest(&self, table: &'static str) -> Result<Option<Row>, &'static str> {
        Ok(self.rows(table)?.into_iter().max_by_key(Row::revision))
    }

    /// `ExtensionTables`, which is part of every tableset and kept when it is sent back (§12.18).
    pub(crate) fn extension(&self) -> Option<Box<RawValue>> {
        self.0.get(EXTENSION).cloned()
    }
}

/// A tableset that is a method's value (§8.1).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Returned {
    pub(crate) return_obj: Received,
}

const EXTENSION: &str = "ExtensionTables";

/// The rows at hand that are fed to the next call: bytes a call stay the same however long the order is.
#[derive(Clone, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Fed(BTreeMap<&'static str, Table>);

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Table {
    Rows(Vec<Row>),
    Raw(Box<RawValue>),
}

impl fmt::Debug for Fed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Fed {
    /// With these rows in `table`; none leaves the table out.
    #[must_use]
    pub(crate) fn with(mut self, table: &'static str, rows: Vec<Row>) -> Self {
        if !rows.is_empty() {
            self.0.insert(table, Table::Rows(rows));
        }
        self
    }

    /// With `ExtensionTables` as they came.
    #[must_use]
    pub(crate) fn extended(mut self, tables: Option<&RawValue>) -> Self {
        if let Some(tables) = tables {
            self.0.insert(EXTENSION, Table::Raw(tables.to_owned()));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(json: &str) -> Received {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_after_image_is_newer_than_the_before_image() {
        let ds = received(
            r#"{"OrderHed":[{"SysRevID":7,"RowMod":""},{"SysRevID":7,"RowMod":"U"},{"SysRevID":3,"RowMod":""}]}"#,
        );
        assert_eq!(ds.newest("OrderHed").unwrap().unwrap().row_mod(), "U");
        assert!(ds.newest("OrderDtl").unwrap().is_none());
    }

    #[test]
    fn what_is_fed_is_what_was_put_in_and_the_extension_as_it_came() {
        let ds = received(r#"{"OrderHed":[{"A": 1.50}],"OrderDtl":null,"ExtensionTables":[ ]}"#);
        assert!(ds.rows("OrderDtl").unwrap().is_empty());
        let fed = Fed::default()
            .with("OrderHed", ds.rows("OrderHed").unwrap())
            .with("OrderDtl", Vec::new())
            .extended(ds.extension().as_deref());
        assert_eq!(
            serde_json::to_string(&fed).unwrap(),
            r#"{"ExtensionTables":[ ],"OrderHed":[{"A":1.50}]}"#
        );
    }

    #[test]
    fn a_table_that_is_no_array_of_rows_is_named() {
        assert_eq!(received(r#"{"OrderHed":[7]}"#).rows("OrderHed").unwrap_err(), "OrderHed");
    }
}
