//! Pages by number or by cursor (`docs/facts/bigcommerce.md` §7.3).

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::bigcommerce::{
    answer::{self, Refused, pagination},
    query::Query,
};

/// What a cursor points at; rows come in this sequence.
pub(super) type Mark<'a> = (u64, &'a str);

/// The parameters of every list here.
pub(super) const PAGING: [&str; 4] = ["page", "limit", "before", "after"];

fn cursor((number, text): Mark<'_>) -> String {
    hex::encode(format!("{number}:{text}"))
}

/// A cursor that was given out, parsed.
fn mark(text: &str) -> Option<(u64, String)> {
    let text = String::from_utf8(hex::decode(text).ok()?).ok()?;
    let (number, rest) = text.split_once(':')?;
    Some((number.parse().ok()?, rest.to_owned()))
}

/// The page of `rows` that the query asks for. The first one tells of both ways to go on.
pub(super) fn answer<T>(
    query: &Query,
    clamp: Option<u32>,
    rows: &[(Mark<'_>, T)],
    show: impl Fn(Mark<'_>, &T) -> Value,
) -> Result<Response, Refused> {
    let page = query.page(clamp)?;
    let (before, after) = (query.parsed("before", mark)?, query.parsed("after", mark)?);
    if query.has("page") && (before.is_some() || after.is_some()) {
        return Err(query.invalid("page", "cannot be combined with before or after"));
    }
    let limit = page.limit;
    let borrowed = |mark: &(u64, String)| (mark.0, mark.1.clone());
    let position = |mark: (u64, String), inclusive: bool| {
        rows.partition_point(|(row, _)| {
            let row = (row.0, row.1.to_owned());
            if inclusive { row <= mark } else { row < mark }
        })
    };
    let by_cursor = before.is_some() || after.is_some();
    let from = match (&after, &before) {
        (Some(after), _) => position(borrowed(after), true),
        (None, Some(before)) => position(borrowed(before), false).saturating_sub(limit),
        (None, None) => page.skipped(),
    };
    let end = match &before {
        Some(before) => position(borrowed(before), false),
        None => rows.len(),
    };
    let shown: Vec<&(Mark<'_>, T)> = rows.iter().take(end).skip(from).take(limit).collect();
    let mut meta = Map::new();
    if !by_cursor {
        meta.insert("pagination".to_owned(), pagination(rows.len(), shown.len(), page.page, limit));
    }
    if page.page == 1 {
        let start = shown.first().map(|(mark, _)| cursor(*mark));
        let last = shown.last().map(|(mark, _)| cursor(*mark));
        let more = from.saturating_add(shown.len()) < rows.len();
        let mut links = Map::new();
        if let Some(last) = last.as_ref().filter(|_| more) {
            links.insert("next".to_owned(), format!("?limit={limit}&after={last}").into());
        }
        if let Some(start) = start.as_ref().filter(|_| from > 0) {
            links.insert("previous".to_owned(), format!("?limit={limit}&before={start}").into());
        }
        let pages = json!({
            "count": shown.len(), "per_page": limit, "start_cursor": start, "end_cursor": last, "links": links,
        });
        meta.insert("cursor_pagination".to_owned(), pages);
    }
    let data: Vec<Value> = shown.into_iter().map(|(mark, row)| show(*mark, row)).collect();
    Ok(answer::json(200, json!({"data": data, "meta": meta}).to_string()))
}
