//! The master tables: each in the order of its key, with an index by revision, so that a page costs what it holds and
//! not what the table holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use rust_decimal::Decimal;

use super::{
    company::folded,
    row::{Cell, Row},
    schema::keys,
};

/// One column of a key, as SQL Server compares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPart {
    Text(String),
    Number(Decimal),
    /// Above all values: the end of a span.
    Top,
}

/// The key of a row; as the end of a span it may be shorter.
pub(crate) type Key = Arc<[KeyPart]>;

/// From one key to another, both included.
pub(crate) type Span = (Vec<KeyPart>, Vec<KeyPart>);

/// Rows as they come out of a table.
pub(crate) type Found<'a> = Box<dyn Iterator<Item = &'a Row> + 'a>;

impl KeyPart {
    /// What a cell is in a key.
    pub(crate) fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(folded(text)),
            Cell::Int(number) => Self::Number((*number).into()),
            Cell::Decimal(number) => Self::Number(*number),
            Cell::Flag(flag) => Self::Number(i32::from(*flag).into()),
            Cell::Date(date) => Self::Text(date.to_string()),
            Cell::Null => Self::Text(String::new()),
        }
    }
}

/// The key of a row.
pub(crate) fn key(row: &Row) -> Key {
    keys(row.table()).iter().map(|column| KeyPart::of(&row.look(column))).collect()
}

/// The rows of one table.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    by_key: BTreeMap<Key, Row>,
    by_revision: BTreeSet<(i64, Key)>,
}

impl Rows {
    pub(crate) fn get(&self, key: &[KeyPart]) -> Option<&Row> {
        self.by_key.get(key)
    }

    /// Puts a row in the place of the one with its key, if there is one.
    pub(crate) fn put(&mut self, mut row: Row) {
        row.shrink();
        let key = key(&row);
        let revision = row.int("SysRevID");
        if let Some(old) = self.by_key.insert(Arc::clone(&key), row) {
            self.by_revision.remove(&(old.int("SysRevID"), Arc::clone(&key)));
        }
        self.by_revision.insert((revision, key));
    }

    pub(crate) fn remove(&mut self, key: &Key) {
        if let Some(old) = self.by_key.remove(key) {
            self.by_revision.remove(&(old.int("SysRevID"), Arc::clone(key)));
        }
    }

    /// All rows in the order of their keys.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Row> {
        self.by_key.values()
    }

    /// The rows in these spans, which lie apart and in order.
    pub(crate) fn within(&self, spans: Vec<Span>, down: bool) -> Found<'_> {
        let rows = move |(from, to): Span| {
            let bounds = (Bound::Included(from.as_slice()), Bound::Included(to.as_slice()));
            // The ends are copied into the range, and a range from high to low would panic.
            if from <= to { Some(self.by_key.range::<[KeyPart], _>(bounds)) } else { None }
        };
        let ranges = spans.into_iter().filter_map(rows);
        if down {
            let ranges: Vec<_> = ranges.collect();
            Box::new(ranges.into_iter().rev().flat_map(|range| range.rev().map(|(_, row)| row)))
        } else {
            Box::new(ranges.flatten().map(|(_, row)| row))
        }
    }

    /// The rows whose key begins so.
    pub(crate) fn under(&self, prefix: &[KeyPart]) -> Found<'_> {
        self.within(vec![(prefix.to_vec(), [prefix, &[KeyPart::Top]].concat())], false)
    }

    /// The rows with these revisions, ends included, in their order.
    pub(crate) fn revised(&self, from: i64, to: i64, down: bool) -> Found<'_> {
        if from > to {
            return Box::new(std::iter::empty());
        }
        let bounds = ((from, Key::from([])), (to, Key::from([KeyPart::Top])));
        let keys = self.by_revision.range(bounds.0..=bounds.1);
        let row = |(_, key): &(i64, Key)| self.by_key.get(key);
        if down { Box::new(keys.rev().filter_map(row)) } else { Box::new(keys.filter_map(row)) }
    }
}

/// All master tables.
#[derive(Debug, Default)]
pub(crate) struct Tables(BTreeMap<String, Rows>);

impl Tables {
    pub(crate) fn of(&self, table: &str) -> &Rows {
        static NONE: Rows = Rows { by_key: BTreeMap::new(), by_revision: BTreeSet::new() };
        self.0.get(table).unwrap_or(&NONE)
    }

    pub(crate) fn put(&mut self, row: Row) {
        match self.0.get_mut(row.table()) {
            Some(rows) => rows.put(row),
            None => self.0.entry(row.table().to_owned()).or_default().put(row),
        }
    }

    pub(crate) fn remove(&mut self, table: &str, key: &Key) {
        if let Some(rows) = self.0.get_mut(table) {
            rows.remove(key);
        }
    }

    /// Gives every row the revision that `renumber` has for its own.
    pub(crate) fn renumber(&mut self, renumber: impl Fn(i64) -> i64) {
        for rows in self.0.values_mut() {
            rows.by_revision.clear();
            for (key, row) in &mut rows.by_key {
                let revision = renumber(row.int("SysRevID"));
                row.set("SysRevID", revision);
                rows.by_revision.insert((revision, Arc::clone(key)));
            }
        }
    }

    /// Every revision that a row has.
    pub(crate) fn revisions(&self) -> impl Iterator<Item = i64> {
        self.0.values().flat_map(|rows| rows.by_revision.iter().map(|(revision, _)| *revision))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(part: &str, warehouse: &str, revision: i64) -> Row {
        Row::new("PartWhse").with("PartNum", part).with("WarehouseCode", warehouse).with("SysRevID", revision)
    }

    fn names(found: Found<'_>) -> Vec<String> {
        found.map(|row| format!("{}/{}", row.text("PartNum"), row.text("WarehouseCode"))).collect()
    }

    #[test]
    fn a_row_has_one_place_in_either_order_whatever_the_case_of_its_key() {
        let mut rows = Rows::default();
        rows.put(stock("B", "MAIN", 1));
        rows.put(stock("a", "WWH", 2));
        rows.put(stock("A", "MAIN", 3));
        rows.put(stock("b ", "main", 4));
        assert_eq!(names(rows.revised(0, i64::MAX, false)), ["a/WWH", "A/MAIN", "b /main"]);
        assert_eq!(names(rows.revised(3, 3, true)), ["A/MAIN"]);
        assert_eq!(names(rows.under(&[KeyPart::Text("a".to_owned())])), ["A/MAIN", "a/WWH"]);
        rows.remove(&key(&stock("A", "WWH", 0)));
        let all = vec![(Vec::new(), vec![KeyPart::Top])];
        assert_eq!(names(rows.within(all, true)), ["b /main", "A/MAIN"]);
        assert_eq!(names(rows.revised(0, i64::MAX, false)).len(), 2);
    }
}
