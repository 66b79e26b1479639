//! How Kinetic says no (`docs/facts/kinetic.md` §11.1 and §2.4).

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::Response,
};
use serde::Serialize;

const NO_LICENCE: &str = "Ice.Common.LicenseAccessException";

/// A refusal before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) kind: &'static str,
    /// Table and column of a business rule.
    pub(crate) place: Option<(String, String)>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wire<'a> {
    http_status: u16,
    reason_phrase: &'static str,
    error_message: &'a str,
    error_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_details: Option<[Detail<'a>; 1]>,
    correlation_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail<'a> {
    message: &'a str,
    r#type: &'static str,
    table: &'a str,
    field: &'a str,
    program: &'static str,
    method: &'a str,
}

impl Refusal {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), kind, place: None }
    }

    /// A rule of the business that `table.field` breaks.
    pub(crate) fn rule(table: &str, field: &str, message: impl Into<String>) -> Self {
        let place = Some((table.to_owned(), field.to_owned()));
        Self { place, ..Self::new(400, "Ice.Common.BusinessObjectException", message) }
    }

    /// A body, parameter or column that cannot be read.
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(400, "Epicor.RESTApi.ErrorHandling.ApiException", message)
    }

    /// A query option that cannot be read.
    pub(crate) fn odata(message: impl Into<String>) -> Self {
        Self::new(400, "Microsoft.OData.ODataException", message)
    }

    /// An unknown company, service, set or method.
    pub(crate) fn unknown(what: impl Into<String>) -> Self {
        Self::new(404, "Epicor.RESTApi.ErrorHandling.ApiException", what)
    }

    /// A record that is not there.
    pub(crate) fn no_record() -> Self {
        Self::new(404, "Ice.Common.RecordNotFoundException", "Record not found.")
    }

    /// A record that is there already.
    pub(crate) fn duplicate(message: impl Into<String>) -> Self {
        Self::new(409, "Ice.Common.DuplicateRecordException", message)
    }

    /// Neither known nor allowed.
    pub(crate) fn unauthorized(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, "System.UnauthorizedAccessException", message)
    }

    /// An identity that is not known; the words are those of the live system.
    pub(crate) fn bad_credentials() -> Self {
        Self::unauthorized(401, "Invalid username or password.")
    }

    /// A session that is not open.
    pub(crate) fn no_session() -> Self {
        Self::new(410, "InvalidSessionException", "The session is invalid or has expired.")
    }

    /// No licence is free.
    pub(crate) fn no_licence() -> Self {
        Self::new(400, NO_LICENCE, "Maximum users exceeded on license DefaultUser.")
    }

    /// Whether it is [`Refusal::no_licence`], which comes late.
    pub(crate) fn is_no_licence(&self) -> bool {
        self.kind == NO_LICENCE
    }

    /// Somebody else saved the row in the meantime.
    pub(crate) fn modified(status: u16, table: &str) -> Self {
        let text = "Row has been modified by another user and couldn't be updated.";
        Self { status, ..Self::rule(table, "SysRevID", text) }
    }

    pub(crate) fn body(&self, method: &str, correlation: u64) -> String {
        let error_details = self.place.as_ref().map(|(table, field)| {
            [Detail {
                message: &self.message,
                r#type: "Error",
                table,
                field,
                program: "Erp.Services.BO.SalesOrder.dll",
                method,
            }]
        });
        let wire = Wire {
            http_status: self.status,
            reason_phrase: "REST API Exception",
            error_message: &self.message,
            error_type: self.kind,
            error_details,
            correlation_id: uuid::Uuid::from_u128(u128::from(correlation)).to_string(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }

    pub(crate) fn response(&self, method: &str, correlation: u64) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        json(status, self.body(method, correlation))
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
