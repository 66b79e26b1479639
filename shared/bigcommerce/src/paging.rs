//! Lists of v2: pages end at 204 or an empty page, never at a short one (`docs/facts/bigcommerce.md` §1.4).
//!
//! A store may give fewer rows than asked for, so a short page proves nothing. A page that brings nothing new ends the list as
//! well: some endpoints do not page at all and give the same rows again.

use std::collections::HashSet;

use connector_domain::Deadline;
use connector_http::{Call, CallError, Remote};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Rows asked for on a page: the most that orders and what belongs to them give.
pub(crate) const LIMIT: &str = "250";

/// One page of a list, unread; empty at the end.
pub(crate) async fn page(
    remote: &Remote,
    call: Call,
    number: u32,
    deadline: Deadline,
) -> Result<Vec<Box<RawValue>>, CallError> {
    let call = call.query("page", number.to_string()).query("limit", LIMIT);
    let answer = remote.send(&call, deadline).await?;
    if answer.is_empty() { Ok(Vec::new()) } else { answer.json() }
}

/// All rows of a list, each once; `enough` is how many there are, where that is known.
pub(crate) async fn all(
    remote: &Remote,
    call: Call,
    enough: Option<u64>,
    deadline: Deadline,
) -> Result<Vec<Box<RawValue>>, CallError> {
    let mut rows: Vec<Box<RawValue>> = Vec::new();
    let mut seen = HashSet::new();
    for number in 1_u32.. {
        if enough.is_some_and(|enough| u64::try_from(rows.len()).is_ok_and(|found| found >= enough)) {
            break;
        }
        let before = rows.len();
        let page = page(remote, call.clone(), number, deadline).await?;
        rows.extend(page.into_iter().filter(|row| seen.insert(identity(row))));
        if rows.len() == before {
            break;
        }
    }
    Ok(rows)
}

/// What makes a row itself: its id, or all of it if it has none.
fn identity(row: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let identified = serde_json::from_str::<Identified<'_>>(row.get());
    identified.map_or_else(|_| row.get().to_owned(), |row| row.id.get().to_owned())
}
