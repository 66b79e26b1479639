//! What can go wrong, as far as a caller can act on it.

use connector_http::{CallError, Class};
use thiserror::Error;

use crate::profile::Method;

/// A call to Kinetic that did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KineticError {
    /// Refused, lost or unreadable: branch on its class.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Answered 200 and did not do it (§11.2: "HTTP 200 is never proof"). Nothing was saved; a person must read the words.
    #[error("Kinetic answered {} and did not save: {words}", method.name())]
    NotSaved {
        /// By which method.
        method: Method,
        /// Kinetic's own words, or what we missed in the answer.
        words: String,
    },
    /// Asked a question that nobody is there to answer. Nothing was saved; a person must decide.
    #[error("Kinetic asked at {}: {question}", method.name())]
    Prompted {
        /// By which method.
        method: Method,
        /// Kinetic's own words.
        question: String,
    },
}

impl KineticError {
    /// The class by which a job decides between retry and park: a refusal with words is `Rejected`, with whatever status it came.
    pub const fn class(&self) -> Class {
        match self {
            Self::Call(error) => error.class,
            Self::NotSaved { .. } | Self::Prompted { .. } => Class::Rejected,
        }
    }
}
