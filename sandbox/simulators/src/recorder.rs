//! Where traffic is written, and what is taken out of it.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use parking_lot::Mutex;

use crate::{Exchange, redact::Secrets};

/// Where exchanges are written besides memory, and which secrets are taken out; one serves both vendors.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    /// Whether exchanges are counted only.
    pub(crate) counting: bool,
    file: Option<Arc<Mutex<File>>>,
    pub(crate) secrets: Secrets,
}

impl Recorder {
    /// Keeps exchanges in memory only.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Keeps no exchange at all and only counts them and their bytes, for runs of many.
    pub fn counting() -> Self {
        Self { counting: true, ..Self::default() }
    }

    /// Also writes each exchange as a line to the file at `path`, which is created or emptied.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn to_file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(Self { file: Some(Arc::new(Mutex::new(file))), ..Self::default() })
    }

    /// Takes this text out of all that is recorded from now on, in any vendor's traffic.
    pub fn redact(&self, secret: &str) {
        self.secrets.add(secret);
    }

    pub(crate) fn write(&self, exchange: &Exchange) {
        let Some(file) = &self.file else { return };
        let Ok(mut line) = serde_json::to_vec(exchange) else { return };
        line.push(b'\n');
        if let Err(error) = file.lock().write_all(&line) {
            tracing::warn!(%error, "an exchange could not be recorded: {error}");
        }
    }
}
