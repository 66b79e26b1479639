//! A whole answer and its typed reading.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::class::Class;
use crate::error::CallError;

/// A whole answer: 2xx, or a refusal that the call asked to read.
#[derive(Clone)]
pub struct Answer {
    /// The status: 200 to 299, or one of those that [`Call::read_refusals`](crate::Call::read_refusals) named.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, already decompressed.
    pub body: Bytes,
    pub(crate) vendor: &'static str,
    pub(crate) call: &'static str,
    pub(crate) attempts: u32,
    pub(crate) refusal: Option<Box<CallError>>,
}

/// Without headers and body: they may hold names and addresses.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.body.len();
        f.debug_struct("Answer")
            .field("call", &self.call)
            .field("status", &self.status)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// Whether there is nothing to read: 204, or no body.
    pub fn is_empty(&self) -> bool {
        self.status == StatusCode::NO_CONTENT || self.body.is_empty()
    }

    /// The error that this answer would have been, if it is a refusal.
    pub fn refusal(&self) -> Option<&CallError> {
        self.refusal.as_deref()
    }

    /// Reads the body as `T`.
    ///
    /// # Errors
    /// [`Class::Unreadable`], naming the path (`data[3].price`) and what was expected there, never the value found.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        if self.body.is_empty() {
            return Err(self.unreadable("the body is empty"));
        }
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut json)
            .map_err(|e| self.unreadable(without_value(&e.path().to_string(), e.inner())))?;
        json.end().map_err(|e| self.unreadable(without_value("the end", &e)))?;
        Ok(value)
    }

    /// The error of an answer whose shape a client finds wrong after reading it. `words` name the place, never a value.
    pub fn unreadable(&self, words: impl Into<String>) -> CallError {
        CallError {
            vendor: self.vendor,
            call: self.call,
            class: Class::Unreadable,
            status: Some(self.status.as_u16()),
            cause: "http.unreadable",
            words: words.into(),
            attempts: self.attempts,
            retry_after: None,
        }
    }
}

/// Makes "there is no such record" a value, for calls where that is normal.
///
/// # Errors
/// Every error but [`Class::NotFound`], unchanged.
pub fn absent(result: Result<Answer, CallError>) -> Result<Option<Answer>, CallError> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.class == Class::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where and what was expected. Serde's own message quotes the value found ("invalid type: string "Ann Lee", expected …"), so only
/// its expectation is kept, and only of the message shapes that end with one.
fn without_value(path: &str, error: &serde_json::Error) -> String {
    let place = if path == "." { "the body" } else { path };
    match error.classify() {
        Category::Io => format!("{place}: could not be read"),
        Category::Eof => format!("{place}: the JSON ends early"),
        Category::Syntax => {
            format!("{place}: is not JSON (line {}, column {})", error.line(), error.column())
        }
        Category::Data => {
            let message = error.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(head, _)| head);
            let quoting = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
            if quoting.iter().any(|p| message.starts_with(p))
                && let Some((_, expected)) = message.rsplit_once(", expected ")
            {
                format!("{place}: expected {expected}")
            } else if message.starts_with("missing field `") {
                format!("{place}: {message}")
            } else {
                format!("{place}: not a value of the agreed type")
            }
        }
    }
}

#[cfg(test)]
mod tests;
