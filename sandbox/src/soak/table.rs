//! The report for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::report::Report;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();

impl Report {
    /// What happened, the checks, and the line to have it again.
    pub fn for_people(&self) -> String {
        let happened = &self.happened;
        let acted = &happened.acted;
        let mut text = format!(
            "{} hours, seed {}: {} orders placed, {} edited, {} cancelled, {} refunded, {} archived, {} numbers skipped, {} changed by a clerk,\n\
             {} outages, {} hooks spoilt, {} kills, {} jumps of the clock, {} calls failed; {} replays by a person, {} lines at ERROR\n",
            self.options.hours,
            self.options.seed,
            acted.placed,
            acted.edited,
            acted.cancelled,
            acted.refunded,
            acted.archived,
            acted.skipped,
            acted.clerks,
            happened.outages,
            happened.hooks_spoilt,
            acted.kills,
            acted.jumps,
            happened.struck,
            acted.replayed,
            happened.errors
        );
        for check in &self.checks {
            let (mark, style) = if check.holds { ("✓", GOOD) } else { ("✗", BAD) };
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{style}{mark}{style:#} {}", check.says);
        }
        let verdict = if self.holds() { "all of it holds" } else { "does not hold" };
        let _infallible = writeln!(text, "{STRONG}{verdict}{STRONG:#}: {}", self.command());
        text
    }
}
