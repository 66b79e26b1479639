//! The traffic: each exchange kept in memory and, if wanted, as one JSON line in a file.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use parking_lot::Mutex;
use serde::{Serialize, Serializer};
use serde_json::{Value, value::RawValue};

use crate::redact::Secrets;

/// So many exchanges are kept in memory; older ones fall out.
const KEPT: usize = 20_000;

/// One request with what became of it, secrets redacted.
#[derive(Debug, Clone, Serialize)]
pub struct Exchange {
    /// `bigcommerce` or `kinetic`.
    pub vendor: &'static str,
    /// HTTP method.
    pub method: String,
    /// The full path as received, percent-encoding included.
    pub path: String,
    /// The raw query string, empty if there was none.
    pub query: String,
    /// Header names in lower case.
    pub request_headers: BTreeMap<String, String>,
    /// The body as text; in the file it is JSON where it is JSON and `null` where it is empty.
    #[serde(serialize_with = "as_json_where_json")]
    pub request_body: String,
    /// The status answered; `None` (`null`) if the connection was cut instead.
    pub status: Option<u16>,
    /// Header names in lower case.
    pub response_headers: BTreeMap<String, String>,
    /// As `request_body`. Of a cut exchange it is empty.
    #[serde(serialize_with = "as_json_where_json")]
    pub response_body: String,
}

impl Exchange {
    /// The request's body parsed, `Null` if it is not JSON.
    pub fn request_json(&self) -> Value {
        serde_json::from_str(&self.request_body).unwrap_or(Value::Null)
    }

    /// The answer's body parsed, `Null` if it is not JSON.
    pub fn response_json(&self) -> Value {
        serde_json::from_str(&self.response_body).unwrap_or(Value::Null)
    }
}

fn as_json_where_json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        return serializer.serialize_none();
    }
    // Line breaks can only stand between tokens of valid JSON, never inside a string: one line stays one line.
    match RawValue::from_string(text.replace(['\n', '\r'], " ")) {
        Ok(raw) if serde_json::from_str::<Value>(text).is_ok() => raw.serialize(serializer),
        Ok(_) | Err(_) => serializer.serialize_str(text),
    }
}

/// Where exchanges are written besides memory, and which secrets are taken out; one serves both vendors.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    file: Option<Arc<Mutex<File>>>,
    pub(crate) secrets: Secrets,
}

impl Recorder {
    /// Keeps exchanges in memory only.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Also writes each exchange as a line to the file at `path`, which is created or emptied.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn to_file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::create(path)?;
        Ok(Self { file: Some(Arc::new(Mutex::new(file))), secrets: Secrets::default() })
    }

    /// Takes this text out of all that is recorded from now on, in any vendor's traffic.
    pub fn redact(&self, secret: &str) {
        self.secrets.add(secret);
    }

    fn write(&self, exchange: &Exchange) {
        let Some(file) = &self.file else { return };
        let Ok(mut line) = serde_json::to_vec(exchange) else { return };
        line.push(b'\n');
        if let Err(error) = file.lock().write_all(&line) {
            tracing::warn!(%error, "an exchange could not be recorded: {error}");
        }
    }
}

/// The exchanges of one simulator so far.
#[derive(Debug, Clone)]
pub struct Traffic {
    vendor: &'static str,
    recorder: Recorder,
    kept: Arc<Mutex<VecDeque<Exchange>>>,
}

impl Traffic {
    /// The traffic of `vendor`, written through `recorder`.
    pub fn new(vendor: &'static str, recorder: Recorder) -> Self {
        Self { vendor, recorder, kept: Arc::default() }
    }

    /// All exchanges kept, the oldest first.
    pub fn calls(&self) -> Vec<Exchange> {
        self.kept.lock().iter().cloned().collect()
    }

    /// How many exchanges had this method and a path that contains `path` (or ends in it: `"/orders$"`).
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.matching(method, path).len()
    }

    /// The exchanges with this method and a path that contains `path` (or ends in it: `"/orders$"`).
    pub fn matching(&self, method: &str, path: &str) -> Vec<Exchange> {
        let fits = |call: &&Exchange| {
            call.method.eq_ignore_ascii_case(method)
                && match path.strip_suffix('$') {
                    Some(end) => call.path.ends_with(end),
                    None => call.path.contains(path),
                }
        };
        self.kept.lock().iter().filter(fits).cloned().collect()
    }

    /// Forgets what was seen; the file keeps its lines.
    pub fn clear(&self) {
        self.kept.lock().clear();
    }

    pub(crate) fn vendor(&self) -> &'static str {
        self.vendor
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.recorder.secrets
    }

    pub(crate) fn keep(&self, exchange: Exchange) {
        self.recorder.write(&exchange);
        let mut kept = self.kept.lock();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(exchange);
    }
}
