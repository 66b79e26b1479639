//! What is agreed with a server before the first byte of HTTP.

use std::sync::Arc;

use connector_http::{Call, Safety, TransportSettings};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::broken::read_request;
use crate::setup::Setup;

/// A server that speaks HTTP/1.1, and says the protocol that was agreed on; it would rather speak HTTP/2, as stores do. Its base, and the
/// certificate to trust.
async fn server() -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let agreed =
                stream.get_ref().1.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
            read_request(&mut stream).await;
            let body = format!("{{\"agreed\":{agreed:?}}}").replace("Some(", "").replace(')', "");
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (base, cert.pem())
}

#[tokio::test]
async fn a_server_that_would_rather_speak_http2_is_spoken_to_in_http1() {
    let (base, ca) = server().await;
    let settings = TransportSettings { extra_ca_pem: Some(ca.into_bytes()), ..TransportSettings::default() };
    let setup = Setup::with(&base, &settings);
    let answer = setup.remote.send(&Call::get("GET /orders", "/orders"), setup.far()).await.unwrap();
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["agreed"], "http/1.1");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() {
    let (base, _) = server().await;
    let setup = Setup::at(&base);
    let call = Call::post("POST /orders", "/orders", Safety::Unsafe).body("{}");
    let error = setup.remote.send(&call, setup.far()).await.unwrap_err();
    assert_eq!(error.class, connector_http::Class::NotSent, "{error}");
}
