//! What each has spent of its share.

use std::fmt::Write as _;
use std::time::Duration;

use connector_sync::quota::Spender;
use connector_sync::rules::Rules;
use serde::Serialize;

use super::Options;

/// So much of its share everybody spends at least, in percent.
const AT_LEAST: u32 = 90;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Calls that the store allows in a window.
    pub quota: u32,
    /// How long a window lasts, in seconds.
    pub window_seconds: u64,
    /// How many windows were looked at.
    pub windows: u32,
    /// What each has spent.
    pub spent: Vec<Spent>,
    /// Calls that the store refused with 429.
    pub refused: usize,
}

/// What the processes of one spender have spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// Who.
    pub spender: &'static str,
    /// How many processes.
    pub processes: usize,
    /// Its share of the quota, in percent.
    pub share: u8,
    /// What that is, in calls.
    pub may: u32,
    /// What the store has answered.
    pub calls: u32,
}

impl Report {
    pub(super) fn of(
        options: &Options,
        rules: &Rules,
        (quota, window): (u32, Duration),
        spent: &[(Spender, u32)],
        refused: usize,
    ) -> Self {
        let spent = Spender::ALL.map(|spender| {
            let own = spent.iter().filter(|(by, _)| *by == spender);
            let share = spender.share(rules);
            Spent {
                spender: spender.as_str(),
                processes: own.clone().count(),
                share,
                may: quota.saturating_mul(u32::from(share)) / 100 * options.windows,
                calls: own.map(|(_, calls)| calls).sum(),
            }
        });
        let (windows, window_seconds) = (options.windows, window.as_secs());
        Self { quota, window_seconds, windows, spent: spent.into(), refused }
    }

    /// Whether nobody was refused, and each has spent nine tenths of its share at least.
    pub fn holds(&self) -> bool {
        self.refused == 0
            && self.spent.iter().all(|one| one.calls.saturating_mul(100) >= one.may.saturating_mul(AT_LEAST))
    }

    /// In words.
    pub fn for_people(&self) -> String {
        let Self { quota, window_seconds, windows, spent, refused } = self;
        let mut text = format!("{quota} calls in {window_seconds} s, {windows} windows\n");
        for Spent { spender, processes, share, may, calls } in spent {
            let percent = calls.saturating_mul(100).checked_div(*may).unwrap_or_default();
            // Writing into a text cannot fail.
            let _written = writeln!(
                text,
                "  {spender:<15} {processes} processes  {share:>3} % of the quota  {calls:>4} of {may:>4} calls, {percent:>3} %"
            );
        }
        let _written = writeln!(text, "  refused with 429: {refused}");
        text
    }
}
