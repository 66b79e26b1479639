use proptest::prelude::*;
use test_case::test_case;

use super::*;

const LONG: Duration = Duration::from_mins(15);

fn seen(class: Class, safety: Safety) -> Seen {
    Seen { class, safety, attempt: 1, time_left: LONG, told: None, renewed: false, jitter: 0 }
}

/// How many times a call that keeps failing this way is sent in all.
fn sent(class: Class, safety: Safety) -> u32 {
    let policy = Policy::default();
    (1..100).find(|&attempt| policy.next(&Seen { attempt, ..seen(class, safety) }) == Next::Stop).unwrap()
}

#[test_case(Class::OutOfTime, [1, 1, 1])]
#[test_case(Class::NotSent, [4, 4, 4])]
#[test_case(Class::Ambiguous, [4, 4, 1])]
#[test_case(Class::Throttled, [4, 4, 4])]
#[test_case(Class::Unavailable, [4, 4, 1])]
#[test_case(Class::ServerError, [2, 2, 1])]
#[test_case(Class::Unauthorized, [1, 1, 1])]
#[test_case(Class::Forbidden, [1, 1, 1])]
#[test_case(Class::NotFound, [1, 1, 1])]
#[test_case(Class::Conflict, [1, 1, 1])]
#[test_case(Class::Rejected, [1, 1, 1])]
#[test_case(Class::Unreadable, [1, 1, 1])]
fn each_class_is_sent_as_often_as_the_table_says(class: Class, [safe, idempotent, not_safe]: [u32; 3]) {
    assert_eq!(sent(class, Safety::Safe), safe, "safe");
    assert_eq!(sent(class, Safety::Idempotent), idempotent, "idempotent");
    assert_eq!(sent(class, Safety::Unsafe), not_safe, "unsafe");
}

#[test_case(1, 0, 250)]
#[test_case(1, 250, 500)]
#[test_case(2, 0, 500)]
#[test_case(3, 1000, 2000)]
fn an_untold_wait_doubles_and_its_second_half_is_jitter(attempt: u32, jitter: u64, millis: u64) {
    let next = Policy::default().next(&Seen { attempt, jitter, ..seen(Class::Unavailable, Safety::Safe) });
    assert_eq!(next, Next::Wait(Duration::from_millis(millis)));
}

#[test]
fn a_call_whose_stale_loan_was_given_up_is_sent_again_at_once_whatever_it_is() {
    for safety in [Safety::Safe, Safety::Idempotent, Safety::Unsafe] {
        let renewed = Seen { renewed: true, ..seen(Class::Unauthorized, safety) };
        assert_eq!(Policy::default().next(&renewed), Next::Wait(Duration::ZERO), "{safety:?}");
        let after_others = Seen { attempt: 4, ..renewed };
        assert_eq!(Policy::default().next(&after_others), Next::Wait(Duration::ZERO), "{safety:?}");
    }
}

#[test]
fn a_told_wait_that_is_longer_than_the_policy_bears_stops_however_much_time_there_is() {
    let policy = Policy { longest_told: Duration::from_secs(20), ..Policy::default() };
    let told =
        |seconds| Seen { told: Some(Duration::from_secs(seconds)), ..seen(Class::Throttled, Safety::Safe) };
    assert_eq!(policy.next(&told(20)), Next::Wait(Duration::from_secs(20)));
    assert_eq!(policy.next(&told(21)), Next::Stop);
    assert_eq!(Policy::default().next(&told(60)), Next::Wait(Duration::from_mins(1)));
    assert_eq!(Policy::default().next(&told(61)), Next::Stop);
}

#[test]
fn a_told_wait_that_does_not_fit_stops() {
    let told = Some(Duration::from_secs(30));
    let throttled = Seen { told, ..seen(Class::Throttled, Safety::Safe) };
    assert_eq!(Policy::default().next(&throttled), Next::Wait(Duration::from_secs(30)));
    assert_eq!(Policy::default().next(&Seen { time_left: Duration::from_secs(29), ..throttled }), Next::Stop);
}

prop_compose! {
    fn any_seen()(
        class in prop::sample::select(&Class::ALL[..]),
        safety in prop::sample::select(&[Safety::Safe, Safety::Idempotent, Safety::Unsafe][..]),
        attempt in prop_oneof![1_u32..6, any::<u32>()],
        time_left in 0_u64..600_000,
        told in prop::option::of(prop_oneof![0_u64..60_000, any::<u64>()]),
        renewed in any::<bool>(),
        jitter in any::<u64>(),
    ) -> Seen {
        let (time_left, told) = (Duration::from_millis(time_left), told.map(Duration::from_millis));
        Seen { class, safety, attempt, time_left, told, renewed, jitter }
    }
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_the_time_left(seen in any_seen()) {
        if let Next::Wait(wait) = Policy::default().next(&seen) {
            prop_assert!(wait <= seen.time_left);
        }
    }

    #[test]
    fn what_may_have_happened_is_never_sent_again_when_unsafe(seen in any_seen()) {
        let seen = Seen { safety: Safety::Unsafe, ..seen };
        if seen.class.may_have_happened() {
            prop_assert_eq!(Policy::default().next(&seen), Next::Stop);
        }
    }

    #[test]
    fn a_wait_is_at_least_what_was_told(seen in any_seen()) {
        let seen = Seen { renewed: false, ..seen };
        if let (Next::Wait(wait), Some(told)) = (Policy::default().next(&seen), seen.told) {
            prop_assert!(wait >= told);
        }
    }

    #[test]
    fn an_untold_wait_is_never_longer_than_the_longest(seen in any_seen()) {
        if let Next::Wait(wait) = Policy::default().next(&Seen { told: None, ..seen }) {
            prop_assert!(wait <= Policy::default().longest);
        }
    }

    #[test]
    fn attempts_are_bounded(seen in any_seen(), attempts in 0_u32..10) {
        let policy = Policy { attempts, ..Policy::default() };
        if seen.attempt >= attempts && !(seen.renewed && seen.class == Class::Unauthorized) {
            prop_assert_eq!(policy.next(&seen), Next::Stop);
        }
    }
}
