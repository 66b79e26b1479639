//! The guarantees of the ports, one function a sentence, for every implementation to run.
//!
//! A test of an implementation names a suite and says how an empty subject is made; it gets one test a sentence:
//!
//! ```text
//! connector_ports::ledger_suite!(my_empty_ledger().await);
//! ```
//!
//! Time passes on a [`ManualClock`](connector_domain::ManualClock) that the subject was built on. The queue's suite needs no clock,
//! because a remote queue has its own: what only time can show is tested beside the implementation.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a sentence that does not hold panics: that is how a test fails"
)]

pub mod connections;
pub mod dead_letters;
pub mod leases;
pub mod ledger;
pub mod queue;
mod samples;
pub mod shelf;
pub mod state;

/// One test for each named sentence of a suite, each on its own subject. The suites' macros call it.
#[doc(hidden)]
#[macro_export]
macro_rules! one_test_a_sentence {
    ($suite:ident, $subject:expr; $($sentence:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $sentence() {
                $crate::conformance::$suite::$sentence($subject).await;
            }
        )+
    };
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    const LEDGER: &str = concat!(
        include_str!("ledger/mod.rs"),
        include_str!("ledger/claims.rs"),
        include_str!("ledger/records.rs"),
        include_str!("ledger/trail.rs"),
        include_str!("ledger/due.rs"),
    );
    const QUEUE: &str = concat!(
        include_str!("queue/mod.rs"),
        include_str!("queue/arriving.rs"),
        include_str!("queue/settling.rs"),
    );
    const CONNECTIONS: &str = concat!(
        include_str!("connections/mod.rs"),
        include_str!("connections/stored.rs"),
        include_str!("connections/refreshed.rs"),
        include_str!("connections/outlined.rs"),
    );

    const DEAD_LETTERS: &str = include_str!("dead_letters.rs");
    const LEASES: &str = include_str!("leases.rs");
    const SHELF: &str = include_str!("shelf.rs");
    const STATE: &str = include_str!("state.rs");

    fn sentences(suite: &str) -> Vec<&str> {
        let begun = suite.lines().filter_map(|line| line.strip_prefix("pub async fn "));
        begun.filter_map(|rest| rest.split('(').next()).collect()
    }

    #[test_case(LEDGER; "ledger")]
    #[test_case(LEASES; "leases")]
    #[test_case(STATE; "state")]
    #[test_case(SHELF; "shelf")]
    #[test_case(QUEUE; "queue")]
    #[test_case(DEAD_LETTERS; "dead letters")]
    #[test_case(CONNECTIONS; "connections")]
    fn every_sentence_is_in_the_list_of_its_suite_and_in_the_table_of_guarantees(suite: &str) {
        let table = include_str!("../../../../docs/conformance.md");
        assert!(!sentences(suite).is_empty());
        for sentence in sentences(suite) {
            let entry = format!("{sentence},");
            assert_eq!(suite.lines().filter(|line| line.trim() == entry).count(), 1, "{sentence}");
            assert_eq!(table.matches(&format!("| `{sentence}` |")).count(), 1, "{sentence}");
        }
    }
}
