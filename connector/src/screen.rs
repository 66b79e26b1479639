//! What is printed: tables for people, JSON for machines. Colours stay where there is a terminal.

use std::io::{IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DOUBT: Style = AnsiColor::Yellow.on_default();

/// Narrower than that, a table is not squeezed: its words would be cut into letters.
const NARROWEST: u16 = 60;

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// JSON instead of tables.
    pub(crate) json: bool,
}

impl Screen {
    /// Prints `content` as JSON, or else what `people` makes of it.
    ///
    /// # Errors
    /// Standard output is gone.
    pub(crate) fn show<T: Serialize>(
        self,
        content: &T,
        people: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<()> {
        let text = if self.json { serde_json::to_string_pretty(content)? } else { people(content) };
        print(&text)
    }
}

/// Prints a text that ends with one line break.
///
/// # Errors
/// Standard output is gone.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{}", text.trim_end_matches('\n'))?;
    Ok(out.flush()?)
}

/// A table as wide as the terminal; as wide as its words elsewhere.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = width() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    coloured(&table.to_string())
}

fn width() -> Option<u16> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    let (_, columns) = console::Term::stdout().size_checked()?;
    (columns >= NARROWEST).then_some(columns)
}

/// Colours the marks `✓`, `✗` and `!`; whoever prints takes the colours out where there is no terminal.
fn coloured(text: &str) -> String {
    [("✓", GOOD), ("✗", BAD), ("! ", DOUBT)]
        .into_iter()
        .fold(text.to_owned(), |text, (mark, style)| text.replace(mark, &format!("{style}{mark}{style:#}")))
}

/// A dash where there is nothing.
pub(crate) fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}
