//! What an order in the store's list means, by what the ledger knows of it: pure.

use std::time::Duration;

use connector_bigcommerce::OrderSummary;
use connector_domain::Timestamp;
use connector_ports::{LedgerRow, OrderState};

use crate::job::after;
use crate::orders::seen::{News, news};

/// What an order in the list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is known as it is, or somebody is at it.
    Known,
    /// Nobody has heard of it, and its webhook may be under way.
    Young,
    /// No webhook told of it.
    Missed,
    /// It is known, and has changed since it was read.
    Stale,
    /// It is known, and was read so soon after its last change that another may have come behind.
    Unsure,
}

/// Judges `listed` by its row. What is too young is seen again by the next run, which begins earlier.
pub(super) fn judge(
    row: Option<&LedgerRow>,
    listed: &OrderSummary,
    now: Timestamp,
    grace: Duration,
) -> Verdict {
    let young = |moment| now < after(moment, grace);
    let Some(row) = row else {
        return if young(listed.date_created) { Verdict::Young } else { Verdict::Missed };
    };
    let news = match row.date_modified {
        Some(seen) => news(listed.date_modified, seen, now),
        None if !moves_by_itself(&row.state) && listed.date_modified > row.changed_at => News::Changed,
        None => News::None,
    };
    match news {
        News::Changed if !row.is_leased(now) => Verdict::Stale,
        News::Unsure if !row.is_leased(now) => Verdict::Unsure,
        News::None | News::Changed | News::Unsure => Verdict::Known,
    }
}

/// Whether the waker brings an order in this state.
const fn moves_by_itself(state: &OrderState) -> bool {
    match state {
        OrderState::New | OrderState::Retrying { .. } | OrderState::Uncertain { .. } => true,
        OrderState::Waiting { .. }
        | OrderState::Synced
        | OrderState::Cancelled
        | OrderState::Held { .. }
        | OrderState::Ignored { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use connector_bigcommerce::OrderStatus;
    use connector_domain::{CurrencyCode, Money, OrderId};
    use connector_ports::OrderKey;
    use test_case::test_case;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn listed(modified: i64) -> OrderSummary {
        OrderSummary {
            id: OrderId(173),
            status: OrderStatus::AwaitingFulfillment,
            date_created: at(1000),
            date_modified: at(modified),
            total_inc_tax: Money::ZERO,
            currency: CurrencyCode::none(),
            is_deleted: false,
        }
    }

    fn row(state: OrderState, read: Option<i64>) -> LedgerRow {
        let key = OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(173) };
        let mut row = LedgerRow::new(key, at(1000));
        row.enter(state, at(1500));
        row.date_modified = read.map(at);
        row
    }

    fn held() -> OrderState {
        OrderState::Held { reason: "shop_refused".to_owned(), subject: None, words: String::new() }
    }

    fn retrying() -> OrderState {
        OrderState::Retrying { attempt: 1, not_before: at(9000), class: "unavailable".to_owned() }
    }

    #[test_case(None, 1100 => Verdict::Young; "its webhook may be under way")]
    #[test_case(None, 1120 => Verdict::Missed; "no webhook told of it")]
    fn an_order_that_nobody_has_heard_of(row: Option<&LedgerRow>, now: i64) -> Verdict {
        judge(row, &listed(1000), at(now), Duration::from_mins(2))
    }

    #[test_case(OrderState::Synced, Some(2000), 2000 => Verdict::Known; "read as it is")]
    #[test_case(OrderState::Synced, Some(2000), 2001 => Verdict::Stale; "changed since it was read")]
    #[test_case(retrying(), Some(2000), 2001 => Verdict::Stale; "tried again with older contents")]
    #[test_case(retrying(), None, 2001 => Verdict::Known; "never read, and the waker brings it")]
    #[test_case(OrderState::New, None, 2001 => Verdict::Known; "never decided, and the waker brings it")]
    #[test_case(held(), None, 1500 => Verdict::Known; "held without having been read")]
    #[test_case(held(), None, 1501 => Verdict::Stale; "changed after it was held")]
    fn an_order_with_a_row(state: OrderState, read: Option<i64>, modified: i64) -> Verdict {
        judge(Some(&row(state, read)), &listed(modified), at(9000), Duration::from_mins(2))
    }

    #[test]
    fn what_somebody_is_at_is_left_to_them() {
        let mut leased = row(OrderState::Synced, Some(2000));
        leased.lease_until = Some(at(9001));
        assert_eq!(judge(Some(&leased), &listed(2001), at(9000), Duration::ZERO), Verdict::Known);
        assert_eq!(
            judge(Some(&leased), &listed(2001), at(9001), Duration::ZERO),
            Verdict::Stale,
            "the lease lapsed"
        );
    }
}
