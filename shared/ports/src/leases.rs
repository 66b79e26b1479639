//! Leases: one at a time, for a while.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Timestamp;
use thiserror::Error;

/// Short exclusive rights to a name, such as `customer/main-store/7`.
///
/// Guarantees, each tested by the conformance suite:
///
/// - Of any number of concurrent acquires of one key, one is granted.
/// - A lapsed or released lease is granted again, with a higher fence.
/// - `renew` and `release` with a lapsed or superseded lease are refused and change nothing.
#[async_trait]
pub trait Leases: Debug + Send + Sync {
    /// Acquires `key` for `ttl`; `None` if somebody else has it.
    ///
    /// # Errors
    /// [`LeasesError::Unavailable`].
    async fn acquire(&self, key: &str, ttl: Duration) -> Result<Option<Lease>, LeasesError>;

    /// Extends a lease to `ttl` from now.
    ///
    /// # Errors
    /// [`LeasesError::Lost`] if it has lapsed: stop.
    async fn renew(&self, lease: &mut Lease, ttl: Duration) -> Result<(), LeasesError>;

    /// Gives a lease back.
    ///
    /// # Errors
    /// [`LeasesError::Lost`] if it has lapsed.
    async fn release(&self, lease: Lease) -> Result<(), LeasesError>;
}

/// A right to a name until a moment. It cannot be cloned.
#[derive(Debug)]
pub struct Lease {
    key: String,
    fence: u64,
    until: Timestamp,
}

impl Lease {
    /// The lease number `fence` on `key`. For implementations of [`Leases`] only.
    pub const fn granted(key: String, fence: u64, until: Timestamp) -> Self {
        Self { key, fence, until }
    }

    /// The name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Which lease on the name it is; higher is later.
    pub const fn fence(&self) -> u64 {
        self.fence
    }

    /// When it lapses.
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Moves the end. For implementations of [`Leases`] only.
    pub const fn extend(&mut self, until: Timestamp) {
        self.until = until;
    }
}

/// What can go wrong with leases.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LeasesError {
    /// It lapsed or was granted to somebody else.
    #[error("the lease on {0} was lost")]
    Lost(String),
    /// They could not be reached.
    #[error("the leases are unavailable: {0}")]
    Unavailable(String),
}
