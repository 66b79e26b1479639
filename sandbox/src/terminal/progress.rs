//! Progress on stderr: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use crate::demo::Audience;
use crate::load::Watcher;
use indicatif::{ProgressBar, ProgressStyle};

/// Watches the demo.
#[derive(Debug)]
pub enum Progress {
    /// On a terminal of its own.
    Bar(ProgressBar),
    /// Into a file or a pipe, or among log lines, which would tear a bar.
    Lines(&'static str),
}

impl Progress {
    /// A bar if stderr is a terminal that no log writes to.
    pub fn new(logging: bool) -> Self {
        Self::counting("orders", logging)
    }

    /// The same that counts `what`.
    pub fn counting(what: &'static str, logging: bool) -> Self {
        if logging || !std::io::stderr().is_terminal() {
            return Self::Lines(what);
        }
        let bar = ProgressBar::new(1);
        if let Ok(style) = ProgressStyle::with_template(&format!(
            "{{spinner:.green}} {{pos}}/{{len}} {what} {{bar:28}} {{msg}}"
        )) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Bar(bar)
    }

    /// Clears the bar away.
    pub fn end(&self) {
        match self {
            Self::Bar(bar) => bar.finish_and_clear(),
            Self::Lines(_) => {}
        }
    }
}

impl Audience for Progress {
    fn hear(&self, line: &str) {
        match self {
            Self::Bar(bar) => bar.println(line),
            Self::Lines(_) => anstream::eprintln!("{line}"),
        }
    }

    fn see(&self, settled: usize, of: usize, line: &str) {
        match self {
            Self::Bar(bar) => {
                bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
                bar.set_position(u64::try_from(settled).unwrap_or(u64::MAX));
                bar.println(line);
            }
            Self::Lines(_) => anstream::eprintln!("[{settled}/{of}] {line}"),
        }
    }

    fn glance(&self, now: &str) {
        match self {
            Self::Bar(bar) => bar.set_message(now.to_owned()),
            Self::Lines(_) => {}
        }
    }
}

impl Watcher for Progress {
    fn see(&self, resting: usize, of: usize) {
        match self {
            Self::Bar(bar) => {
                bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
                bar.set_position(u64::try_from(resting).unwrap_or(u64::MAX));
            }
            // Ten lines in all, each when its tenth is reached.
            Self::Lines(what) => {
                let tenth = of.div_ceil(10).max(1);
                if resting > 0 && (resting.is_multiple_of(tenth) || resting == of) {
                    anstream::eprintln!("[{resting}/{of}] {what}");
                }
            }
        }
    }
}
