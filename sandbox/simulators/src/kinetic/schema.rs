//! The real names: tables with their columns, services with their sets and methods.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Deserializer, de::Error as _};

/// Lengths that no database source gives but that practice knows (`docs/facts/kinetic.md` §7.2).
const CUSTOMER_LENGTHS: [(&str, usize); 17] = [
    ("CustID", 10),
    ("Name", 50),
    ("Address1", 50),
    ("Address2", 50),
    ("Address3", 50),
    ("City", 50),
    ("State", 50),
    ("Country", 50),
    ("Zip", 10),
    ("PhoneNum", 20),
    ("TermsCode", 4),
    ("ShipViaCode", 4),
    ("TerritoryID", 8),
    ("GroupCode", 4),
    ("TaxRegionCode", 4),
    ("CurrencyCode", 4),
    ("CustomerType", 3),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, never null.
    Text,
    /// True or false.
    Flag,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A number with a fraction.
    Decimal,
    /// A date, the only kind that may be null.
    Date,
    /// A GUID as text.
    Guid,
    /// Bytes in base64; only the framework's own columns.
    Binary,
}

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) kind: Kind,
    /// Greatest number of characters, where it is known.
    pub(crate) length: Option<usize>,
    /// False if the business object fills it, so that the database can neither filter nor sort by it.
    pub(crate) stored: bool,
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let stored = !code.ends_with('-');
        let mut letters = code.trim_end_matches('-').chars();
        let kind = match letters.next() {
            Some('s') => Kind::Text,
            Some('b') => Kind::Flag,
            Some('i') => Kind::Int,
            Some('l') => Kind::Long,
            Some('d') => Kind::Decimal,
            Some('t') => Kind::Date,
            Some('g') => Kind::Guid,
            Some('x') => Kind::Binary,
            _ => return Err(D::Error::custom(format!("no column is a {code:?}"))),
        };
        Ok(Self { kind, length: letters.as_str().parse().ok(), stored })
    }
}

/// The columns of a table by name.
pub(crate) type Table = BTreeMap<String, Column>;

/// An `OData` set.
#[derive(Debug, Deserialize)]
pub(crate) struct Set {
    /// The table whose rows it gives.
    pub(crate) table: String,
    /// The key, which is also the order of its rows.
    pub(crate) keys: Vec<String>,
    /// The head table of its service, against which a filter is checked.
    pub(crate) parent: String,
    /// Sets of the same service that may be expanded in its rows.
    #[serde(default)]
    pub(crate) nav: Vec<String>,
}

/// A custom method.
#[derive(Debug, Deserialize)]
pub(crate) struct Method {
    /// `GET` methods answer POST too.
    pub(crate) http: String,
    /// `string`, `number`, `boolean` or the name of a tableset.
    pub(crate) params: BTreeMap<String, String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "held against the answers by tests"))]
    pub(crate) returns: Option<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "held against the answers by tests"))]
    pub(crate) outs: BTreeMap<String, String>,
}

/// A service of business objects.
#[derive(Debug, Deserialize)]
pub(crate) struct Service {
    pub(crate) sets: BTreeMap<String, Set>,
    pub(crate) methods: BTreeMap<String, Method>,
}

/// All that is known of the real system's names.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Schema {
    pub(crate) tables: BTreeMap<String, Table>,
    /// Tables of a tableset in their order; the last is `ExtensionTables`.
    pub(crate) tablesets: BTreeMap<String, Vec<String>>,
    pub(crate) services: BTreeMap<String, Service>,
}

/// The schema built in (`schema/kinetic.json`).
pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let mut schema: Schema =
            serde_json::from_str(include_str!("../../schema/kinetic.json")).unwrap_or_default();
        if let Some(customer) = schema.tables.get_mut("Customer") {
            for (name, length) in CUSTOMER_LENGTHS {
                if let Some(column) = customer.get_mut(name) {
                    column.length = Some(length);
                }
            }
        }
        schema
    });
    &SCHEMA
}

/// The columns of `table`; none if it is unknown.
pub(crate) fn table(table: &str) -> &'static Table {
    static NONE: Table = BTreeMap::new();
    schema().tables.get(table).unwrap_or(&NONE)
}

/// The columns that tell a table's rows apart and order them; the company is the same in all of them, and what the
/// business object fills in is no part of a stored key.
pub(crate) fn keys(table: &str) -> &'static [String] {
    static KEYS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
        let sets = schema().services.values().flat_map(|service| service.sets.values());
        let stored = |set: &Set| {
            let columns = self::table(&set.table);
            let keys = set.keys.iter().filter(|key| *key != "Company");
            keys.filter(|key| columns.get(*key).is_some_and(|known| known.stored)).cloned().collect()
        };
        sets.map(|set| (set.table.clone(), stored(set))).collect()
    });
    KEYS.get(table).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_as_wide_as_the_real_ones() {
        assert_eq!(table("OrderHed").len(), 516);
        assert_eq!(table("OrderDtl").len(), 411);
        assert_eq!(table("OrderHed")["PONum"].length, Some(50));
        assert!(!table("OrderHed")["DocTotalOrder"].stored);
        assert_eq!(table("Customer")["CustID"].length, Some(10));
    }

    #[test]
    fn every_set_and_method_names_tables_that_are_known() {
        for service in schema().services.values() {
            for set in service.sets.values() {
                assert!(set.keys.iter().all(|key| table(&set.table).contains_key(key)));
                assert!(schema().tables.contains_key(&set.parent));
            }
            for method in service.methods.values() {
                for kind in method.params.values().chain(method.outs.values()).chain(&method.returns) {
                    let simple = ["string", "number", "boolean"].contains(&kind.as_str());
                    assert!(simple || schema().tablesets.contains_key(kind), "{kind}");
                }
            }
        }
    }
}
