//! Listens to all that the connector says, for words that are nobody's business.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;

/// What the shoppers of a soak are called, where they live and how they are reached: every one of them is found by one of these.
const PERSONAL: [&str; 5] = ["@example.com", "Load Street", "Pecan Hollow", "Shopper", "5125550147"];

/// Hears every line, keeps the count, and the first lines that name a person.
#[derive(Debug, Clone, Default)]
pub struct Listener(Arc<Mutex<Heard>>);

/// What was heard.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    pub(super) lines: u64,
    pub(super) errors: u64,
    /// Lines that name a person; the first ten.
    pub(super) personal: Vec<String>,
}

impl Listener {
    /// A layer that hears everything the connector itself says at any level.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let ours = tracing_subscriber::filter::Targets::new().with_targets([
            ("connector_sync", tracing::Level::TRACE),
            ("connector_http", tracing::Level::TRACE),
            ("connector_kinetic", tracing::Level::TRACE),
            ("connector_bigcommerce", tracing::Level::TRACE),
            ("connector_ports", tracing::Level::TRACE),
            ("connector_sandbox", tracing::Level::TRACE),
        ]);
        tracing_subscriber::fmt::layer().json().without_time().with_writer(self.clone()).with_filter(ours)
    }

    /// Forgets what was heard before.
    pub(super) fn begin(&self) {
        *self.0.lock() = Heard::default();
    }

    pub(super) fn heard(&self) -> Heard {
        self.0.lock().clone()
    }
}

impl io::Write for Listener {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut heard = self.0.lock();
        heard.lines += 1;
        heard.errors += u64::from(text.contains("\"level\":\"ERROR\""));
        if heard.personal.len() < 10 && PERSONAL.iter().any(|word| text.contains(word)) {
            heard.personal.push(text.trim_end().to_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Listener {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_line_that_names_a_person_is_kept() {
        let mut listener = Listener::default();
        listener.write_all(b"order 7 of main-store is synced\n").unwrap();
        listener.write_all(b"no customer sam@example.com\n").unwrap();
        let heard = listener.heard();
        assert_eq!(heard.personal, ["no customer sam@example.com"]);
        assert_eq!(heard.lines, 2);
    }
}
