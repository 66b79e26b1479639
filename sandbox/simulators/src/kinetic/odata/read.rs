//! A set's rows by its query options.

use std::borrow::Cow;

use super::{
    filter::{Filter, filterable},
    page::{Item, Line, Page},
    scan::{self, Sorting},
};
use crate::kinetic::{
    catalogue::source,
    company::Company,
    query::Query,
    refusal::Refusal,
    row::Row,
    schema::{Service, Table, table},
};

/// So many rows come when `$top` is absent.
const DEFAULT_TOP: usize = 100;

#[derive(Default)]
struct Options {
    filter: Option<String>,
    select: Vec<String>,
    expand: Vec<String>,
    order: Vec<Sorting>,
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
    service: &Service,
    name: &str,
    query: &str,
    context: &str,
) -> Result<String, Refusal> {
    let set = service.sets.get(name).ok_or_else(|| Refusal::unknown(format!("{name} is not found.")))?;
    let of = Of { table: table(&set.table), name: &set.table, nav: &set.nav };
    let options = options(query, &of)?;
    // The filter of a child set is applied to the parent (§3): it knows only the parent's columns, and what it says of
    // one that both have, as `SysRevID`, is said of the parent.
    let filter = options.filter.as_deref().map(|text| Filter::parse(text, &set.parent, table(&set.parent)));
    let filter = filter.transpose()?;
    if !company.config.filters_revisions && filter.as_ref().is_some_and(|filter| filter.names("SysRevID")) {
        return Err(Refusal::odata("The property 'SysRevID' cannot be used in the $filter query option."));
    }
    let source = source(&set.table);
    let found = || match &filter {
        Some(filter) if set.parent != set.table => {
            scan::children(company, source, &set.parent, filter, &options.order)
        }
        filter => scan::scan(company, source, filter.as_ref(), &options.order),
    };
    let count = options.count.then(|| found().count());
    let item = |row| Item {
        expanded: expanded(company, service, &options.expand, row),
        row: company.filled(&set.table, row),
        columns: &options.select,
    };
    let value = found().skip(options.skip).take(options.rows(company)).map(item).collect();
    let page = Page { context: format!("{context}/$metadata#{name}"), count, value };
    serde_json::to_string(&page).map_err(|error| Refusal::request(error.to_string()))
}

/// Answers a query by its columns' own names.
///
/// # Errors
/// An option is unknown or cannot be read, or names a column that the query does not have.
pub(crate) fn query(
    company: &Company,
    query: &Query,
    options: &str,
    context: &str,
) -> Result<String, Refusal> {
    let (known, prefix) = (query.known(), query.prefix());
    let of = Of { table: &known, name: &query.id, nav: &[] };
    let mut options = self::options(options, &of)?;
    for (column, _) in &mut options.order {
        if let Some(plain) = column.strip_prefix(&prefix) {
            *column = plain.to_owned();
        }
    }
    let filter = options.filter.as_deref().map(|text| Filter::parse(text, &query.id, &known));
    let filter = filter.transpose()?.map(|filter| filter.without(&prefix));
    let found = || scan::scan(company, &query.table, filter.as_ref(), &options.order);
    let count = options.count.then(|| found().count());
    let lines = found().skip(options.skip).take(options.rows(company));
    let value = lines.map(|row| Line { query, row, columns: &options.select }).collect();
    let page =
        Page { context: format!("{context}/$metadata#Epicor.DynamicQuery.{}", query.id), count, value };
    serde_json::to_string(&page).map_err(|error| Refusal::request(error.to_string()))
}

/// The rows of the sets that are to be expanded in `row`.
fn expanded<'a>(
    company: &'a Company,
    service: &'a Service,
    expand: &'a [String],
    row: &Row,
) -> Vec<(&'a str, Vec<Cow<'a, Row>>)> {
    let rows = |name: &'a String| {
        let child = service.sets.get(name)?;
        let rows = company.children(&child.table, row).map(|row| company.filled(&child.table, row)).collect();
        Some((name.as_str(), rows))
    };
    expand.iter().filter_map(rows).collect()
}

impl Options {
    /// How many rows a page has at most.
    fn rows(&self, company: &Company) -> usize {
        self.top.unwrap_or(DEFAULT_TOP).min(company.config.top_cap.unwrap_or(usize::MAX))
    }
}

/// What options may name.
struct Of<'a> {
    table: &'a Table,
    name: &'a str,
    nav: &'a [String],
}

fn options(query: &str, of: &Of<'_>) -> Result<Options, Refusal> {
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
                    if !of.table.contains_key(column) {
                        let text =
                            format!("Could not find a property named '{column}' on type '{}'.", of.name);
                        return Err(Refusal::odata(text));
                    }
                    options.select.push(column.to_owned());
                }
            }
            // What stands in parentheses behind a name was not seen in any client: it is no name here.
            "$expand" => {
                for nav in value.split(',').map(str::trim) {
                    if !of.nav.iter().any(|known| known == nav) {
                        let text = format!("Could not find a property named '{nav}' on type '{}'.", of.name);
                        return Err(Refusal::odata(text));
                    }
                    options.expand.push(nav.to_owned());
                }
            }
            "$orderby" => {
                for part in value.split(',') {
                    let mut words = part.split_whitespace();
                    let column = words.next().unwrap_or_default();
                    filterable(column, of.name, of.table)?;
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
    options.select.sort();
    options.select.dedup();
    Ok(options)
}
