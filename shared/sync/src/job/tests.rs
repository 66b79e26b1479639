use connector_domain::ConnectionId;
use connector_kinetic::Method;
use connector_ports::{ConnectionsError, OrderKey};
use test_case::test_case;

use super::*;
use crate::rules::Problems;

const NOW: i64 = 1_774_983_600;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn in_seconds(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).unwrap()
}

fn patience() -> Patience {
    Patience {
        first: Duration::from_secs(30),
        longest: Duration::from_mins(30),
        attempts: 6,
        server_errors: 20,
        settle: Duration::from_mins(5),
    }
}

fn error(class: Class) -> CallError {
    CallError {
        vendor: "the vendor",
        call: "POST something",
        class,
        status: Some(400),
        cause: "kinetic.some_rule",
        words: "Part is inactive.".to_owned(),
        attempts: 1,
        retry_after: None,
    }
}

type Vendor = fn(CallError) -> Failure;
const SHOP: Vendor = Failure::Shop;
const KINETIC: Vendor = |error| Failure::Kinetic(KineticError::Call(error));

/// The state after the attempt that follows `tried` earlier ones.
fn after_attempts(failure: Failure, tried: u32) -> OrderState {
    let like_this = match &failure {
        Failure::Shop(error) | Failure::Kinetic(KineticError::Call(error)) => error.class,
        Failure::ShopperBusy | Failure::Moved(_) => Class::Conflict,
        Failure::Held(_)
        | Failure::OutOfOrder { .. }
        | Failure::Kinetic(KineticError::NotSaved { .. } | KineticError::Prompted { .. })
        | Failure::Unknown(_)
        | Failure::Unsettled { .. }
        | Failure::Connect(_)
        | Failure::Ledger(_)
        | Failure::Leases(_)
        | Failure::State(_)
        | Failure::Shelf(_)
        | Failure::Queue(_) => Class::Unavailable,
    };
    after_others(failure, tried, like_this)
}

/// The state after the attempt that follows `tried` others, which failed as `last` says.
fn after_others(failure: Failure, tried: u32, last: Class) -> OrderState {
    let before = match tried {
        0 => OrderState::New,
        attempt => OrderState::Retrying { attempt, not_before: now(), class: last.label().to_owned() },
    };
    recorded(answer(failure, &before, now(), &patience()))
}

fn recorded(answer: Answer) -> OrderState {
    match answer {
        Answer::Record(state) => state,
        Answer::ComeBack(failure) => panic!("nothing was recorded: {failure}"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Becomes {
    /// It is tried again, however often it was tried.
    Retried,
    /// It is tried again, until it was tried so many times.
    RetriedTimes(u32),
    /// A person must look at once.
    Parked,
}

/// The table of the architecture, whole.
const TABLE: [(Class, Becomes); 12] = [
    (Class::OutOfTime, Becomes::Retried),
    (Class::NotSent, Becomes::Retried),
    (Class::Ambiguous, Becomes::Retried),
    (Class::Throttled, Becomes::Retried),
    (Class::Unavailable, Becomes::Retried),
    (Class::ServerError, Becomes::RetriedTimes(20)),
    (Class::Unauthorized, Becomes::Retried),
    (Class::Forbidden, Becomes::Retried),
    (Class::NotFound, Becomes::Parked),
    (Class::Conflict, Becomes::RetriedTimes(6)),
    (Class::Rejected, Becomes::Parked),
    (Class::Unreadable, Becomes::Retried),
];

#[test]
fn an_order_that_was_put_off_was_not_tried() {
    let until = Timestamp::from_second(9_999).unwrap();
    let put_off = || Failure::OutOfOrder {
        vendor: crate::breaker::Vendor::Kinetic,
        cause: "kinetic.bad_credentials".to_owned(),
        until,
    };
    for (tried, attempt) in [(0, 1), (1, 1), (7, 7)] {
        let expected =
            OrderState::Retrying { attempt, not_before: until, class: "kinetic.bad_credentials".to_owned() };
        assert_eq!(after_attempts(put_off(), tried), expected);
    }
    assert!(!needs_a_person(&put_off()), "the breaker has called one");
}

#[test_case(Class::ServerError)]
#[test_case(Class::Conflict)]
fn an_outage_before_it_does_not_count_against_the_order(class: Class) {
    let state = after_others(SHOP(error(class)), 500, Class::Unavailable);
    assert!(matches!(state, OrderState::Retrying { attempt: 1, .. }), "{state}");
}

#[test]
fn the_table_has_every_class() {
    assert_eq!(TABLE.map(|(class, _)| class), Class::ALL);
}

#[test_case(SHOP, HoldReason::ShopRefused; "the shop")]
#[test_case(KINETIC, HoldReason::KineticRefused; "kinetic")]
fn every_class_of_failure_has_its_answer(vendor: Vendor, refused: HoldReason) {
    for (class, becomes) in TABLE {
        for tried in [0, 4, 5, 18, 19, 1000] {
            let expected = match becomes {
                Becomes::Parked => Err(refused),
                Becomes::RetriedTimes(most) if tried + 1 >= most => Err(HoldReason::GaveUp),
                Becomes::RetriedTimes(_) | Becomes::Retried => Ok(tried + 1),
            };
            match (after_attempts(vendor(error(class)), tried), expected) {
                (OrderState::Retrying { attempt, class: label, .. }, Ok(expected)) => {
                    assert_eq!((attempt, label.as_str()), (expected, class.label()));
                }
                (OrderState::Held { reason, subject, words }, Err(expected)) => {
                    assert_eq!(
                        (reason.as_str(), subject.as_deref()),
                        (expected.code(), Some("kinetic.some_rule"))
                    );
                    assert_eq!(words, error(class).to_string());
                }
                (state, expected) => panic!("{class} after {tried}: {state}, expected {expected:?}"),
            }
        }
    }
}

#[test]
fn a_refusal_without_a_known_cause_is_about_nothing_in_particular() {
    let unnamed = CallError { cause: "", ..error(Class::Rejected) };
    let state = after_attempts(Failure::Shop(unnamed), 0);
    assert!(matches!(state, OrderState::Held { subject: None, .. }), "{state:?}");
}

fn waits(tried: u32, told: Option<Duration>) -> i64 {
    let told = CallError { retry_after: told, ..error(Class::Throttled) };
    let OrderState::Retrying { not_before, .. } = after_attempts(SHOP(told), tried) else {
        panic!("not retried")
    };
    not_before.as_second() - NOW
}

#[test]
fn each_wait_is_twice_the_last_and_none_longer_than_the_longest() {
    let all: Vec<i64> = (0..9).map(|tried| waits(tried, None)).collect();
    assert_eq!(all, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    assert_eq!(waits(u32::MAX, None), 1800, "also after more attempts than can be counted");
}

#[test_case(0, 20 => 30; "no shorter than our own wait")]
#[test_case(0, 45 => 45; "longer than our own")]
#[test_case(3, 45 => 240; "our own has grown longer")]
#[test_case(0, 7200 => 7200; "longer than our longest")]
fn a_vendor_that_says_how_long_to_wait_is_waited_for(tried: u32, told: u64) -> i64 {
    waits(tried, Some(Duration::from_secs(told)))
}

#[test]
fn a_wait_beyond_the_end_of_time_ends_there() {
    let told = CallError { retry_after: Some(Duration::MAX), ..error(Class::Throttled) };
    let state = after_attempts(Failure::Shop(told), 0);
    assert_eq!(state.not_before(), Some(Timestamp::MAX));
}

#[test]
fn attempts_begin_anew_from_any_other_state() {
    let held = OrderState::Held { reason: "unknown_part".to_owned(), subject: None, words: String::new() };
    let waiting = OrderState::Waiting { rule: "status.pending".to_owned() };
    let uncertain = OrderState::Uncertain { since: now(), not_before: now() };
    let ignored = OrderState::Ignored { rule: "archived".to_owned() };
    let all = [OrderState::New, waiting, uncertain, OrderState::Synced, OrderState::Cancelled, held, ignored];
    for before in all {
        let state = recorded(answer(SHOP(error(Class::Unavailable)), &before, now(), &patience()));
        assert!(matches!(state, OrderState::Retrying { attempt: 1, .. }), "{before}: {state}");
    }
}

#[test]
fn a_hold_is_recorded_as_it_is() {
    let hold = Hold::about(HoldReason::UnknownPart, "NO-SUCH", "create the part");
    let expected = OrderState::Held {
        reason: "unknown_part".to_owned(),
        subject: Some("NO-SUCH".to_owned()),
        words: "create the part".to_owned(),
    };
    assert_eq!(after_attempts(hold.into(), 3), expected);
}

fn not_saved() -> KineticError {
    KineticError::NotSaved { method: Method::MasterUpdate, words: "the answer has no number".to_owned() }
}

fn prompted() -> KineticError {
    KineticError::Prompted { method: Method::ChangePartNumMaster, question: "Substitute?".to_owned() }
}

#[test_case(not_saved(), "the answer has no number"; "not saved")]
#[test_case(prompted(), "Substitute?"; "a question")]
fn an_answer_that_saved_nothing_is_parked_with_kinetics_words_and_what_to_do(
    error: KineticError,
    said: &str,
) {
    let OrderState::Held { reason, subject, words } = after_attempts(Failure::Kinetic(error), 0) else {
        panic!("not held")
    };
    assert_eq!((reason.as_str(), subject), ("not_saved", None));
    assert!(
        words.contains(said) && words.contains("answer it in Kinetic, or switch off the question"),
        "{words}"
    );
}

#[test]
fn an_unknown_outcome_is_looked_for_after_the_settle_time_whatever_its_class_and_however_often() {
    for class in Class::ALL {
        for tried in [0, 5, 1000] {
            let state = after_attempts(Failure::Unknown(KineticError::Call(error(class))), tried);
            assert_eq!(state, OrderState::Uncertain { since: now(), not_before: in_seconds(300) }, "{class}");
        }
    }
}

#[test]
fn an_outcome_that_stays_unknown_keeps_the_moment_since_when() {
    let (since, not_before) = (in_seconds(-900), in_seconds(60));
    let before = OrderState::Uncertain { since, not_before: now() };
    let state = recorded(answer(Failure::Unsettled { since, not_before }, &before, now(), &patience()));
    assert_eq!(state, OrderState::Uncertain { since, not_before });
}

#[test_case(|| Failure::ShopperBusy, "conflict"; "another order of the shopper")]
#[test_case(|| Failure::Connect(ConnectError::Rules { connection: id(), problems: Problems(vec![]) }), "forbidden"; "wrong rules")]
#[test_case(|| Failure::Connect(ConnectError::Unknown(id())), "forbidden"; "no such connection")]
#[test_case(|| connect(ConnectError::Store(ConnectionsError::Unavailable(String::new()))), "unavailable"; "connections out of reach")]
fn what_is_no_orders_fault_never_parks_one(failure: fn() -> Failure, label: &str) {
    for tried in [0, 5, 1000] {
        let OrderState::Retrying { attempt, class, .. } = after_attempts(failure(), tried) else {
            panic!("parked")
        };
        assert_eq!((attempt, class.as_str()), (tried + 1, label));
    }
}

fn id() -> ConnectionId {
    "main-store".parse().unwrap()
}

fn our_own() -> [Failure; 5] {
    let key = OrderKey { connection: id(), order: connector_domain::OrderId(218) };
    [
        LedgerError::Lost(key).into(),
        LedgerError::Unavailable("throttled".to_owned()).into(),
        LeasesError::Unavailable("throttled".to_owned()).into(),
        StateError::Unavailable("throttled".to_owned()).into(),
        QueueError::Unavailable("throttled".to_owned()).into(),
    ]
}

#[test]
fn what_our_own_ports_cannot_record_comes_back_with_its_cause() {
    for failure in our_own() {
        let words = failure.to_string();
        match answer(failure, &OrderState::New, now(), &patience()) {
            Answer::ComeBack(same) => assert_eq!(same.to_string(), words),
            Answer::Record(state) => panic!("{words} was recorded as {state}"),
        }
    }
}

#[test]
fn credentials_permissions_and_refusals_need_a_person() {
    for class in Class::ALL {
        let person =
            matches!(class, Class::Unauthorized | Class::Forbidden | Class::NotFound | Class::Rejected);
        assert_eq!(needs_a_person(&SHOP(error(class))), person, "shop: {class}");
        assert_eq!(needs_a_person(&KINETIC(error(class))), person, "kinetic: {class}");
        assert!(!needs_a_person(&Failure::Unknown(KineticError::Call(error(class)))), "unknown: {class}");
    }
}

fn connect(error: ConnectError) -> Failure {
    Failure::Connect(error)
}

#[test_case(&Hold::because(HoldReason::SeveralShipTos, "two").into() => true; "a hold")]
#[test_case(&Failure::Kinetic(not_saved()) => true; "not saved")]
#[test_case(&Failure::Kinetic(prompted()) => true; "a question")]
#[test_case(&connect(ConnectError::Unknown(id())) => true; "no such connection")]
#[test_case(&connect(ConnectError::Rules { connection: id(), problems: Problems(vec![]) }) => true; "wrong rules")]
#[test_case(&connect(ConnectError::Client { connection: id(), words: String::new() }) => true; "a wrong address")]
#[test_case(&connect(ConnectError::Store(ConnectionsError::Unavailable(String::new()))) => false; "connections out of reach")]
#[test_case(&Failure::ShopperBusy => false; "another order of the shopper")]
#[test_case(&Failure::Unsettled { since: now(), not_before: now() } => false; "an outcome not known yet")]
fn what_no_waiting_mends_needs_a_person(failure: &Failure) -> bool {
    needs_a_person(failure)
}

#[test]
fn our_own_ports_need_no_person() {
    assert!(!our_own().iter().any(needs_a_person));
}

#[test]
fn the_settle_time_is_longer_than_any_call_may_take() {
    let patience = Patience::default();
    assert!(patience.settle > Duration::from_mins(2), "{patience:?}");
    assert!(patience.first <= patience.longest && patience.attempts > 1, "{patience:?}");
    assert!(patience.server_errors > patience.attempts, "{patience:?}");
}
