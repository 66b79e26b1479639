//! A row on its way to be saved.

use std::fmt;

use connector_domain::CustNum;
use serde_json::value::RawValue;

use super::{CHARGE, HEADER, LINE, OpenOrder, RELEASE};
use crate::dataset::Fed;
use crate::error::KineticError;
use crate::invoke::Reply;
use crate::row::Row;

/// A header, a line or a charge with all of Kinetic's defaults and our values, not saved yet.
///
/// It holds only the rows at hand, so that a call for the thousandth line is no longer than that for the first.
#[derive(Clone)]
pub struct Draft {
    pub(super) of: Drafted,
    /// The row in work.
    pub(super) row: Row,
    /// What the server added to it, such as the release of a line.
    pub(super) children: Vec<Row>,
    pub(super) extension: Option<Box<RawValue>>,
    pub(super) warnings: Vec<String>,
}

/// What is drafted, and in which order.
#[derive(Debug, Clone)]
pub(super) enum Drafted {
    Header(CustNum),
    Line(OpenOrder),
    Charge(OpenOrder),
}

impl Drafted {
    /// The table of the row in work.
    pub(super) const fn table(&self) -> &'static str {
        match self {
            Self::Header(_) => HEADER,
            Self::Line(_) => LINE,
            Self::Charge(_) => CHARGE,
        }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("of", &self.of).finish_non_exhaustive()
    }
}

impl Draft {
    /// What Kinetic remarked, such as a credit limit; it saves nevertheless.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The draft that a `GetNew…` method answered.
    pub(super) fn begun(of: Drafted, reply: &Reply) -> Result<Self, KineticError> {
        let table = of.table();
        let row = reply.rows(table)?.into_iter().rev().find(|row| row.row_mod() == "A");
        let row = row.ok_or_else(|| reply.unreadable(&format!("{table}: expected a new row")))?;
        let draft =
            Self { of, row, children: Vec::new(), extension: reply.ds.extension(), warnings: Vec::new() };
        draft.with_header(reply)
    }

    /// The draft after a `Change…` method: its row as it came back.
    pub(super) fn changed(mut self, reply: &Reply) -> Result<Self, KineticError> {
        let table = self.of.table();
        let id = self.row.row_id();
        let mut rows = reply.rows(table)?;
        rows.retain(|row| row.row_mod() == "A");
        let same = rows.iter().rposition(|row| id.is_some() && row.row_id() == id);
        let at = same.or(rows.len().checked_sub(1));
        let row = at.map(|at| rows.swap_remove(at));
        self.row = row.ok_or_else(|| reply.unreadable(&format!("{table}: expected the new row")))?;
        if matches!(self.of, Drafted::Line(_)) {
            self.children =
                reply.rows(RELEASE)?.into_iter().filter(|row| !row.row_mod().is_empty()).collect();
        }
        self.extension = reply.ds.extension().or(self.extension);
        self.with_header(reply)
    }

    /// A newer header row than ours takes its place.
    fn with_header(mut self, reply: &Reply) -> Result<Self, KineticError> {
        self.of = match self.of {
            Drafted::Header(cust_num) => Drafted::Header(cust_num),
            Drafted::Line(order) => Drafted::Line(order.after(reply)?),
            Drafted::Charge(order) => Drafted::Charge(order.after(reply)?),
        };
        Ok(self)
    }

    /// The rows at hand.
    pub(super) fn fed(&self) -> Fed {
        let ds = match &self.of {
            Drafted::Header(_) => Fed::default(),
            Drafted::Line(order) | Drafted::Charge(order) => {
                Fed::default().with(HEADER, vec![order.header.clone()])
            }
        };
        ds.with(self.of.table(), vec![self.row.clone()])
            .with(RELEASE, self.children.clone())
            .extended(self.extension.as_deref())
    }

    /// Notes a remark of Kinetic, if there is one.
    pub(super) fn warn(&mut self, words: String) {
        if !words.trim().is_empty() {
            self.warnings.push(words);
        }
    }
}
