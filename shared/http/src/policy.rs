//! Whether a failed call is sent again, and when: by what may have happened and whether sending twice is safe.

use std::time::Duration;

use crate::call::Safety;
use crate::class::Class;

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Wait this long, then send again.
    Wait(Duration),
    /// Give the failure to the caller.
    Stop,
}

/// What is known after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What may have happened.
    pub class: Class,
    /// Whether sending twice is safe.
    pub safety: Safety,
    /// The number of the attempt that failed, from 1; those that were refused for a stale loan are not counted.
    pub attempt: u32,
    /// How long may be waited at most: the time to the deadline less the call's own time-out.
    pub time_left: Duration,
    /// How long the vendor asked us to wait.
    pub told: Option<Duration>,
    /// It was refused for a loan that has been given up since: nothing was done, and the next attempt is made with a new one. `send` sees
    /// to it that this is so at most once for each kind of loan.
    pub renewed: bool,
    /// 64 random bits.
    pub jitter: u64,
}

/// How patient one `send` is. Longer patience belongs to the queue, which costs nothing while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The most attempts of one `send`, the first included.
    pub attempts: u32,
    /// The first back-off.
    pub first: Duration,
    /// The longest back-off that nobody told us.
    pub longest: Duration,
    /// The longest wait that we let a vendor tell us; who is told longer stops at once, and the error says how long.
    pub longest_told: Duration,
}

impl Default for Policy {
    /// Four attempts, from half a second to at most twenty seconds apart, or as told up to a minute.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(20),
            longest_told: Duration::from_mins(1),
        }
    }
}

/// How often a class may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    Never,
    Once,
    UpToTheLimit,
}

impl Policy {
    /// Whether and when to send again. Pure: the same argument gives the same answer.
    pub fn next(&self, seen: &Seen) -> Next {
        if seen.renewed && seen.class == Class::Unauthorized {
            return Next::Wait(Duration::ZERO);
        }
        let limit = match again(seen.class, seen.safety) {
            Again::Never => return Next::Stop,
            Again::Once => self.attempts.min(2),
            Again::UpToTheLimit => self.attempts,
        };
        if seen.attempt >= limit || seen.told.is_some_and(|told| told > self.longest_told) {
            return Next::Stop;
        }
        let wait = self.wait(seen);
        if wait > seen.time_left { Next::Stop } else { Next::Wait(wait) }
    }

    /// As told and a little more, so that the callers who were told the same do not all come back at once; else a back-off that
    /// doubles, of which the second half is jitter.
    fn wait(&self, seen: &Seen) -> Duration {
        let doubled = 1_u32.checked_shl(seen.attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let full = self.first.saturating_mul(doubled).min(self.longest);
        let half = full / 2;
        let back_off = half.saturating_add(part_of(half, seen.jitter));
        match seen.told {
            Some(told) => told.saturating_add(part_of(self.first, seen.jitter)).max(back_off),
            None => back_off,
        }
    }
}

/// The table.
fn again(class: Class, safety: Safety) -> Again {
    let unless_unsafe = |again| match safety {
        Safety::Safe | Safety::Idempotent => again,
        Safety::Unsafe => Again::Never,
    };
    match class {
        Class::NotSent | Class::Throttled => Again::UpToTheLimit,
        Class::Ambiguous | Class::Unavailable => unless_unsafe(Again::UpToTheLimit),
        Class::ServerError => unless_unsafe(Again::Once),
        // Asking twice with a wrong password helps to lock the user out. What was renewed since does not come here.
        Class::Unauthorized
        | Class::OutOfTime
        | Class::Forbidden
        | Class::NotFound
        | Class::Conflict
        | Class::Rejected
        | Class::Unreadable => Again::Never,
    }
}

/// A part of `whole` chosen by `jitter`, from nothing to all of it, to the millisecond.
fn part_of(whole: Duration, jitter: u64) -> Duration {
    let millis = u64::try_from(whole.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(jitter.checked_rem(millis.saturating_add(1)).unwrap_or(0))
}

#[cfg(test)]
mod tests;
