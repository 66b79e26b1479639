//! What happened to a call, as far as it decides what to do next.

use std::fmt;

use http::StatusCode;

/// The class of a failed call: what may have happened, not which number came back.
///
/// One enum for both vendors, because retry is decided here once. Whoever matches on it lists every variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The deadline is too near for the call's own time-out; nothing was sent. Go on in the next invocation.
    OutOfTime,
    /// Connect, DNS or TLS failed; nothing was sent. Safe to send again, whatever the call was.
    NotSent,
    /// The request may have been carried out and its answer was lost. Look before writing again.
    Ambiguous,
    /// 429: wait as told, else back off.
    Throttled,
    /// 408, 502, 503, 504 and other 5xx than 500: the vendor or something before it is away for a moment; a write may have happened.
    Unavailable,
    /// 500 that no vendor rule explains; a write may have happened.
    ServerError,
    /// 401: the credentials are not accepted. A person must act; never park an order over it.
    Unauthorized,
    /// 403, a redirect, or a service, method or company that is not there: the setup is wrong, not the order.
    Forbidden,
    /// 404: the record is not there. `absent` makes it a value where that is normal.
    NotFound,
    /// 409: somebody else was first. Read again.
    Conflict,
    /// 400, 422 and other 4xx: refused with words for a person.
    Rejected,
    /// A success whose body is not as typed. It happened; what exactly is unknown.
    Unreadable,
}

impl Class {
    /// Every class, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::OutOfTime,
        Self::NotSent,
        Self::Ambiguous,
        Self::Throttled,
        Self::Unavailable,
        Self::ServerError,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Rejected,
        Self::Unreadable,
    ];

    /// The class of a status that no vendor rule claims; `None` for a success.
    pub fn of_status(status: StatusCode) -> Option<Self> {
        match status.as_u16() {
            200..=299 => None,
            401 => Some(Self::Unauthorized),
            100..=199 | 300..=399 | 403 => Some(Self::Forbidden),
            404 => Some(Self::NotFound),
            408 => Some(Self::Unavailable),
            409 => Some(Self::Conflict),
            429 => Some(Self::Throttled),
            400..=499 => Some(Self::Rejected),
            500 => Some(Self::ServerError),
            _ => Some(Self::Unavailable),
        }
    }

    /// Whether the vendor may have carried out what the call asked, although the call failed.
    pub const fn may_have_happened(self) -> bool {
        match self {
            Self::Ambiguous | Self::Unavailable | Self::ServerError | Self::Unreadable => true,
            Self::OutOfTime
            | Self::NotSent
            | Self::Throttled
            | Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::Rejected => false,
        }
    }

    /// The stable name in logs, metrics and the ledger.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OutOfTime => "out_of_time",
            Self::NotSent => "not_sent",
            Self::Ambiguous => "ambiguous",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::ServerError => "server_error",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(200, None)]
    #[test_case(204, None)]
    #[test_case(302, Some(Class::Forbidden) ; "a redirect is a wrong base URL")]
    #[test_case(400, Some(Class::Rejected))]
    #[test_case(401, Some(Class::Unauthorized))]
    #[test_case(403, Some(Class::Forbidden))]
    #[test_case(404, Some(Class::NotFound))]
    #[test_case(408, Some(Class::Unavailable))]
    #[test_case(409, Some(Class::Conflict))]
    #[test_case(413, Some(Class::Rejected))]
    #[test_case(422, Some(Class::Rejected))]
    #[test_case(429, Some(Class::Throttled))]
    #[test_case(500, Some(Class::ServerError))]
    #[test_case(502, Some(Class::Unavailable))]
    #[test_case(503, Some(Class::Unavailable))]
    #[test_case(504, Some(Class::Unavailable))]
    fn a_status_has_the_class_of_the_table(status: u16, class: Option<Class>) {
        assert_eq!(Class::of_status(StatusCode::from_u16(status).unwrap()), class);
    }

    #[test]
    fn labels_are_distinct() {
        let labels: std::collections::BTreeSet<_> = Class::ALL.iter().map(|c| c.label()).collect();
        assert_eq!(labels.len(), Class::ALL.len());
    }
}
