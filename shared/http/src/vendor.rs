//! What a client knows about its vendor that the core does not.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Deadline;
use http::header::InvalidHeaderValue;
use http::{HeaderMap, StatusCode};
use thiserror::Error;

use crate::class::Class;
use crate::error::CallError;

/// A vendor's own rules, asked before the general table.
#[async_trait]
pub trait Vendor: Debug + Send + Sync {
    /// The name for people: `Kinetic`.
    fn name(&self) -> &'static str;

    /// Puts the credentials (and whatever else every request carries) into the headers; mark them sensitive. What has to be borrowed
    /// first is asked for here, within `deadline`, and kept for the next calls.
    ///
    /// It comes before the pacer's turn, so that the asking can take a turn of its own.
    ///
    /// # Errors
    /// [`AuthorizeError`]. The call is then not sent and not tried again: whoever asks for credentials has a policy of its own.
    async fn authorize(&self, headers: &mut HeaderMap, deadline: Deadline) -> Result<Stamp, AuthorizeError>;

    /// Reads an answer that is not 2xx. A 2xx that is no success is the method's business, which knows its body's type.
    fn judge(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Judgement;

    /// Gives up what a [`Judgement`] called stale, unless it was replaced after the request with the stamp `used` was made.
    fn forget(&self, _stale: Lent, _used: Stamp) {}
}

/// What a vendor lends us for a while and can lend anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lent {
    /// Stands for who we are.
    Token,
    /// Stands for a place at the server.
    Session,
}

/// Which loans a request was made with. Each new one has a higher number than that before; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Of the [`Lent::Token`].
    pub token: u64,
    /// Of the [`Lent::Session`].
    pub session: u64,
}

/// Why a call could not be given its credentials.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AuthorizeError {
    /// A configured credential cannot be a header value: correct the setting. The call fails as [`Class::Unauthorized`].
    #[error("a configured credential cannot stand in a header")]
    Header,
    /// Something had to be borrowed, and that failed. The call fails in the same words; of the call itself nothing was sent, which decides
    /// the class.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<InvalidHeaderValue> for AuthorizeError {
    fn from(_: InvalidHeaderValue) -> Self {
        Self::Header
    }
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
    /// The loan that was refused, where the refusal says that nothing was done and a new loan would mend it. It is given up, and a call of
    /// class [`Class::Unauthorized`] is sent once more.
    pub stale: Option<Lent>,
}
