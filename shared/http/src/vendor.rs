//! What a client knows about its vendor that the core does not.

use std::fmt::Debug;
use std::time::Duration;

use http::header::InvalidHeaderValue;
use http::{HeaderMap, StatusCode};

use crate::class::Class;

/// A vendor's own rules, asked before the general table.
pub trait Vendor: Debug + Send + Sync {
    /// The name for people: `Kinetic`.
    fn name(&self) -> &'static str;

    /// Puts the credentials (and whatever else every request carries) into the headers; mark them sensitive.
    ///
    /// # Errors
    /// When a configured credential cannot be a header value; the call is then not sent and fails as [`Class::Unauthorized`].
    fn authorize(&self, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue>;

    /// Reads an answer that is not 2xx. A 2xx that is no success is the method's business, which knows its body's type.
    fn judge(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Judgement;
}

/// What a vendor says about its own refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The class by a vendor's rule; `None` leaves it to [`Class::of_status`].
    pub class: Option<Class>,
    /// A stable label such as `kinetic.no_licence`, or empty.
    pub cause: &'static str,
    /// The vendor's own words, keys scrubbed; the core cuts them at 500 characters. Empty: the status' usual name.
    pub words: String,
    /// How long the vendor asks us to wait; `None` leaves it to a plain `Retry-After` in seconds.
    pub retry_after: Option<Duration>,
}
