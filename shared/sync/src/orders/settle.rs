//! How long an unknown outcome stays unknown.

use std::time::Duration;

use connector_domain::Timestamp;
use connector_ports::Settlement;

use super::audit::Trail;
use super::in_hand::InHand;
use crate::job::{Failure, after};

/// Stops unless a create whose outcome was unknown has either shown itself or surely not happened.
///
/// A save whose answer was lost may still appear minutes later. Two looks a settle time apart must both find nothing before it is
/// made again: one no earlier than a settle time after it was sent, and one a settle time after that. `missing` says whether what that
/// step was to create is still not there.
///
/// # Errors
/// [`Failure::Unsettled`] with the moment of the next look.
pub(crate) fn settled(
    hand: InHand<'_>,
    missing: impl FnOnce(&str) -> bool,
    trail: &mut Trail<'_>,
) -> Result<(), Failure> {
    let Settlement::Unsettled { step, content, since, looked } = &hand.row.settlement else { return Ok(()) };
    let now = hand.now();
    if !missing(step) {
        trail.rule("settled.shown", step);
        trail.progress().settlement = Some(Settlement::Settled);
        return Ok(());
    }
    match verdict(*since, *looked, now, hand.consumer.patience.settle) {
        Verdict::Lost => {
            trail.rule("settled.lost", step);
            trail.progress().settlement = Some(Settlement::Settled);
            Ok(())
        }
        Verdict::LookAgain { looked, not_before } => {
            let (step, content, since) = (step.clone(), *content, *since);
            trail.progress().settlement = Some(Settlement::Unsettled { step, content, since, looked });
            Err(Failure::Unsettled { since, not_before })
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Two clean looks: it did not happen.
    Lost,
    /// Not yet.
    LookAgain { looked: Option<Timestamp>, not_before: Timestamp },
}

fn verdict(since: Timestamp, looked: Option<Timestamp>, now: Timestamp, settle: Duration) -> Verdict {
    let first = after(since, settle);
    match looked {
        Some(first) if now >= after(first, settle) => Verdict::Lost,
        Some(first) => Verdict::LookAgain { looked, not_before: after(first, settle) },
        None if now >= first => Verdict::LookAgain { looked: Some(now), not_before: after(now, settle) },
        None => Verdict::LookAgain { looked: None, not_before: first },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_mins(5);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn again(looked: Option<i64>, not_before: i64) -> Verdict {
        Verdict::LookAgain { looked: looked.map(at), not_before: at(not_before) }
    }

    #[test]
    fn two_looks_a_settle_time_apart_must_be_clean() {
        assert_eq!(verdict(at(1000), None, at(1100), SETTLE), again(None, 1300), "too early to look");
        assert_eq!(
            verdict(at(1000), None, at(1310), SETTLE),
            again(Some(1310), 1610),
            "the first clean look"
        );
        assert_eq!(verdict(at(1000), Some(at(1310)), at(1500), SETTLE), again(Some(1310), 1610), "too early");
        assert_eq!(verdict(at(1000), Some(at(1310)), at(1610), SETTLE), Verdict::Lost);
    }

    #[test]
    fn a_first_look_that_comes_very_late_is_still_only_the_first() {
        assert_eq!(verdict(at(0), None, at(90_000), SETTLE), again(Some(90_000), 90_300));
    }
}
