//! Reading a header that may stand there more than once.

use http::{HeaderMap, HeaderName};

/// What a request says under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// No such header.
    Nothing,
    /// One value, perhaps repeated word for word.
    Once(&'a [u8]),
    /// Several different values: whichever we believed, a proxy before us may have believed another.
    Contradicting,
}

/// What `headers` say under `name`.
pub(super) fn said<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Said<'a> {
    let mut values = headers.get_all(name).iter().map(http::HeaderValue::as_bytes);
    match values.next() {
        None => Said::Nothing,
        Some(first) if values.all(|value| value == first) => Said::Once(first),
        Some(_) => Said::Contradicting,
    }
}
