//! What each process has spent of its share.

use std::collections::BTreeMap;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use connector_domain::Timestamp;
use connector_simulators::bigcommerce::Spending;
use serde::Serialize;

/// So much of its share everybody spends at least, in percent.
const AT_LEAST: u32 = 90;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Calls that the store allows in a window.
    pub quota: u32,
    /// How long a window lasts, in seconds.
    pub window_seconds: u64,
    /// How many windows were looked at, after all were at work.
    pub windows: u32,
    /// What each has spent.
    pub processes: Vec<Process>,
}

/// What one process has spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Process {
    /// Which function, and which of its processes.
    pub name: String,
    /// Its part of the quota, in percent.
    pub share: u8,
    /// What that is in a window, in calls.
    pub may: u32,
    /// The most that it spent in a window before all were at work, its first among them.
    pub before: u32,
    /// What it spent in each window that was looked at.
    pub calls: Vec<u32>,
    /// Calls that the store refused with 429, in all windows.
    pub refused: u32,
}

impl Process {
    pub(super) fn of(
        name: String,
        (share, may): (u8, u32),
        spendings: &[Spending],
        (from, until): (Timestamp, Timestamp),
    ) -> Self {
        // A window in which somebody spent something, whoever it was, is one in which nobody's nothing is left out.
        let mut windows: BTreeMap<Timestamp, u32> =
            spendings.iter().map(|spending| (spending.begins, 0)).collect();
        let own = spendings.iter().filter(|spending| spending.client_id == name);
        windows.extend(own.clone().map(|spending| (spending.begins, spending.calls)));
        let refused = own.map(|spending| spending.refused).sum();
        let before = windows.range(..from).map(|(_, calls)| *calls).max().unwrap_or_default();
        let calls = windows.range(from..until).map(|(_, calls)| *calls).collect();
        Self { name, share, may, before, calls, refused }
    }

    /// Its least and its greatest window, in percent of what it may.
    fn range(&self) -> (u32, u32) {
        let percent = |calls: u32| calls.saturating_mul(100).checked_div(self.may).unwrap_or_default();
        let all = self.calls.iter().map(|calls| percent(*calls));
        (all.clone().min().unwrap_or_default(), all.max().unwrap_or_default())
    }

    /// Whether it was never refused, never spent more than it may, and with work nine tenths of it at least.
    fn holds(&self) -> bool {
        let enough = self.may.saturating_mul(AT_LEAST);
        let good = |calls: &u32| *calls <= self.may && calls.saturating_mul(100) >= enough;
        self.refused == 0 && self.before <= self.may && self.calls.iter().all(good)
    }
}

impl Report {
    /// Whether that of every process holds, in as many windows as were asked for.
    pub fn holds(&self) -> bool {
        let windows = usize::try_from(self.windows).unwrap_or(usize::MAX);
        self.processes.iter().all(|process| process.holds() && process.calls.len() == windows)
    }

    /// A table.
    pub fn for_people(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header([
            "process",
            "share",
            "calls it may",
            "at most, at the start",
            "calls in each window",
            "of its share",
            "429",
            "",
        ]);
        for process in &self.processes {
            let Process { name, share, may, before, calls, refused } = process;
            let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
            let calls: Vec<String> = calls.iter().map(ToString::to_string).collect();
            let (least, most) = process.range();
            table.add_row([
                Cell::new(name),
                right(format!("{share} %")),
                right(may.to_string()),
                right(before.to_string()),
                right(calls.join(" ")),
                right(if least == most { format!("{most} %") } else { format!("{least} to {most} %") }),
                right(refused.to_string()),
                Cell::new(if process.holds() { "✓" } else { "✗" }),
            ]);
        }
        let Self { quota, window_seconds, windows, .. } = self;
        format!("{quota} calls in {window_seconds} s, {windows} windows with work for all\n{table}\n")
    }
}
