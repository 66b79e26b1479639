//! The report for people.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use rust_decimal::Decimal;

use super::check::mib;
use super::measure::{Measures, OwnShare, Spread, ratio, whole};
use super::report::{HeldFor, Report};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();

impl Report {
    /// The table, the checks, and the line that adds up.
    pub fn for_people(&self) -> String {
        let mut text = format!("{}\n{}\n\n", self.asked(), self.table());
        for check in &self.checks {
            let (mark, style) = if check.holds { ("✓", GOOD) } else { ("✗", BAD) };
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{style}{mark}{style:#} {}", check.says);
        }
        for (reason, HeldFor { orders, example, words }) in &self.held {
            let _infallible =
                writeln!(text, "  {orders} held for {reason}, among them order {example}: {words}");
        }
        let _infallible = writeln!(text, "\n{STRONG}{}{STRONG:#}", self.adding_up());
        text
    }

    fn asked(&self) -> String {
        let options = &self.options;
        let faults = if options.faults == 0 {
            "no call fails".to_owned()
        } else {
            format!(
                "{} % of the calls fail (on a fast clock, so that waits after a failure are short)",
                options.faults
            )
        };
        format!(
            "{} orders of up to {} lines, {} lane{}, {} ms a call, {faults}, seed {}",
            options.orders,
            options.lines,
            options.lanes,
            if options.lanes == 1 { "" } else { "s" },
            options.latency.as_millis(),
            options.seed
        )
    }

    fn table(&self) -> Table {
        let measures = &self.measures;
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["measured", "p50", "p99"]);
        let mut row = |what: &str, value: String, worst: String| {
            let number = |text| Cell::new(text).set_alignment(CellAlignment::Right);
            table.add_row([Cell::new(what), number(value), number(worst)]);
        };
        let mut spread = |what: &str, Spread { p50, p99 }| row(what, shown(p50), shown(p99));
        spread("webhook sent → sales order recorded", measures.sent_to_synced);
        let at_once = format!("claimed → recorded ({} by the first attempt)", measures.at_once);
        spread(&at_once, measures.claimed_to_synced);
        spread("  of which the vendors' latency (its calls × latency)", measures.simulated);
        let mut one = |what: &str, value: String| row(what, value, String::new());
        one("  our own share on top of that latency", share(measures));
        one("orders per second", measures.per_second.to_string());
        one("calls an order to BigCommerce", self.an_order(measures.calls.bigcommerce));
        one("calls an order to Kinetic", self.an_order(measures.calls.kinetic));
        one("peak memory of the pipeline's process", memory(measures));
        one("the whole run", shown(measures.elapsed));
        table
    }

    /// With one place.
    pub(super) fn an_order(&self, calls: u64) -> String {
        ratio(Decimal::from(calls), whole(self.placed), 1).to_string()
    }
}

fn share(measures: &Measures) -> String {
    match measures.own_share {
        OwnShare::Percent(percent) => format!("{percent} %"),
        OwnShare::NotMeasured(why) => format!("not measured: {why}"),
    }
}

fn memory(measures: &Measures) -> String {
    measures.peak_kib.map_or_else(|| "not measured on this system".to_owned(), mib)
}

/// `812 ms`, `12.3 s`.
fn shown(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis < 10_000 {
        format!("{millis} ms")
    } else {
        format!("{}.{} s", millis / 1000, millis % 1000 / 100)
    }
}
