#![doc = include_str!("../README.md")]

mod environment;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use thiserror::Error;
use url::Url;

const LAUNCH: &str = include_str!("../launch.py");

/// The emulator could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EmulatorError {
    /// There is no Python: install it.
    #[error("python3 is needed for the AWS emulator and was not found: install Python 3 and run this again")]
    NoPython,
    /// The virtual environment could not be made, most often because the package index cannot be reached.
    #[error("the AWS emulator could not be installed into {folder}: {words}")]
    Install {
        /// Where.
        folder: String,
        /// What the installer said last.
        words: String,
    },
    /// It was installed and does not answer.
    #[error("{0}")]
    Start(String),
}

/// A running emulator; it ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct Emulator {
    url: Url,
    launcher: Child,
}

/// How to start one.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Its port; any free one if `None`.
    pub port: Option<u16>,
    /// Where it writes its log; nowhere if `None`.
    pub log: Option<PathBuf>,
}

impl Emulator {
    /// Starts one, empty.
    ///
    /// # Errors
    /// See [`EmulatorError`].
    pub fn start(settings: &Settings) -> Result<Self, EmulatorError> {
        let python = environment::ready()?;
        let mut command = Command::new(&python);
        command.arg("-c").arg(LAUNCH).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(port) = settings.port {
            command.env("EMULATOR_PORT", port.to_string());
        }
        if let Some(log) = &settings.log {
            command.env("EMULATOR_LOG", log);
        }
        let failed = |words: String| EmulatorError::Start(format!("the AWS emulator: {words}"));
        let mut launcher = command.spawn().map_err(|error| failed(error.to_string()))?;
        let mut line = String::new();
        let read = launcher.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        match line.trim().parse() {
            Ok(url) => Ok(Self { url, launcher }),
            Err(_) => Err(failed(format!("it said \"{}\" ({read:?})", line.trim()))),
        }
    }

    /// The one that all tests of a process share. Its tables and queues must have names of their own.
    ///
    /// # Errors
    /// See [`EmulatorError`].
    pub fn shared() -> Result<&'static Self, EmulatorError> {
        static SHARED: OnceLock<Result<Emulator, EmulatorError>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&Settings::default())).as_ref().map_err(Clone::clone)
    }

    /// `http://127.0.0.1:PORT/`.
    pub const fn url(&self) -> &Url {
        &self.url
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Its standard input ends, and so does it; what is left to do is not to leave it behind unwaited for.
        drop(self.launcher.stdin.take());
        let _gone = self.launcher.wait();
    }
}

/// The Python of the emulator's virtual environment, made if it is not there: it also has the SDK of Python and the translator of SAM
/// templates.
///
/// # Errors
/// As [`Emulator::start`].
pub fn python() -> Result<PathBuf, EmulatorError> {
    environment::ready()
}
