//! Whether a row says what we wrote into it.
//!
//! A site's own rules may put another value into the row (§12.9): better stopped here than shipped.

use rust_decimal::Decimal;

use crate::error::KineticError;
use crate::invoke::Reply;
use crate::profile::Method;
use crate::row::Row;

/// A row of an answer.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) reply: &'a Reply,
    pub(super) table: &'static str,
    pub(super) row: &'a Row,
}

impl Said<'_> {
    /// A number is the wanted one.
    ///
    /// # Errors
    /// [`KineticError::NotSaved`] with both numbers; an unreadable column.
    pub(super) fn number(self, column: &'static str, wanted: Decimal) -> Result<(), KineticError> {
        let said = self.row.decimal(column).map_err(|error| self.reply.column(self.table, error))?;
        if said == wanted {
            return Ok(());
        }
        let (said, wanted) = (said.normalize().to_string(), wanted.normalize().to_string());
        Err(other(self.reply.method(), column, &said, &wanted))
    }

    /// A part number is the wanted one; Kinetic may spell it in another case (§12.21).
    ///
    /// # Errors
    /// [`KineticError::NotSaved`] with both; an unreadable column.
    pub(super) fn part(self, wanted: &str) -> Result<(), KineticError> {
        let said = self.row.text("PartNum").map_err(|error| self.reply.column(self.table, error))?;
        if said.eq_ignore_ascii_case(wanted) {
            return Ok(());
        }
        Err(other(self.reply.method(), "PartNum", &said, wanted))
    }
}

fn other(method: Method, column: &str, said: &str, wanted: &str) -> KineticError {
    KineticError::NotSaved { method, words: format!("{column} became {said} instead of {wanted}") }
}
