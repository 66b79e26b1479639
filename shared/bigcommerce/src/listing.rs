//! Lists of v3: rows under `data`, and what `meta` says of the pages (`docs/facts/bigcommerce.md` §1.2, §1.4).
//!
//! A short page is no end, since a store may give fewer rows than asked for. The end is where `meta` says so, or an empty page.

use connector_http::{Answer, CallError, Remote};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rows asked for on a page where the maximum is 250, or not stated (§1.4).
pub(crate) const LIMIT: &str = "250";

/// The longest address of a read. How long one may be is said nowhere: our own, well below what servers usually take.
const URL_BYTES: usize = 2_000;

/// One page of a list, read.
#[derive(Deserialize)]
pub(crate) struct Listed<T> {
    pub(crate) data: Vec<T>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    pagination: Option<Numbered>,
    cursor_pagination: Option<Cursors>,
}

#[derive(Deserialize)]
struct Numbered {
    current_page: Option<u64>,
    total_pages: Option<u64>,
}

#[derive(Deserialize)]
struct Cursors {
    end_cursor: Option<String>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<String>,
}

impl<T: DeserializeOwned> Listed<T> {
    /// Reads a page; no body is an empty one.
    pub(crate) fn of(answer: &Answer) -> Result<Self, CallError> {
        if answer.is_empty() {
            return Ok(Self { data: Vec::new(), meta: Meta::default() });
        }
        answer.json()
    }

    /// Whether the store says that this is the last page; `None` where it says nothing.
    fn says_last(&self) -> Option<bool> {
        let numbered = self.meta.pagination.as_ref()?;
        numbered.current_page.zip(numbered.total_pages).map(|(current, total)| current >= total)
    }

    /// Whether nothing can come after this page.
    pub(crate) fn is_last(&self) -> bool {
        self.data.is_empty() || self.says_last().unwrap_or(false)
    }

    /// Where the next page of a list with cursors begins. The first page counts pages as well, the others have links only.
    pub(crate) fn next_cursor(&self) -> Option<String> {
        let cursors = self.meta.cursor_pagination.as_ref()?;
        let linked = cursors.links.as_ref().is_none_or(|links| links.next.is_some());
        let more = self.says_last().map_or(linked, |last| !last);
        cursors.end_cursor.clone().filter(|_| more && !self.data.is_empty())
    }
}

/// As many of `rows` as one address can ask for, at least one, and the rest. No more than a page holds.
pub(crate) fn fitting<'r, T>(
    remote: &Remote,
    rows: &'r [T],
    call: impl Fn(&[T]) -> connector_http::Call,
) -> (&'r [T], &'r [T]) {
    let fits = |count: usize| {
        let asked = rows.get(..count).unwrap_or(rows);
        remote.url(&call(asked)).is_ok_and(|url| url.as_str().len() <= URL_BYTES)
    };
    // Halved between one that fits and one that does not: each address that is tried is as long as a call's.
    let (mut count, mut too_many) = (1, rows.len().min(250).saturating_add(1));
    while too_many.saturating_sub(count) > 1 {
        let middle = count.midpoint(too_many);
        if fits(middle) { count = middle } else { too_many = middle }
    }
    rows.split_at_checked(count).unwrap_or((rows, &[]))
}
