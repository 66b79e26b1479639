//! What a catalogue cost, beside the least that it could.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;

use super::Options;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// A step of the load.
#[derive(Debug, Clone, Serialize)]
pub struct Phase {
    /// What was done.
    pub what: &'static str,
    /// By which job.
    pub job: &'static str,
    /// Calls that changed something in the store.
    pub writes: usize,
    /// The least there could be.
    pub least: usize,
    /// Calls that read from the store.
    pub reads: usize,
    /// Calls that the store answered with 429.
    pub throttled: usize,
    /// Calls to Kinetic.
    pub kinetic: usize,
    /// How long it took under the quota.
    pub seconds: u64,
    /// Changes that the store took.
    pub published: usize,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was asked for.
    pub options: Options,
    /// Step by step.
    pub phases: Vec<Phase>,
    /// Products that the store has at the end.
    pub products: usize,
    /// Parts whose price or level is not what Kinetic says.
    pub wrong: usize,
    /// The publishing process's greatest resident memory in KiB. What DynamoDB keeps in a deployment is in it.
    pub peak_kib: Option<u64>,
}

impl Report {
    /// What does not hold, a sentence each.
    pub fn failures(&self) -> Vec<String> {
        let dear = self.phases.iter().filter(|phase| phase.writes * 100 > phase.least * 102).map(|phase| {
            format!("{}: {} calls that write, {} are the least", phase.what, phase.writes, phase.least)
        });
        let throttled = self.phases.iter().filter(|phase| phase.throttled > 0).map(|phase| {
            format!(
                "{}: {} calls were answered 429, and nobody else spends the quota",
                phase.what, phase.throttled
            )
        });
        let parts = usize::try_from(self.options.parts).unwrap_or(usize::MAX);
        let products = (self.products != parts)
            .then(|| format!("the store has {} products of {parts} parts", self.products));
        let wrong =
            (self.wrong > 0).then(|| format!("{} parts are not shown as Kinetic has them", self.wrong));
        dear.chain(throttled).chain(products).chain(wrong).collect()
    }

    /// A table of the steps, and what holds.
    pub fn for_people(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header([
            "step",
            "job",
            "calls that write",
            "the least",
            "reads",
            "answered 429",
            "calls to Kinetic",
            "time under the quota",
        ]);
        for phase in &self.phases {
            let number = |value: usize| Cell::new(value).set_alignment(CellAlignment::Right);
            table.add_row([
                Cell::new(phase.what),
                Cell::new(phase.job),
                number(phase.writes),
                number(phase.least),
                number(phase.reads),
                number(phase.throttled),
                number(phase.kinetic),
                Cell::new(shown(phase.seconds)).set_alignment(CellAlignment::Right),
            ]);
        }
        let Options { parts, changed, quota, .. } = &self.options;
        let memory = self
            .peak_kib
            .map_or_else(|| "not measured on this system".to_owned(), |kib| format!("{} MiB", kib / 1024));
        let mut text = format!(
            "{parts} parts, {changed} changed, a quota of {quota} requests in 30 s of which the catalogue has 40 %\n{table}\n\
             peak memory of what publishes, with the {parts} records that DynamoDB keeps in a deployment: {memory}\n\n"
        );
        let failures = self.failures();
        let (mark, style) = if failures.is_empty() { ("✓", GOOD) } else { ("✗", BAD) };
        // Writing to a String cannot fail.
        let _infallible = writeln!(
            text,
            "{style}{mark}{style:#} {} products, {} of them not as Kinetic has them",
            self.products, self.wrong
        );
        text
    }
}

impl Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Document<'a> {
            holds: bool,
            failures: Vec<String>,
            parts: u32,
            changed: u32,
            quota: u32,
            phases: &'a [Phase],
            products: usize,
            wrong: usize,
            peak_memory_kib: Option<u64>,
        }
        let failures = self.failures();
        let Options { parts, changed, quota, .. } = self.options;
        let (phases, products, wrong) = (self.phases.as_slice(), self.products, self.wrong);
        let holds = failures.is_empty();
        Document {
            holds,
            failures,
            parts,
            changed,
            quota,
            phases,
            products,
            wrong,
            peak_memory_kib: self.peak_kib,
        }
        .serialize(serializer)
    }
}

/// `1 h 23 min 20 s`.
fn shown(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {seconds} s"),
        (hours, minutes) => format!("{hours} h {minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_as_people_say_it() {
        assert_eq!([5, 65, 5000].map(shown), ["5 s", "1 min 5 s", "1 h 23 min 20 s"]);
    }
}
