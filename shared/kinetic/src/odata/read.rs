//! Reading a set: one page that must be whole, or all pages by key.

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

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "@odata.count")]
    count: Option<usize>,
    value: Vec<Row>,
}

/// Rows together with the answer they came in, which words the errors of their columns.
#[derive(Debug)]
pub(crate) struct Rows {
    rows: Vec<Row>,
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
        self.rows.iter().map(|row| one(row).map_err(column)).collect()
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
        Ok(Rows { rows: page.value, answer, set })
    }

    /// All rows that fit, page by page in the order of a whole-number key.
    ///
    /// A short page is no end: a site may cap `$top` below what we ask (§3). The count tells the end, or an empty page.
    ///
    /// # Errors
    /// The call's, or a key that does not rise.
    pub(crate) async fn read_all(
        &self,
        set: Set,
        filter: &Filter,
        key: &'static str,
        deadline: Deadline,
    ) -> Result<Rows, KineticError> {
        let mut rows = Vec::new();
        let mut last: Option<i32> = None;
        loop {
            let after = last.map(|last| filter.clone().and(Filter::above(key, Literal::from(last))));
            let call = page_call(set, after.as_ref().unwrap_or(filter), Some(key));
            let (page, answer) = self.page(&call, deadline).await?;
            let (count, came) = (page.count, page.value.len());
            for row in page.value {
                let number = row.int(key).map_err(|e| answer.unreadable(format!("{}.{e}", set.path)))?;
                // Without this a site that ignores the order would be read in circles.
                if last.is_some_and(|last| number <= last) {
                    return Err(answer
                        .unreadable(format!("{}.{key}: expected a rising key", set.path))
                        .into());
                }
                last = Some(number);
                rows.push(row);
            }
            if came == 0 || count.is_some_and(|count| count <= came) {
                return Ok(Rows { rows, answer, set });
            }
        }
    }

    async fn page(&self, call: &Call, deadline: Deadline) -> Result<(Page, Answer), KineticError> {
        let answer = self.remote.send(call, deadline).await?;
        let page = answer.json()?;
        Ok((page, answer))
    }
}
