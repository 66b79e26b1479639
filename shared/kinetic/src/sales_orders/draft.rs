//! A row on its way to be saved.

use std::fmt;

use connector_domain::CustNum;
use serde_json::value::RawValue;

use super::{CHARGE, HEADER, LINE, OpenOrder, RELEASE};
use crate::dataset::Fed;
use crate::error::KineticError;
use crate::invoke::Reply;
use crate::row::Row;

/// A header, a line or a charge with all of Kinetic's defaults and our values, or a change of one that stands; not saved yet.
///
/// It holds only the rows at hand, so that a call for the thousandth line is no longer than that for the first.
#[derive(Clone)]
pub struct Draft {
    pub(super) of: Drafted,
    /// The row in work.
    pub(super) row: Row,
    /// What belongs to it: the releases of a line, those that the server added and those that stand.
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

    /// The draft of a change of a row that stands. The after image alone is enough (§8.1).
    pub(super) fn of_stored(order: &OpenOrder, of: Drafted, row: &Row, children: &[Row]) -> Self {
        let mut row = row.clone();
        row.set_text("RowMod", "U");
        let (children, extension) = (children.to_vec(), order.extension.clone());
        Self { of, row, children, extension, warnings: Vec::new() }
    }

    /// Whether it is to be added, and not a change of what stands.
    pub(super) fn is_new(&self) -> bool {
        self.row.row_mod() == "A"
    }

    /// The draft after a `Change…` method: its row as it came back.
    pub(super) fn changed(mut self, reply: &Reply) -> Result<Self, KineticError> {
        let table = self.of.table();
        let (id, mark) = (self.row.row_id(), self.row.row_mod());
        let mut rows = reply.rows(table)?;
        rows.retain(|row| row.row_mod() == mark);
        let same = rows.iter().rposition(|row| id.is_some() && row.row_id() == id);
        // A new row may have got another id; one that stands keeps its own (§8.1).
        let at = if self.is_new() { same.or(rows.len().checked_sub(1)) } else { same };
        let row = at.map(|at| rows.swap_remove(at));
        self.row = row.ok_or_else(|| reply.unreadable(&format!("{table}: expected the row in work")))?;
        if matches!(self.of, Drafted::Line(_)) {
            self.children = self.releases(reply)?;
        }
        self.extension = reply.ds.extension().or(self.extension);
        self.with_header(reply)
    }

    /// The line's releases after an answer: those that the server marked, and of a line that stands the others too, in their newest image.
    fn releases(&self, reply: &Reply) -> Result<Vec<Row>, KineticError> {
        let came = reply.rows(RELEASE)?.into_iter();
        if self.is_new() {
            return Ok(came.filter(|row| !row.row_mod().is_empty()).collect());
        }
        let mut releases = self.children.clone();
        for row in came.filter(|row| row.int("OrderLine") == self.row.int("OrderLine")) {
            let number = row.int("OrderRelNum");
            match releases.iter_mut().find(|own| own.int("OrderRelNum") == number) {
                // Of a before and an after image the after image comes second.
                Some(own) if row.revision() >= own.revision() => *own = row,
                Some(_) => {}
                None => releases.push(row),
            }
        }
        Ok(releases)
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
