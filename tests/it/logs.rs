//! What the pipeline logs during a story, kept to be looked at.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// Every line logged on this thread since it was made, at any level, as JSON.
pub(crate) struct Logs {
    kept: Kept,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Begins to keep what is logged on this thread. Stories run on one thread, with all their tasks.
    pub(crate) fn keep() -> Self {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::fmt()
            .json()
            // In the digits of a moment a postal code may stand by chance.
            .without_time()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(kept.clone())
            .finish();
        Self { kept, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// All that was logged.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept.0.lock()).into_owned()
    }

    /// The lines of the connector itself at `level` that contain `words`.
    pub(crate) fn count(&self, level: &str, words: &str) -> usize {
        let level = format!("\"level\":\"{level}\"");
        self.text().lines().filter(|line| line.contains(&level) && line.contains(words)).count()
    }
}

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Kept {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}
