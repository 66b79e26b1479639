//! The shapes of answers: v2 bare, v3 in an envelope, errors in either's own form.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

const STATUS_CODES: &str = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes";

/// Which error body a path speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    V2,
    V3,
}

impl Api {
    pub(crate) fn of(path: &str) -> Self {
        // `/stores/{hash}/v2/…`: the version is the third part.
        if path.split('/').nth(3) == Some("v2") { Self::V2 } else { Self::V3 }
    }

    pub(crate) fn refuse(self, status: u16, message: &str) -> Refused {
        match self {
            Self::V2 => v2(status, message),
            Self::V3 => v3(status, message, &json!({})),
        }
    }
}

/// An error answer.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    status: u16,
    body: Value,
    /// Whether it is sent as `application/problem+json`, as the inventory does.
    problem: bool,
}

impl Refused {
    /// An error with a body of a shape of its own.
    pub(crate) fn bare(status: u16, body: Value) -> Self {
        Self { status, body, problem: false }
    }

    /// The body, to be put into a batch's.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    /// The same as `application/problem+json`.
    pub(crate) fn problem(self) -> Self {
        Self { problem: true, ..self }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = json(self.status, self.body.to_string());
        if self.problem {
            let kind = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        response
    }
}

/// `[{"status":404,"message":"…"}]`.
pub(crate) fn v2(status: u16, message: &str) -> Refused {
    Refused::bare(status, json!([{"status": status, "message": message}]))
}

/// 400 in v2 for one field or parameter.
pub(crate) fn v2_invalid(field: &str, reason: &str) -> Refused {
    let message = format!("The field '{field}' is invalid.");
    let body = json!([{"status": 400, "message": message, "details": {"invalid_reason": reason}}]);
    Refused::bare(400, body)
}

/// `{"status":422,"title":"…","type":"…","errors":{…}}`.
pub(crate) fn v3(status: u16, title: &str, errors: &Value) -> Refused {
    let body = json!({"status": status, "title": title, "type": STATUS_CODES, "errors": errors});
    Refused::bare(status, body)
}

/// The missing v2 resource.
pub(crate) fn v2_missing() -> Refused {
    v2(404, "The requested resource was not found.")
}

/// A documented feature that the simulator lacks; the vendor would answer.
pub(crate) fn not_simulated(api: Api, what: &str) -> Refused {
    api.refuse(501, &format!("not simulated: {what}"))
}

/// A JSON text with a status.
pub(crate) fn json(status: u16, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// 204 with an empty body.
pub(crate) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A v2 list: a bare array, and 204 when it is empty.
pub(crate) fn v2_list(rows: &[String]) -> Response {
    if rows.is_empty() { nothing() } else { json(200, format!("[{}]", rows.join(","))) }
}

/// A v3 single: `{"data":…,"meta":{}}`.
pub(crate) fn v3_data(data: &Value) -> Response {
    json(200, json!({"data": data, "meta": {}}).to_string())
}

/// 207: the data were saved, and a part of them was not.
pub(crate) fn v3_partly(data: &Value, title: &str) -> Response {
    let errors = json!({"status": 207, "title": title, "type": STATUS_CODES, "errors": {}});
    json(207, json!({"data": data, "errors": errors, "meta": {}}).to_string())
}

/// A v3 list with its pagination.
pub(crate) fn v3_list(rows: &[Value], page: usize, limit: usize) -> Response {
    let from = page.saturating_sub(1).saturating_mul(limit);
    let shown: Vec<&Value> = rows.iter().skip(from).take(limit).collect();
    json(
        200,
        json!({"data": shown, "meta": {"pagination": pagination(rows.len(), shown.len(), page, limit)}})
            .to_string(),
    )
}

/// One page of a v3 list of `total` rows, of which only these were made.
pub(crate) fn v3_page(shown: &[Value], total: usize, page: usize, limit: usize) -> Response {
    json(
        200,
        json!({"data": shown, "meta": {"pagination": pagination(total, shown.len(), page, limit)}})
            .to_string(),
    )
}

/// The `pagination` of a page.
pub(crate) fn pagination(total: usize, count: usize, page: usize, limit: usize) -> Value {
    let pages = total.div_ceil(limit.max(1));
    let link = |page: usize| format!("?page={page}&limit={limit}");
    let mut links = json!({"current": link(page)});
    if let Value::Object(links) = &mut links {
        if page > 1 {
            links.insert("previous".to_owned(), link(page - 1).into());
        }
        if page < pages {
            links.insert("next".to_owned(), link(page + 1).into());
        }
    }
    json!({
        "total": total, "count": count, "per_page": limit, "current_page": page,
        "total_pages": pages, "links": links,
    })
}
