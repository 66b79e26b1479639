//! The one TLS and HTTP stack, and what its errors mean.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use crate::class::Class;

/// Time-outs, limits and trust of a [`Transport`].
#[derive(Debug, Clone)]
pub struct TransportSettings {
    /// For DNS, TCP and TLS together; shorter than every call's time-out, so that "never sent" can be told from "no answer".
    pub connect_timeout: Duration,
    /// For the whole call unless the call has its own.
    pub timeout: Duration,
    /// The most bytes of a decompressed body.
    pub body_cap: usize,
    /// Certificates (PEM, one or more) to trust besides the machine's: the internal CA of a plant.
    pub extra_ca_pem: Option<Vec<u8>>,
}

impl Default for TransportSettings {
    /// 5 s to connect, 30 s in all, 32 MiB, the machine's certificates.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            body_cap: 32 * 1024 * 1024,
            extra_ca_pem: None,
        }
    }
}

/// Why a [`Transport`] could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The extra certificates are no PEM certificates; mend the setting.
    #[error("the extra CA certificates cannot be used: {0}")]
    ExtraCa(String),
    /// The TLS provider lacks what it needs; a build fault.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP client could not be built; a build fault.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] reqwest::Error),
}

/// Sends one request once. Clones share the connections.
///
/// It follows no redirect, sends nothing twice, and reads no proxy from the environment.
#[derive(Clone)]
pub struct Transport {
    client: reqwest::Client,
    timeout: Duration,
    body_cap: usize,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("timeout", &self.timeout)
            .field("body_cap", &self.body_cap)
            .finish_non_exhaustive()
    }
}

/// One request, ready to go.
#[derive(Debug)]
pub struct Outgoing {
    /// Its method.
    pub method: Method,
    /// Where it goes.
    pub url: Url,
    /// Its headers, all of them but those of the connection.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Option<Bytes>,
    /// For the whole exchange.
    pub timeout: Duration,
}

/// What came back.
#[derive(Debug)]
pub struct Incoming {
    /// Any status, a failure too.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Decompressed.
    pub body: Bytes,
    /// The body went on beyond the cap; `body` is its beginning.
    pub over_cap: bool,
}

/// Nothing whole came back.
#[derive(Debug)]
pub struct Lost {
    /// [`Class::NotSent`] or [`Class::Ambiguous`].
    pub class: Class,
    /// When the head came and the body did not.
    pub status: Option<StatusCode>,
    /// Why, without a URL.
    pub words: String,
}

impl Transport {
    /// Builds the stack. A machine without certificate files can still speak `http://`, and `https://` to an extra CA.
    ///
    /// # Errors
    /// When the extra certificates are not PEM, or the client cannot be built.
    pub fn new(settings: &TransportSettings) -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(settings.extra_ca_pem.as_deref())?)
            .user_agent(concat!("ml-connector/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            // Shorter than servers keep idle connections: a write onto one that just closed would be ambiguous.
            .pool_idle_timeout(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()?;
        Ok(Self { client, timeout: settings.timeout, body_cap: settings.body_cap })
    }

    /// The total time-out of a call that has none of its own.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a request once and reads its answer. Clients of a vendor call through `Remote`, which paces, retries and traces; this is for who
    /// brings all that, the AWS SDK.
    ///
    /// # Errors
    /// [`Lost`] when no whole answer came.
    #[expect(clippy::disallowed_methods, reason = "the one place that sends")]
    pub async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, Lost> {
        let Outgoing { method, url, headers, body, timeout } = outgoing;
        let mut request = self.client.request(method, url).headers(headers).timeout(timeout);
        if let Some(body) = body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|e| lost(&e, None))?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = BytesMut::new();
        let mut over_cap = false;
        while let Some(chunk) = response.chunk().await.map_err(|e| lost(&e, Some(status)))? {
            let room = self.body_cap.saturating_sub(body.len());
            over_cap = chunk.len() > room;
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if over_cap {
                break;
            }
        }
        Ok(Incoming { status, headers, body: body.freeze(), over_cap })
    }
}

/// ring as provider, chosen here and not for the process; the machine's certificates as far as there are any.
fn tls(extra_ca_pem: Option<&[u8]>) -> Result<ClientConfig, TransportError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = extra_ca_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|e| TransportError::ExtraCa(e.to_string()))?;
            roots.add(certificate).map_err(|e| TransportError::ExtraCa(e.to_string()))?;
        }
        if roots.len() == before {
            return Err(TransportError::ExtraCa("there is none in the text".to_owned()));
        }
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // What is offered is what the client can speak: a store that is offered HTTP/2 takes it.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Only a failed connection proves that nothing was sent. A total time-out does not: it may have struck after the request.
fn lost(error: &reqwest::Error, status: Option<StatusCode>) -> Lost {
    let class = if error.is_connect() || error.is_builder() { Class::NotSent } else { Class::Ambiguous };
    Lost { class, status, words: innermost(error) }
}

/// The innermost reason: the outer ones repeat the URL, which may hold an e-mail address.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut reason = error.source();
    while let Some(inner) = reason.and_then(std::error::Error::source) {
        reason = Some(inner);
    }
    reason.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plants_own_ca_is_trusted_besides_the_machines() {
        let pem = include_bytes!("../tests/fixtures/plant_ca.pem").to_vec();
        let settings = TransportSettings { extra_ca_pem: Some(pem.clone()), ..TransportSettings::default() };
        assert!(Transport::new(&settings).is_ok());
        let cut = TransportSettings { extra_ca_pem: Some(pem[..pem.len() / 2].to_vec()), ..settings };
        assert!(matches!(Transport::new(&cut), Err(TransportError::ExtraCa(_))));
    }

    #[test]
    fn text_without_a_certificate_is_no_extra_ca() {
        let settings =
            TransportSettings { extra_ca_pem: Some(b"nothing".to_vec()), ..TransportSettings::default() };
        assert!(matches!(Transport::new(&settings), Err(TransportError::ExtraCa(_))));
    }
}
