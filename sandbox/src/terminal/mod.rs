//! What the sandbox's commands share: their arguments, what they show on a terminal, and the demo as a command.

pub mod arguments;
pub mod endpoint;
pub mod logs;
pub mod progress;

use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use connector_domain::{Random, SeededRandom};
use connector_http::{Surroundings, SystemClock};

use self::progress::Progress;
use crate::Ports;
use crate::demo::{LeapClock, Options, play, play_on};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// The same jitter in every run. Which order gets which Kinetic number still depends on whose lane is first.
const RANDOM: u64 = 20_260_331;

/// What the demo is asked for.
#[derive(Debug, Clone, Default)]
pub struct Demo {
    /// Write JSON on stdout, for machines.
    pub json: bool,
    /// Where each exchange with a vendor is written.
    pub record: Option<PathBuf>,
    /// The data to start with.
    pub seed: Option<PathBuf>,
}

/// Time and randomness of the machine, except that jitter and message ids are the same in every run.
pub fn surroundings() -> Surroundings {
    with_random(Arc::new(SeededRandom::new(RANDOM)))
}

/// Time of the machine, and this randomness.
pub fn with_random(random: Arc<dyn Random>) -> Surroundings {
    Surroundings { clock: Arc::new(SystemClock), random }
}

/// Plays the demo on `ports`, which stand on `clock` too, or in memory, and tells what came of it.
///
/// # Errors
/// An argument cannot be used, or the demo could not be played. What does not hold is told, and is the exit status 1.
pub async fn demo(asked: Demo, clock: LeapClock, ports: Option<Arc<dyn Ports>>) -> anyhow::Result<ExitCode> {
    let progress = Progress::new(logs::init());
    let options = Options {
        seed: arguments::seed(asked.seed.as_deref())?,
        recorder: arguments::recorder(asked.record.as_deref())?,
        clock,
        random: Arc::new(SeededRandom::new(RANDOM)),
    };
    let played = match ports {
        Some(ports) => play_on(ports, options, &progress).await,
        None => play(options, &progress).await,
    };
    progress.end();
    let report = played?;
    if asked.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        print(&format!("\n{}", report.for_people()))?;
    }
    Ok(told(&report.failures()))
}

/// Names what does not hold on stderr; the exit status says whether all does.
pub fn told(failures: &[String]) -> ExitCode {
    for failure in failures {
        anstream::eprintln!("{BAD}does not hold:{BAD:#} {failure}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes to stdout, in colour only on a terminal. A reader that has seen enough is no failure.
///
/// # Errors
/// It cannot be written.
pub fn print(text: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
