//! The rows of a table in the order that is asked for, found by an index where there is one.

use std::cmp::Ordering;

use super::{
    filter::{Filter, compare},
    spans::{is_anywhere, spans},
};
use crate::kinetic::{
    company::{Company, is_of_orders},
    row::Row,
    schema::keys,
    tables::{Found, KeyPart, Span},
};

/// A column, and whether from high to low.
pub(super) type Sorting = (String, bool);

/// The rows that fit, in their order; ties and no order at all are in the order of the key.
pub(super) fn scan<'a>(
    company: &'a Company,
    table: &'a str,
    filter: Option<&'a Filter>,
    order: &'a [Sorting],
) -> Found<'a> {
    let fits = move |row: &&Row| filter.is_none_or(|filter| filter.fits(row));
    if is_of_orders(table) {
        return sorted(Box::new(company.rows(table).into_iter().filter(fits)), table, order);
    }
    let rows = company.tables().of(table);
    let columns: Vec<&str> = keys(table).iter().map(String::as_str).collect();
    let spans = spans(filter, &columns);
    let revisions = revisions(filter);
    // Of the two indexes the one that leaves less; without a bound the key's, whose order is the usual one.
    let by_revision = is_anywhere(&spans) && revisions != (i64::MIN, i64::MAX);
    match way(&columns, order) {
        Way::Key { down } if !by_revision => Box::new(rows.within(spans, down).filter(fits)),
        Way::Revision { down } if by_revision || is_anywhere(&spans) => {
            Box::new(rows.revised(revisions.0, revisions.1, down).filter(fits))
        }
        Way::Key { .. } | Way::Revision { .. } | Way::Sort => {
            let found = if by_revision {
                rows.revised(revisions.0, revisions.1, false)
            } else {
                rows.within(spans, false)
            };
            sorted(Box::new(found.filter(fits)), table, order)
        }
    }
}

/// The children, in a set's order, of all parents that fit.
pub(super) fn children<'a>(
    company: &'a Company,
    table: &'a str,
    parent: &'a str,
    filter: &'a Filter,
    order: &'a [Sorting],
) -> Found<'a> {
    let found: Found<'a> =
        Box::new(scan(company, parent, Some(filter), &[]).flat_map(|row| company.children(table, row)));
    let columns: Vec<&str> = keys(table).iter().map(String::as_str).collect();
    // Parents come in the order of their keys, with which their children's begin.
    if matches!(way(&columns, order), Way::Key { down: false }) { found } else { sorted(found, table, order) }
}

/// How an order can be had.
enum Way {
    Key { down: bool },
    Revision { down: bool },
    Sort,
}

fn way(keys: &[&str], order: &[Sorting]) -> Way {
    let order = match order {
        [(company, _), rest @ ..] if company == "Company" => rest,
        all => all,
    };
    let is_key = keys.iter().zip(order).all(|(key, (column, _))| key == column) && order.len() <= keys.len();
    match order {
        [] => Way::Key { down: false },
        [(column, down)] if column == "SysRevID" => Way::Revision { down: *down },
        _ if is_key && order.iter().all(|(_, down)| !down) => Way::Key { down: false },
        _ if is_key && order.len() == keys.len() && order.iter().all(|(_, down)| *down) => {
            Way::Key { down: true }
        }
        _ => Way::Sort,
    }
}

fn sorted<'a>(found: Found<'a>, table: &str, order: &[Sorting]) -> Found<'a> {
    let mut rows: Vec<&Row> = found.collect();
    let by_key = |a: &Row, b: &Row| order_by(a, b, keys(table).iter().map(|key| (key, false)));
    rows.sort_by(|a, b| {
        order_by(a, b, order.iter().map(|(column, down)| (column, *down))).then_with(|| by_key(a, b))
    });
    Box::new(rows.into_iter())
}

fn order_by<'a>(a: &Row, b: &Row, columns: impl Iterator<Item = (&'a String, bool)>) -> Ordering {
    columns.fold(Ordering::Equal, |order, (column, down)| {
        order.then_with(|| {
            let order = compare(&a.look(column), &b.look(column));
            if down { order.reverse() } else { order }
        })
    })
}

/// From the lowest revision to the highest that a filter leaves.
fn revisions(filter: Option<&Filter>) -> (i64, i64) {
    let spans: Vec<Span> = spans(filter, &["SysRevID"]);
    let number = |key: &[KeyPart], none: i64| match key {
        [KeyPart::Number(number), ..] => i64::try_from(number.floor()).unwrap_or(none),
        _ => none,
    };
    match (spans.first(), spans.last()) {
        (Some((from, _)), Some((_, to))) => {
            let after = i64::from(from.len() > 1);
            (number(from, i64::MIN).saturating_add(after), number(to, i64::MAX))
        }
        _ => (1, 0),
    }
}
