//! What is written down about an order, for the person who asks later.

use connector_domain::{OrderNum, Timestamp};
use serde::{Deserialize, Serialize};

use crate::order_state::OrderState;

/// One thing that happened to an order. Nothing personal stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AuditEvent {
    /// The state changed. Written by the ledger itself, together with the state.
    Transition {
        /// Before.
        from: OrderState,
        /// After.
        to: OrderState,
    },
    /// Something failed, and is tried again or parked as the next transition says.
    Failed {
        /// What, in words without anything personal.
        words: String,
    },
    /// A rule of the connection applied.
    RuleFired {
        /// Its code.
        rule: String,
        /// What it applied to.
        detail: String,
    },
    /// A call that may save is about to be made.
    SaveIntent {
        /// Which part of the order: `header`, `line 42`.
        step: String,
    },
    /// What became of such a call.
    SaveOutcome {
        /// The step of the intent.
        step: String,
        /// `saved`, or the vendor's words, scrubbed.
        outcome: String,
        /// The Kinetic order, once it has a number.
        order_num: Option<OrderNum>,
    },
}

/// An event with its place in the order's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailEntry {
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub event: AuditEvent,
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn text(text: &str) -> String {
        text.to_owned()
    }

    fn entry(event: AuditEvent) -> TrailEntry {
        TrailEntry { number: 7, at: Timestamp::from_second(90).unwrap(), event }
    }

    fn retrying() -> OrderState {
        OrderState::Retrying { attempt: 1, not_before: Timestamp::UNIX_EPOCH, class: text("throttled") }
    }

    #[test_case(AuditEvent::Transition { from: OrderState::New, to: retrying() })]
    #[test_case(AuditEvent::RuleFired { rule: text("sku.alias"), detail: text("öl → \"OEL/7\"") })]
    #[test_case(AuditEvent::SaveIntent { step: text("line 42") })]
    #[test_case(AuditEvent::SaveOutcome { step: text("header"), outcome: text("saved"), order_num: Some(OrderNum(5001)) })]
    #[test_case(AuditEvent::SaveOutcome { step: text("header"), outcome: text("time-out"), order_num: None })]
    #[test_case(AuditEvent::Failed { words: text("HTTP 503") })]
    fn an_entry_survives_its_json_text(event: AuditEvent) {
        let written = entry(event);
        let text = serde_json::to_string(&written).unwrap();
        assert_eq!(serde_json::from_str::<TrailEntry>(&text).unwrap(), written);
    }

    #[test]
    fn an_entry_is_written_with_its_event_inside() {
        let text = serde_json::to_string(&entry(AuditEvent::SaveIntent { step: text("header") })).unwrap();
        let expected =
            r#"{"number":7,"at":"1970-01-01T00:01:30Z","event":{"kind":"save_intent","step":"header"}}"#;
        assert_eq!(text, expected);
    }

    #[test_case(r#"{"number":7,"at":"1970-01-01T00:01:30Z","event":{"kind":"save_intent","step":"x"},"email":"x"}"#; "beside the event")]
    #[test_case(r#"{"number":7,"at":"1970-01-01T00:01:30Z","event":{"kind":"save_intent","step":"x","email":"x"}}"#; "in the event")]
    fn an_entry_has_no_room_for_more(text: &str) {
        assert!(serde_json::from_str::<TrailEntry>(text).is_err());
    }
}
