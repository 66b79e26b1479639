//! What every ledger guarantees.

mod claims;
mod due;
mod held;
mod records;
mod trail;

use std::sync::Arc;

use connector_domain::ManualClock;

pub use claims::*;
pub use due::*;
pub use held::*;
pub use records::*;
pub use trail::*;

use crate::ledger::Ledger;

/// An empty ledger, and the clock its leases lapse on.
#[derive(Debug, Clone)]
pub struct LedgerSubject {
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    /// Its clock.
    pub clock: ManualClock,
}

/// One test a sentence of [`Ledger`]; each evaluates `$subject`, an empty [`LedgerSubject`].
#[macro_export]
macro_rules! ledger_suite {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { ledger, $subject;
            of_many_concurrent_claims_one_is_granted,
            claims_on_different_orders_do_not_meet,
            claiming_an_unknown_order_creates_it_as_new,
            claiming_changes_no_state,
            a_granted_row_is_as_it_was_before_the_claim,
            a_claim_that_finds_the_row_busy_marks_it_and_nothing_else,
            a_mark_outlives_complete_and_release,
            the_next_granted_claim_clears_the_mark_and_still_shows_it,
            a_mark_set_beside_a_completion_is_not_lost,
            a_lapsed_claim_can_be_granted_anew,
            a_lapsed_claim_is_refused_and_writes_nothing,
            a_superseded_claim_is_refused_and_writes_nothing,
            a_checkpoint_renews_the_lease,
            a_row_comes_back_as_it_was_written,
            an_order_of_two_thousand_lines_comes_back_whole,
            a_row_keeps_every_state_as_it_was_written,
            what_progress_does_not_name_stays,
            releasing_changes_nothing_but_the_lease,
            a_completed_row_says_when_its_state_was_written,
            a_row_says_since_when_a_person_is_asked_about_it,
            a_write_back_needs_no_claim_and_leaves_one_alone,
            a_write_back_of_an_unknown_order_is_refused,
            an_unknown_order_has_no_row_and_no_trail,
            rows_are_listed_by_order_id_beginning_after_one,
            rows_are_listed_by_state,
            a_page_shorter_than_its_limit_is_the_last,
            what_is_held_is_listed_by_reason_and_what_it_is_about,
            a_page_of_what_is_held_may_begin_after_a_place_of_another_reason,
            what_is_held_no_longer_or_for_another_reason_is_not_listed,
            a_list_shows_only_its_own_connection,
            a_state_and_its_transition_appear_together,
            an_unchanged_state_writes_no_transition,
            events_stand_before_the_transition,
            every_kind_of_event_comes_back_as_it_was_written,
            a_trail_is_numbered_without_gaps_whoever_wrote_it,
            a_trail_takes_more_events_at_once_than_a_transaction,
            what_was_checkpointed_before_a_crash_is_there_after_it,
            a_row_at_work_is_never_due,
            work_that_was_cut_off_is_due_when_its_lease_has_lapsed,
            a_row_that_was_given_back_undecided_is_due,
            a_retry_and_a_look_are_due_when_their_time_has_come,
            a_state_that_only_an_event_can_move_is_not_due,
            a_marked_row_is_due_when_it_is_free,
            a_failed_write_back_is_due_when_its_time_has_come,
            the_longest_due_comes_first_of_all_connections,
            what_is_due_ends_at_the_limit,
        }
    };
}
