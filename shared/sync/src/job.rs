//! The one screen on which every failure is answered: retry, look again later, or park.

use std::time::Duration;

use connector_domain::{OrderNum, Timestamp};
use connector_http::{CallError, Class};
use connector_kinetic::KineticError;
use connector_ports::{LeasesError, LedgerError, OrderState, QueueError, ShelfError, StateError};
use jiff::SignedDuration;
use thiserror::Error;

use crate::breaker::Vendor;
use crate::connected::ConnectError;
use crate::hold::{Hold, HoldReason};

/// Anything that can go wrong with an order after its message was received.
#[derive(Debug, Error)]
pub enum Failure {
    /// A person must look.
    #[error("{0}")]
    Held(Hold),
    /// BigCommerce did not do as asked.
    #[error(transparent)]
    Shop(#[from] CallError),
    /// Kinetic did not do as asked; nothing was to be saved by the call, or it surely was not.
    #[error(transparent)]
    Kinetic(#[from] KineticError),
    /// A saving call to Kinetic whose outcome nobody knows.
    #[error("unknown outcome: {0}")]
    Unknown(KineticError),
    /// An earlier save may still appear; nothing is created before it has, or surely has not.
    #[error("an earlier save may still appear")]
    Unsettled {
        /// When the outcome became unknown.
        since: Timestamp,
        /// The next look.
        not_before: Timestamp,
    },
    /// Somebody else is at work on the same shopper.
    #[error("another order of the same shopper is being written")]
    ShopperBusy,
    /// Somebody changed the Kinetic order between our reading and our writing: it is read and planned again.
    #[error("Kinetic order {0} was changed while it was being read")]
    Moved(OrderNum),
    /// The vendor does not work for anybody, and was not asked: one order a step tries whether it works again.
    #[error("{vendor} is out of order ({cause}); it is tried again at {until}")]
    OutOfOrder {
        /// Which vendor.
        vendor: Vendor,
        /// Why, as a stable label: a cause of the vendor's client, or a class.
        cause: String,
        /// When to come again.
        until: Timestamp,
    },
    /// The connection cannot be used as it is configured.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Our own ledger failed: nothing can be recorded, the message has to come back.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Our own leases failed.
    #[error(transparent)]
    Leases(#[from] LeasesError),
    /// Our own state failed.
    #[error(transparent)]
    State(#[from] StateError),
    /// Our own shelf failed.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// Our own queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<Hold> for Failure {
    fn from(hold: Hold) -> Self {
        Self::Held(hold)
    }
}

/// What becomes of the order.
#[derive(Debug)]
pub enum Answer {
    /// It is recorded in this state; the message is done.
    Record(OrderState),
    /// Nothing can be recorded; the message comes back by the queue's own redelivery.
    ComeBack(Failure),
}

/// How long to wait before what is tried again, and how often before giving up where waiting does not help.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The first wait; each further one is twice as long.
    pub first: Duration,
    /// No wait is longer.
    pub longest: Duration,
    /// After so many attempts a person is called, and what waiting does not mend is parked.
    pub attempts: u32,
    /// After so many attempts an order on which a vendor keeps failing by itself (500) is parked. Many more, because it may as well be the
    /// vendor's bad day: about seven hours by default.
    pub server_errors: u32,
    /// Longer than any save time-out of Kinetic: a lost save has appeared by then, or never will.
    pub settle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(30),
            longest: Duration::from_mins(30),
            attempts: 6,
            server_errors: 20,
            settle: Duration::from_mins(5),
        }
    }
}

/// Answers `failure` of an order that was in `state` when the work began.
pub fn answer(failure: Failure, state: &OrderState, now: Timestamp, patience: &Patience) -> Answer {
    let patience_with = |class: Class| by_class(class, next_attempt(class, state), patience);
    let retry = |class: Class, told: Option<Duration>| {
        let attempt = next_attempt(class, state);
        let wait = told.unwrap_or_default().max(backoff(attempt, patience));
        Answer::Record(OrderState::Retrying {
            attempt,
            not_before: after(now, wait),
            class: class.label().to_owned(),
        })
    };
    match failure {
        Failure::Held(hold) => park(hold),
        // Unknown anew: the looks begin again from here.
        Failure::Unknown(_) => {
            Answer::Record(OrderState::Uncertain { since: now, not_before: after(now, patience.settle) })
        }
        Failure::Unsettled { since, not_before } => {
            Answer::Record(OrderState::Uncertain { since, not_before })
        }
        Failure::Shop(error) => match patience_with(error.class) {
            Verdict::Retry => retry(error.class, error.retry_after),
            Verdict::Park => park(refused(HoldReason::ShopRefused, &error)),
            Verdict::GiveUp => park(refused(HoldReason::GaveUp, &error)),
        },
        Failure::Kinetic(KineticError::Call(error)) => match patience_with(error.class) {
            Verdict::Retry => retry(error.class, error.retry_after),
            Verdict::Park => park(refused(HoldReason::KineticRefused, &error)),
            Verdict::GiveUp => park(refused(HoldReason::GaveUp, &error)),
        },
        Failure::Kinetic(error @ (KineticError::NotSaved { .. } | KineticError::Prompted { .. })) => {
            park(Hold::because(
                HoldReason::NotSaved,
                format!(
                    "{error}; answer it in Kinetic, or switch off the question for the integration's user"
                ),
            ))
        }
        Failure::ShopperBusy | Failure::Moved(_) => retry(Class::Conflict, None),
        // Nobody tried: it does not count as an attempt.
        Failure::OutOfOrder { cause, until, .. } => Answer::Record(OrderState::Retrying {
            attempt: tries(state).max(1),
            not_before: until,
            class: cause,
        }),
        Failure::Connect(ConnectError::Store(_)) => retry(Class::Unavailable, None),
        // Mended by correcting the configuration: orders wait, none is parked.
        Failure::Connect(_) => retry(Class::Forbidden, None),
        failure @ (Failure::Ledger(_)
        | Failure::Leases(_)
        | Failure::State(_)
        | Failure::Shelf(_)
        | Failure::Queue(_)) => Answer::ComeBack(failure),
    }
}

/// Whether no waiting mends it: a key, a permission or the configuration is wrong, or the vendor refused with words.
pub fn needs_a_person(failure: &Failure) -> bool {
    match failure {
        Failure::Shop(error) | Failure::Kinetic(KineticError::Call(error)) => {
            matches!(error.class, Class::Unauthorized | Class::Forbidden | Class::NotFound | Class::Rejected)
        }
        Failure::Connect(error) => !matches!(error, ConnectError::Store(_)),
        Failure::Held(_)
        | Failure::Kinetic(KineticError::NotSaved { .. } | KineticError::Prompted { .. }) => true,
        // The breaker has called a person, once for all orders.
        Failure::OutOfOrder { .. }
        | Failure::Unknown(_)
        | Failure::Unsettled { .. }
        | Failure::ShopperBusy
        | Failure::Moved(_)
        | Failure::Ledger(_)
        | Failure::Leases(_)
        | Failure::State(_)
        | Failure::Shelf(_)
        | Failure::Queue(_) => false,
    }
}

/// How often it was tried already.
pub fn tries(state: &OrderState) -> u32 {
    match state {
        OrderState::Retrying { attempt, .. } => *attempt,
        OrderState::New
        | OrderState::Waiting { .. }
        | OrderState::Uncertain { .. }
        | OrderState::Synced
        | OrderState::Cancelled
        | OrderState::Held { .. }
        | OrderState::Ignored { .. } => 0,
    }
}

/// The number of this attempt. What may be parked by count is counted by itself: an outage before it does not count against the order.
fn next_attempt(class: Class, state: &OrderState) -> u32 {
    let by_count = matches!(class, Class::ServerError | Class::Conflict);
    let same = matches!(state, OrderState::Retrying { class: last, .. } if last == class.label());
    if by_count && !same { 1 } else { tries(state).saturating_add(1) }
}

enum Verdict {
    Retry,
    Park,
    GiveUp,
}

/// The class decides. Keys, permissions and weather are never the order's fault, so they park nothing.
fn by_class(class: Class, attempt: u32, patience: &Patience) -> Verdict {
    match class {
        Class::ServerError if attempt >= patience.server_errors => Verdict::GiveUp,
        Class::Conflict if attempt >= patience.attempts => Verdict::GiveUp,
        Class::OutOfTime
        | Class::NotSent
        | Class::Ambiguous
        | Class::Throttled
        | Class::Unavailable
        | Class::ServerError
        | Class::Unauthorized
        | Class::Forbidden
        | Class::Conflict
        | Class::Unreadable => Verdict::Retry,
        Class::NotFound | Class::Rejected => Verdict::Park,
    }
}

fn park(hold: Hold) -> Answer {
    Answer::Record(OrderState::Held {
        reason: hold.reason.code().to_owned(),
        subject: hold.subject,
        words: hold.words,
    })
}

fn refused(reason: HoldReason, error: &CallError) -> Hold {
    let subject = (!error.cause.is_empty()).then(|| error.cause.to_owned());
    Hold { reason, subject, words: error.to_string() }
}

fn backoff(attempt: u32, patience: &Patience) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    patience.first.saturating_mul(1 << doublings).min(patience.longest)
}

/// `now` and `wait`; the end of time where it is beyond.
pub(crate) fn after(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
