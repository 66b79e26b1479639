//! A set's rows by its query options.

use std::{cmp::Ordering, collections::BTreeSet};

use serde::Serialize;

use super::filter::{Filter, compare, filterable};
use crate::kinetic::{
    company::Company,
    refusal::Refusal,
    row::{Row, View},
    schema::{Set, table},
};

/// So many rows come when `$top` is absent.
const DEFAULT_TOP: usize = 100;

#[derive(Serialize)]
struct Page<'a> {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    value: Vec<View<'a>>,
}

#[derive(Default)]
struct Options {
    filter: Option<String>,
    select: Vec<String>,
    order: Vec<(String, bool)>,
    top: Option<usize>,
    skip: usize,
    count: bool,
}

/// Answers a set; `context` is the address of its metadata.
///
/// # Errors
/// An option is unknown or cannot be read, or a column cannot be used where it stands.
pub(crate) fn read(
    company: &Company,
    name: &str,
    set: &Set,
    query: &str,
    context: &str,
) -> Result<String, Refusal> {
    let options = options(query, set)?;
    let mut rows = company.rows(&set.table);
    if let Some(text) = &options.filter {
        rows = filtered(company, rows, set, text)?;
    }
    let by_key = |a: &&Row, b: &&Row| order_by(a, b, set.keys.iter().map(|key| (key, false)));
    rows.sort_by(|a, b| {
        order_by(a, b, options.order.iter().map(|(column, down)| (column, *down))).then_with(|| by_key(a, b))
    });
    let count = options.count.then_some(rows.len());
    let top = options.top.unwrap_or(DEFAULT_TOP).min(company.config.top_cap.unwrap_or(usize::MAX));
    let value = rows.into_iter().skip(options.skip).take(top).map(|row| row.view(&options.select)).collect();
    let page = Page { context: format!("{context}/$metadata#{name}"), count, value };
    serde_json::to_string(&page).map_err(|error| Refusal::request(error.to_string()))
}

/// The filter of a child set is applied to the parent (§3): it knows only the parent's columns, and a child whose
/// parent does not fit is not found.
fn filtered<'a>(
    company: &Company,
    rows: Vec<&'a Row>,
    set: &Set,
    text: &str,
) -> Result<Vec<&'a Row>, Refusal> {
    let own = |filter: &Filter, rows: Vec<&'a Row>| rows.into_iter().filter(|row| filter.fits(row)).collect();
    let of_parent = Filter::parse(text, &set.parent, table(&set.parent))?;
    if set.parent == set.table {
        return Ok(own(&of_parent, rows));
    }
    let of_child = Filter::parse(text, &set.table, table(&set.table))?;
    let key =
        set.keys.iter().filter(|key| *key != "Company").find(|key| table(&set.parent).contains_key(*key));
    let Some(key) = key else { return Ok(own(&of_child, rows)) };
    let parents: BTreeSet<i64> = company
        .rows(&set.parent)
        .into_iter()
        .filter(|row| of_parent.fits(row))
        .map(|row| row.int(key))
        .collect();
    let rows = rows.into_iter().filter(|row| parents.contains(&row.int(key))).collect();
    Ok(own(&of_child, rows))
}

fn order_by<'a>(a: &Row, b: &Row, columns: impl Iterator<Item = (&'a String, bool)>) -> Ordering {
    columns.fold(Ordering::Equal, |order, (column, down)| {
        order.then_with(|| {
            let order = compare(&a.get(column), &b.get(column));
            if down { order.reverse() } else { order }
        })
    })
}

fn options(query: &str, set: &Set) -> Result<Options, Refusal> {
    let mut options = Options::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let number = || {
            value.parse().map_err(|_| {
                Refusal::odata(format!("Invalid value '{value}' for {name} query option found."))
            })
        };
        match name.as_ref() {
            "$filter" => options.filter = Some(value.into_owned()),
            "$top" => options.top = Some(number()?),
            "$skip" => options.skip = number()?,
            "$count" => {
                options.count = value.parse().map_err(|_| Refusal::odata("$count is true or false."))?;
            }
            "$select" => {
                for column in value.split(',').map(str::trim) {
                    if !table(&set.table).contains_key(column) {
                        let text =
                            format!("Could not find a property named '{column}' on type '{}'.", set.table);
                        return Err(Refusal::odata(text));
                    }
                    options.select.push(column.to_owned());
                }
            }
            "$orderby" => {
                for part in value.split(',') {
                    let mut words = part.split_whitespace();
                    let column = words.next().unwrap_or_default();
                    filterable(column, &set.table, table(&set.table))?;
                    let down = match words.next() {
                        None | Some("asc") => false,
                        Some("desc") => true,
                        Some(word) => {
                            return Err(Refusal::odata(format!("Syntax error: '{word}' in $orderby.")));
                        }
                    };
                    options.order.push((column.to_owned(), down));
                }
            }
            "api-key" => {}
            unknown => {
                return Err(Refusal::odata(format!("The query parameter '{unknown}' is not supported.")));
            }
        }
    }
    Ok(options)
}
