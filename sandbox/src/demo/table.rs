//! The report for people. Escape codes colour it; whoever writes it takes them out where there is no terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use connector_domain::Money;
use connector_ports::StateName;

use super::report::{OrderReport, Report};

const GOOD: Style = AnsiColor::Green.on_default();
const HELD: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();

const HEADER: [&str; 8] = [
    "web order",
    "what it shows",
    "Kinetic order",
    "lines",
    "shop total",
    "Kinetic total",
    "state",
    "reason",
];

/// Which columns hold numbers.
const NUMBERS: [bool; 8] = [true, false, true, true, true, true, false, false];

/// Lines of the drawn table before its first row.
const BEFORE_ROWS: usize = 3;

impl Report {
    /// The table, what held orders mean for a person, the checks, and the line that adds up.
    pub fn for_people(&self) -> String {
        let mut text = self.table();
        for order in &self.orders {
            if let (Some(words), true) = (&order.words, order.state == Some(StateName::Held)) {
                line(&mut text, HELD, &format!("\norder {} is held: {words}", order.web_order));
            }
        }
        text.push('\n');
        for check in &self.checks {
            let (mark, style) = if check.holds { ("✓", GOOD) } else { ("✗", BAD) };
            let says = &check.says;
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{style}{mark}{style:#} {says}");
        }
        text.push('\n');
        line(&mut text, STRONG, &self.adding_up());
        let calls = self.calls;
        let _infallible = writeln!(
            text,
            "{} calls to Kinetic, {} to BigCommerce, {}.{:03} s",
            calls.kinetic,
            calls.bigcommerce,
            self.elapsed_ms / 1000,
            self.elapsed_ms % 1000
        );
        text
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(aligned(HEADER.map(str::to_owned)));
        for order in &self.orders {
            table.add_row(aligned(cells(order)));
        }
        let mut text = String::new();
        for (number, drawn) in table.to_string().lines().enumerate() {
            let order = number.checked_sub(BEFORE_ROWS).and_then(|row| self.orders.get(row));
            line(&mut text, order.map_or(Style::new(), style), drawn);
        }
        text
    }
}

fn cells(order: &OrderReport) -> [String; 8] {
    let none = || "–".to_owned();
    let total = |amount: Money| format!("{amount} {}", order.currency);
    let lines = match order.kinetic_lines {
        Some(held) if held != order.shop_lines => format!("{} ≠ {held}", order.shop_lines),
        Some(_) | None => order.shop_lines.to_string(),
    };
    [
        order.web_order.to_string(),
        order.about.to_owned(),
        order.kinetic_order.map_or_else(none, |number| number.to_string()),
        lines,
        total(order.shop_total),
        order.kinetic_total.map_or_else(none, total),
        order.state.map_or("unseen", StateName::as_str).to_owned(),
        order.reason.clone().unwrap_or_default(),
    ]
}

fn aligned(cells: [String; 8]) -> impl Iterator<Item = Cell> {
    cells.into_iter().zip(NUMBERS).map(|(text, is_number)| {
        let side = if is_number { CellAlignment::Right } else { CellAlignment::Left };
        Cell::new(text).set_alignment(side)
    })
}

/// Red is what has to be otherwise, yellow what waits for a person.
fn style(order: &OrderReport) -> Style {
    match order.state {
        _ if !order.holds => BAD,
        Some(StateName::Held) => HELD,
        Some(
            StateName::New
            | StateName::Waiting
            | StateName::Retrying
            | StateName::Uncertain
            | StateName::Synced
            | StateName::Cancelled
            | StateName::Ignored,
        )
        | None => Style::new(),
    }
}

fn line(text: &mut String, style: Style, content: &str) {
    // Writing to a String cannot fail.
    let _infallible = writeln!(text, "{style}{content}{style:#}");
}
