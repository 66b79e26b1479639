//! Reading a set: one page that must be whole, or all pages by key.

use std::collections::BTreeSet;

use connector_domain::Deadline;
use connector_http::{Answer, Call};
use serde::Deserialize;

use super::{Filter, Literal};
use crate::error::KineticError;
use crate::invoke::Door;
use crate::row::{ColumnError, Row};

/// Rows a page. The size that comes without `$top`, so that no site's own limit is below it (§3).
const PAGE: usize = 100;

/// A set of a service, and the columns that are wanted of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    /// The name in logs and errors.
    pub(crate) label: &'static str,
    /// The path below the company.
    pub(crate) path: &'static str,
    /// `$select`: a row has hundreds of columns.
    pub(crate) columns: &'static [&'static str],
}

/// The column by which a set is paged, and its type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    /// A whole number.
    Whole(&'static str),
    /// A whole number of 64 bits.
    Long(&'static str),
    /// A text: only the server knows how its collation orders it.
    Text(&'static str),
    /// A whole number that several rows share, where the set's own key has several columns. Of each number the rows of one page come.
    Shared(&'static str),
}

impl Key {
    const fn column(self) -> &'static str {
        match self {
            Self::Whole(column) | Self::Long(column) | Self::Text(column) | Self::Shared(column) => column,
        }
    }

    fn of(self, row: &Row) -> Result<Literal, ColumnError> {
        match self {
            Self::Whole(column) | Self::Shared(column) => row.int(column).map(Literal::from),
            Self::Long(column) => row.long(column).map(Literal::from),
            Self::Text(column) => row.text(column).map(Literal::Text),
        }
    }
}

/// One page, as it came.
#[derive(Deserialize)]
pub(crate) struct Page {
    #[serde(rename = "@odata.count")]
    count: Option<usize>,
    pub(crate) value: Vec<Row>,
}

impl Page {
    /// Whether more rows fit than came. Where nothing is counted, only an empty page is the end: a site may cap `$top` (§3).
    pub(crate) fn more(&self) -> bool {
        self.count.map_or(!self.value.is_empty(), |count| count > self.value.len())
    }
}

/// Rows together with the answer they came in, which words the errors of their columns.
#[derive(Debug)]
pub(crate) struct Rows {
    came: Vec<Row>,
    answer: Answer,
    set: Set,
}

impl Rows {
    /// Reads each row.
    ///
    /// # Errors
    /// The first column that is not as agreed.
    pub(crate) fn read<T>(
        &self,
        one: impl Fn(&Row) -> Result<T, ColumnError>,
    ) -> Result<Vec<T>, KineticError> {
        let column = |error: ColumnError| self.answer.unreadable(format!("{}.{error}", self.set.path)).into();
        self.came.iter().map(|row| one(row).map_err(column)).collect()
    }
}

/// The call for a page. It goes by key and never by `$skip`, whose pages shift under a reader (§3).
pub(crate) fn page_call(set: Set, filter: &Filter, order_by: Option<&str>) -> Call {
    let mut call = Call::get(set.label, set.path)
        .query("$filter", filter.to_string())
        .query("$select", set.columns.join(","));
    if let Some(column) = order_by {
        call = call.query("$orderby", column);
    }
    call.query("$top", PAGE.to_string()).query("$count", "true")
}

impl Door {
    /// The rows that fit, which are few by nature.
    ///
    /// # Errors
    /// The call's; an answer that says there are more rows than came is unreadable, since a silent cut would look like absence.
    pub(crate) async fn read(
        &self,
        set: Set,
        filter: &Filter,
        deadline: Deadline,
    ) -> Result<Rows, KineticError> {
        let (page, answer) = self.page(&page_call(set, filter, None), deadline).await?;
        let more = page.count.map_or(page.value.len() >= PAGE, |count| count > page.value.len());
        if more {
            return Err(answer.unreadable(format!("{}: more rows fit than came", set.path)).into());
        }
        Ok(Rows { came: page.value, answer, set })
    }

    /// All rows that fit, page by page in the order of a key.
    ///
    /// A short page is no end: a site may cap `$top` below what we ask (§3). The count tells the end, or an empty page.
    ///
    /// # Errors
    /// The call's, or a key that comes twice.
    pub(crate) async fn read_all(
        &self,
        set: Set,
        filter: &Filter,
        key: Key,
        deadline: Deadline,
    ) -> Result<Rows, KineticError> {
        let mut rows = Vec::new();
        let mut seen = BTreeSet::new();
        let mut after = None;
        loop {
            let call = page_call(set, after.as_ref().unwrap_or(filter), Some(key.column()));
            let (page, answer) = self.page(&call, deadline).await?;
            let (count, came) = (page.count, page.value.len());
            let mut before = None;
            for row in page.value {
                let last = key.of(&row).map_err(|e| answer.unreadable(format!("{}.{e}", set.path)))?;
                let shared = matches!(key, Key::Shared(_)) && before.as_ref() == Some(&last);
                // Without this a site that ignores the key would be read in circles.
                if !seen.insert(last.to_string()) && !shared {
                    return Err(answer.unreadable(format!("{}: a key came twice", set.path)).into());
                }
                before = Some(last.clone());
                after = Some(filter.clone().and(Filter::above(key.column(), last)));
                rows.push(row);
            }
            if came == 0 || count.is_some_and(|count| count <= came) {
                return Ok(Rows { came: rows, answer, set });
            }
        }
    }

    /// The rows that fit, if all of them came; if there may be more, the error to give where less cannot be asked for.
    ///
    /// # Errors
    /// The call's.
    pub(crate) async fn read_whole(
        &self,
        set: Set,
        filter: &Filter,
        deadline: Deadline,
    ) -> Result<Result<Rows, KineticError>, KineticError> {
        let (page, answer) = self.page(&page_call(set, filter, None), deadline).await?;
        // What is counted on a child set may be its parents, so a full page is not trusted to be all.
        let whole = page.value.len() < PAGE && page.count.is_none_or(|count| count <= page.value.len());
        let cut = || answer.unreadable(format!("{}: more rows may fit than came", set.path)).into();
        Ok(if whole { Ok(Rows { came: page.value, answer, set }) } else { Err(cut()) })
    }

    /// One page.
    ///
    /// # Errors
    /// The call's.
    pub(crate) async fn page(&self, call: &Call, deadline: Deadline) -> Result<(Page, Answer), KineticError> {
        let answer = self.remote.send(call, deadline).await?;
        let page = answer.json()?;
        Ok((page, answer))
    }
}
