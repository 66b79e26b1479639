//! A refusal of rows, in the store's own words (`docs/facts/bigcommerce.md` §1.2).

use std::fmt;

use connector_http::{Answer, CallError};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::words;

/// What the store said when it did not take what was sent. Nothing else than these rows is at fault, so it is a value and no failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status: 400, 404, 409 or 422.
    pub status: u16,
    /// All of its words, keys and addresses scrubbed.
    pub words: String,
    /// What it said of single fields.
    pub fields: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, as the store names it; it may be a path.
    pub field: String,
    /// What is wrong with it.
    pub words: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status {})", self.words, self.status)
    }
}

/// Statuses that say something of the rows sent, and 413, which says that they are too many. Not 404: what it misses is the place they were
/// sent to, and no row is at fault.
pub(crate) const OF_ROWS: &[u16] = &[400, 409, 413, 422];

/// The same where a row names something that may be gone (`docs/facts/bigcommerce.md` §5.1).
pub(crate) const OF_KNOWN_ROWS: &[u16] = &[400, 404, 409, 413, 422];

/// What became of a call that sent rows.
pub(crate) enum Sent {
    /// A success of some kind.
    Taken(Answer),
    /// The store takes fewer rows at once than is documented.
    TooLarge(String),
    /// The rows are at fault; the answer may name them.
    Refused(Refusal, Answer),
}

/// Tells a refusal of rows from a success and from every other failure.
pub(crate) fn sent(result: Result<Answer, CallError>) -> Result<Sent, CallError> {
    let answer = result?;
    let Some(error) = answer.refusal() else { return Ok(Sent::Taken(answer)) };
    let words = error.words.clone();
    if answer.status.as_u16() == 413 {
        return Ok(Sent::TooLarge(words));
    }
    let refusal = Refusal { status: answer.status.as_u16(), words, fields: fields(&answer.body) };
    Ok(Sent::Refused(refusal, answer))
}

/// `errors` of an error's body.
fn fields(body: &[u8]) -> Vec<FieldError> {
    #[derive(Deserialize)]
    struct Body {
        errors: Map<String, Value>,
    }
    serde_json::from_slice::<Body>(body).map(|body| of_map(&body.errors)).unwrap_or_default()
}

/// What a map of fields says of each.
pub(crate) fn of_map(fields: &Map<String, Value>) -> Vec<FieldError> {
    let each = fields.iter();
    each.map(|(field, said)| FieldError { field: field.clone(), words: words::of_json(said) }).collect()
}
