//! What is named on the command line and may be unusable.

use std::path::{Path, PathBuf};

use crate::up::UpError;
use connector_simulators::{Recorder, Seed, StartError};

/// An argument that cannot be used, what is wrong with it, and what to do. Exit status 2.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's sentence says what it is")]
pub enum BadArgument {
    #[error("--seed {}: it cannot be read ({source}); name a JSON file, or leave --seed out for the built-in data", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("--seed {}, line {}, column {}: {what}; correct it there, or leave --seed out for the built-in data", path.display(), source.line(), source.column())]
    NotASeed { path: PathBuf, what: String, source: serde_json::Error },
    #[error("--record {}: it cannot be written ({source}); name a file in a folder that exists", path.display())]
    NotWritable { path: PathBuf, source: std::io::Error },
    #[error("--port {port}: {source}; choose another, or 0 for any free one")]
    Port { port: u16, source: StartError },
    #[error("--port {port}: {source}; choose another, or 0 for any free ones")]
    Ports { port: u16, source: UpError },
}

/// The data of `--seed`, if it was given.
///
/// # Errors
/// [`BadArgument::Unreadable`], [`BadArgument::NotASeed`].
pub fn seed(path: Option<&Path>) -> Result<Option<Seed>, BadArgument> {
    let Some(path) = path else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .map_err(|source| BadArgument::Unreadable { path: path.to_owned(), source })?;
    let seed = Seed::from_json(&text).map_err(|source| {
        let message = source.to_string();
        // The place is told by the sentence around it.
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what).to_owned();
        BadArgument::NotASeed { path: path.to_owned(), what, source }
    })?;
    Ok(Some(seed))
}

/// The recorder of `--record`, or one that keeps exchanges in memory only.
///
/// # Errors
/// [`BadArgument::NotWritable`].
pub fn recorder(path: Option<&Path>) -> Result<Recorder, BadArgument> {
    let Some(path) = path else { return Ok(Recorder::in_memory()) };
    Recorder::to_file(path).map_err(|source| BadArgument::NotWritable { path: path.to_owned(), source })
}
