//! What is special about BigCommerce among JSON APIs: its key, its errors, its rate limit.

use std::fmt;
use std::time::Duration;

use connector_http::{CallError, Class, Judgement, Vendor};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};

use crate::words;

/// Milliseconds until the window's quota is whole again (`docs/facts/bigcommerce.md` §8).
pub(crate) const RESET_MS: &str = "x-rate-limit-time-reset-ms";
/// How long a window is, in milliseconds.
pub(crate) const WINDOW_MS: &str = "x-rate-limit-time-window-ms";
/// Requests allowed in a window.
pub(crate) const QUOTA: &str = "x-rate-limit-requests-quota";
/// Requests left in this window.
pub(crate) const LEFT: &str = "x-rate-limit-requests-left";
/// Seconds to wait after a 429.
const RETRY_AFTER: &str = "x-retry-after";
