//! Connections that never came about or broke.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use connector_http::{Call, Class, Safety, TransportSettings};
use test_case::test_case;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::setup::Setup;

/// What the server does after it has read a whole request.
#[derive(Debug, Clone, Copy)]
enum Then {
    Close,
    CutBody,
    CutGzip,
    Silence,
    Answer,
}

/// A server that counts requests and treats the first `broken` ones as `then` says, the rest with 200.
async fn server(broken: u32, then: Then) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            match if number <= broken { then } else { Then::Answer } {
                Then::Close => {}
                Then::CutBody => {
                    stream
                        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":")
                        .await
                        .unwrap();
                }
                Then::CutGzip => {
                    let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 10\r\n\r\n";
                    stream.write_all(head).await.unwrap();
                    stream.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]).await.unwrap();
                }
                Then::Silence => silent.push(stream),
                Then::Answer => {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                    stream.write_all(answer).await.unwrap();
                }
            }
        }
    });
    (base, requests)
}

/// Reads a request with a two-byte body or none.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) {
    let mut seen = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        if read == 0 {
            return;
        }
        seen.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&seen);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if !head.contains("content-length: 2") || body.len() == 2 {
            return;
        }
    }
}

fn call(safety: Safety) -> Call {
    Call::post("POST /orders", "/orders", safety).body("{}")
}

#[test_case(Then::Close ; "the connection is dropped")]
#[test_case(Then::CutBody ; "the body is cut")]
#[test_case(Then::CutGzip ; "the compressed body is cut")]
#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_a_create_is_sent_exactly_once(then: Then) {
    let (base, requests) = server(1, then).await;
    let setup = Setup::at(&base);
    let error = setup.remote.send(&call(Safety::Unsafe), setup.far()).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Ambiguous, 1), "{error}");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[test_case(Then::Close, Safety::Safe)]
#[test_case(Then::Close, Safety::Idempotent)]
#[test_case(Then::CutBody, Safety::Safe)]
#[test_case(Then::CutBody, Safety::Idempotent)]
#[tokio::test]
async fn a_lost_answer_is_asked_for_again_where_that_is_safe(then: Then, safety: Safety) {
    let (base, requests) = server(2, then).await;
    let setup = Setup::at(&base);
    setup.remote.send(&call(safety), setup.far()).await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_kept_connection_that_dies_under_a_create_is_ambiguous_and_nothing_below_sends_it_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let setup = Setup::at(&format!("http://{}", listener.local_addr().unwrap()));
    let requests = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            counted.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            read_request(&mut stream).await;
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    setup.remote.send(&call(Safety::Unsafe), setup.far()).await.unwrap();
    let error = setup.remote.send(&call(Safety::Unsafe), setup.far()).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Ambiguous, 1), "{error}");
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_answer_that_never_comes_is_ambiguous() {
    let (base, requests) = server(1, Then::Silence).await;
    let setup = Setup::at(&base);
    let error = setup
        .remote
        .send(&call(Safety::Unsafe).timeout(Duration::from_millis(100)), setup.far())
        .await
        .unwrap_err();
    assert_eq!((error.class, error.words.as_str()), (Class::Ambiguous, "timed out"));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[test_case(Safety::Safe)]
#[test_case(Safety::Unsafe)]
#[tokio::test]
async fn a_refused_connection_was_not_sent_and_is_tried_again_whatever_the_call(safety: Safety) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let setup = Setup::at(&base);
    let error = setup.remote.send(&call(safety), setup.far()).await.unwrap_err();
    assert_eq!((error.class, error.attempts, error.status), (Class::NotSent, 4, None));
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_was_not_sent_anything() {
    let (base, _) = server(0, Then::Answer).await;
    let setup = Setup::with(
        &base.replace("http://", "https://"),
        &TransportSettings { connect_timeout: Duration::from_millis(100), ..TransportSettings::default() },
    );
    let error = setup.remote.send(&call(Safety::Unsafe), setup.far()).await.unwrap_err();
    assert_eq!(error.class, Class::NotSent, "{error}");
}

#[tokio::test]
async fn what_was_sent_is_told_even_when_the_time_for_another_attempt_is_gone() {
    let (base, requests) = server(u32::MAX, Then::Close).await;
    let setup = Setup::at(&base);
    let near = connector_domain::Deadline::after(&setup.clock, Duration::from_secs(30));
    let error = setup.remote.send(&call(Safety::Idempotent), near).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Ambiguous, 1));
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}
