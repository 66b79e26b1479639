use connector_bigcommerce::OrderStatus;
use test_case::test_case;

use super::*;
use crate::orders::testing::{Line, ShopOrder, rules, rules_with};
use crate::rules::STATUSES;

fn order(status_id: u64) -> ShopOrder {
    ShopOrder::of([Line::new(194, "HB-M8-40-ZN", 4, "15.67")]).with("status_id", status_id)
}

fn decided(order: &ShopOrder, history: History) -> Decision {
    decide(&order.read(), &rules(), history)
}

fn wait(rule: &str) -> Decision {
    Decision::Wait(rule.to_owned())
}

fn held(status: &str) -> Decision {
    let words = format!(
        "the shop's status is {status}, but the order is not in Kinetic; enter it by hand if it is to be shipped, \
         or set what {status} means under [statuses]"
    );
    Decision::Hold(Hold::about(HoldReason::StatusNeedsPerson, status, words))
}

#[test_case(0 => wait("status.incomplete"); "incomplete")]
#[test_case(1 => wait("status.pending"); "pending")]
#[test_case(2 => held("shipped"); "shipped")]
#[test_case(3 => held("partially_shipped"); "partially shipped")]
#[test_case(4 => Decision::Ignore("status.refunded".to_owned()); "refunded")]
#[test_case(5 => Decision::Cancel; "cancelled")]
#[test_case(6 => Decision::Cancel; "declined")]
#[test_case(7 => wait("status.awaiting_payment"); "awaiting payment")]
#[test_case(8 => Decision::Import; "awaiting pickup")]
#[test_case(9 => Decision::Import; "awaiting shipment")]
#[test_case(10 => held("completed"); "completed")]
#[test_case(11 => Decision::Import; "awaiting fulfillment")]
#[test_case(12 => wait("status.manual_verification_required"); "manual verification required")]
#[test_case(13 => held("disputed"); "disputed")]
#[test_case(14 => held("partially_refunded"); "partially refunded")]
#[test_case(99 => held("unknown"); "a status of the future")]
fn an_order_that_was_never_written_goes_by_its_status(status_id: u64) -> Decision {
    decided(&order(status_id), History::Nothing)
}

#[test]
fn an_order_that_was_written_is_compared_and_what_the_shop_says_beyond_it_too() {
    for status in OrderStatus::ALL.into_iter().chain([OrderStatus::Other(99)]) {
        let expected = match status.id() {
            5 | 6 => Decision::Cancel,
            2 | 3 | 10 => Decision::Ahead(Ahead::Shipped),
            4 | 13 | 14 => Decision::Ahead(Ahead::Refunded),
            _ => Decision::Import,
        };
        assert_eq!(decided(&order(status.id()), History::Written), expected, "{status}");
    }
}

#[test_case(11 => Decision::Ignore("archived".to_owned()); "that would be imported")]
#[test_case(7 => Decision::Ignore("archived".to_owned()); "that would wait")]
#[test_case(2 => Decision::Ignore("archived".to_owned()); "that would be held")]
#[test_case(5 => Decision::Cancel; "that is cancelled as well")]
fn an_archived_order_that_was_never_written_is_none_of_our_business(status_id: u64) -> Decision {
    decided(&order(status_id).with("is_deleted", true), History::Nothing)
}

#[test]
fn archiving_an_order_that_was_written_is_compared_with_what_has_left() {
    let archived = |status| decided(&order(status).with("is_deleted", true), History::Written);
    assert_eq!(archived(11), Decision::Ahead(Ahead::Archived));
    assert_eq!(archived(10), Decision::Ahead(Ahead::Shipped), "an order that is done is archived by habit");
    assert_eq!(archived(5), Decision::Cancel);
}

#[test]
fn the_rules_may_give_any_status_any_meaning() {
    for status in STATUSES {
        let key = status.key;
        let by = |word: &str| {
            // What the example says goes into a comment.
            let said = (format!("\n{key} = "), format!("\n{key} = \"{word}\" # "));
            let rules = rules_with(&[(&said.0, &said.1)]);
            decide(&order(status.status.id()).read(), &rules, History::Nothing)
        };
        assert_eq!(by("import"), Decision::Import, "{key}");
        assert_eq!(by("wait"), wait(&format!("status.{key}")), "{key}");
        assert_eq!(by("cancel"), Decision::Cancel, "{key}");
        assert_eq!(by("ignore"), Decision::Ignore(format!("status.{key}")), "{key}");
        assert_eq!(by("hold"), held(key), "{key}");
    }
}

#[test]
fn a_status_that_the_rules_call_cancelled_cancels_what_was_written_too() {
    let rules = rules_with(&[("\nrefunded = \"ignore\"", "\nrefunded = \"cancel\"")]);
    assert_eq!(decide(&order(4).read(), &rules, History::Written), Decision::Cancel);
}

#[test]
fn what_was_begun_is_completed_waits_or_is_held_and_is_never_forgotten() {
    for status in STATUSES {
        let decision = decided(&order(status.status.id()), History::Begun);
        match status.meaning {
            crate::rules::Meaning::Import => assert_eq!(decision, Decision::Import, "{}", status.key),
            crate::rules::Meaning::Cancel => assert_eq!(decision, Decision::Cancel, "{}", status.key),
            crate::rules::Meaning::Wait => assert!(matches!(decision, Decision::Wait(_)), "{}", status.key),
            crate::rules::Meaning::Ignore | crate::rules::Meaning::Hold => {
                let Decision::Hold(hold) = decision else { panic!("{}: {decision:?}", status.key) };
                assert_eq!(hold.reason, HoldReason::StatusNeedsPerson);
                assert!(hold.words.contains("while it was being written"), "{}", hold.words);
            }
        }
    }
    let archived = decided(&order(11).with("is_deleted", true), History::Begun);
    assert!(matches!(archived, Decision::Hold(_)), "{archived:?}");
}
