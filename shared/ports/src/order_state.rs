//! The states of an order. Every order is in exactly one, and the state explains itself.

use std::fmt;

use connector_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderState {
    /// Claimed for the first time; nothing is decided yet.
    New,
    /// The shop has not said go.
    Waiting {
        /// By which rule.
        rule: String,
    },
    /// It failed in a way that passes; it is tried again.
    Retrying {
        /// How often it was tried.
        attempt: u32,
        /// When it is tried again.
        not_before: Timestamp,
        /// The class of the failure.
        class: String,
    },
    /// A save was sent and nobody knows what became of it; it is looked for before anything is created.
    Uncertain {
        /// When the outcome became unknown.
        since: Timestamp,
        /// When it is looked for next.
        not_before: Timestamp,
    },
    /// Kinetic holds the order, and the totals agree.
    Synced,
    /// It will never be shipped.
    Cancelled,
    /// A person must look.
    Held {
        /// The cause, from a closed list.
        reason: String,
        /// What it is about (a SKU, a customer), so that its arrival can set the order going.
        subject: Option<String>,
        /// What is wrong and what to do, without anything personal.
        words: String,
    },
    /// None of our business.
    Ignored {
        /// By which rule.
        rule: String,
    },
}

/// A state without its particulars, to list and count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the state of OrderState that has its name")]
pub enum StateName {
    New,
    Waiting,
    Retrying,
    Uncertain,
    Synced,
    Cancelled,
    Held,
    Ignored,
}

impl StateName {
    /// All of them, in the order of an order's life.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Waiting,
        Self::Retrying,
        Self::Uncertain,
        Self::Synced,
        Self::Cancelled,
        Self::Held,
        Self::Ignored,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Waiting => "waiting",
            Self::Retrying => "retrying",
            Self::Uncertain => "uncertain",
            Self::Synced => "synced",
            Self::Cancelled => "cancelled",
            Self::Held => "held",
            Self::Ignored => "ignored",
        }
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl OrderState {
    /// The state without its particulars.
    pub const fn name(&self) -> StateName {
        match self {
            Self::New => StateName::New,
            Self::Waiting { .. } => StateName::Waiting,
            Self::Retrying { .. } => StateName::Retrying,
            Self::Uncertain { .. } => StateName::Uncertain,
            Self::Synced => StateName::Synced,
            Self::Cancelled => StateName::Cancelled,
            Self::Held { .. } => StateName::Held,
            Self::Ignored { .. } => StateName::Ignored,
        }
    }

    /// When the order itself asks to be looked at again; `None` if only an event can move it.
    pub const fn not_before(&self) -> Option<Timestamp> {
        match self {
            Self::Retrying { not_before, .. } | Self::Uncertain { not_before, .. } => Some(*not_before),
            Self::New
            | Self::Waiting { .. }
            | Self::Synced
            | Self::Cancelled
            | Self::Held { .. }
            | Self::Ignored { .. } => None,
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::New | Self::Synced | Self::Cancelled | Self::Uncertain { .. } => write!(f, "{name}"),
            Self::Waiting { rule } | Self::Ignored { rule } => write!(f, "{name} ({rule})"),
            Self::Retrying { attempt, class, .. } => write!(f, "{name} (attempt {attempt}, {class})"),
            Self::Held { reason, .. } => write!(f, "{name} ({reason})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn held(subject: Option<&str>) -> OrderState {
        let subject = subject.map(str::to_owned);
        OrderState::Held { reason: "part_missing".to_owned(), subject, words: "no part \"öl\"".to_owned() }
    }

    fn retrying() -> OrderState {
        OrderState::Retrying { attempt: 3, not_before: at(90), class: "unavailable".to_owned() }
    }

    #[test_case(&OrderState::New, r#"{"state":"new"}"#)]
    #[test_case(&OrderState::Waiting { rule: "status".to_owned() }, r#"{"state":"waiting","rule":"status"}"#)]
    #[test_case(&retrying(), r#"{"state":"retrying","attempt":3,"not_before":"1970-01-01T00:01:30Z","class":"unavailable"}"#)]
    #[test_case(&OrderState::Uncertain { since: at(30), not_before: at(90) }, r#"{"state":"uncertain","since":"1970-01-01T00:00:30Z","not_before":"1970-01-01T00:01:30Z"}"#)]
    #[test_case(&OrderState::Synced, r#"{"state":"synced"}"#)]
    #[test_case(&OrderState::Cancelled, r#"{"state":"cancelled"}"#)]
    #[test_case(&held(Some("öl")), r#"{"state":"held","reason":"part_missing","subject":"öl","words":"no part \"öl\""}"#)]
    #[test_case(&held(None), r#"{"state":"held","reason":"part_missing","subject":null,"words":"no part \"öl\""}"#)]
    #[test_case(&OrderState::Ignored { rule: "channel".to_owned() }, r#"{"state":"ignored","rule":"channel"}"#)]
    fn a_state_survives_its_json_text(state: &OrderState, text: &str) {
        assert_eq!(serde_json::to_string(state).unwrap(), text);
        assert_eq!(serde_json::from_str::<OrderState>(text).unwrap(), *state);
    }

    #[test]
    fn a_state_has_no_room_for_more() {
        let more = r#"{"state":"ignored","rule":"channel","email":"x"}"#;
        assert!(serde_json::from_str::<OrderState>(more).is_err());
    }

    #[test]
    fn a_state_has_one_word_everywhere() {
        for name in StateName::ALL {
            assert_eq!(serde_json::to_string(&name).unwrap(), format!("\"{name}\""));
        }
        assert!(serde_json::to_string(&retrying()).unwrap().starts_with(r#"{"state":"retrying""#));
        assert_eq!(retrying().name().as_str(), "retrying");
    }
}
