//! Faults on the wire, and what is recorded of them.

use std::time::Duration;

use connector_simulators::{Fault, Recorder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::shop::{Shop, answer, small_order};

#[tokio::test]
async fn a_cut_connection_carries_not_one_byte_of_an_answer() {
    let shop = Shop::open().await;
    shop.sim.faults().add(Fault::CutBefore.once());
    let mut socket =
        tokio::net::TcpStream::connect(("127.0.0.1", shop.sim.base_url().port().unwrap())).await.unwrap();
    socket.write_all(b"GET /stores/abc123/v2/time HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut seen = Vec::new();
    let end = socket.read_to_end(&mut seen).await;
    assert!(seen.is_empty(), "{end:?} {}", String::from_utf8_lossy(&seen));
}

#[tokio::test]
async fn a_cut_before_applies_nothing_and_a_cut_after_applies_all() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    let path = format!("v2/orders/{id}");
    for (fault, notes) in [(Fault::CutBefore, ""), (Fault::CutAfter, "written")] {
        shop.sim.faults().clear();
        shop.sim.faults().add(fault.once().on("PUT", &format!("/orders/{id}$")));
        let put = shop.request("PUT", &path).json(&json!({"staff_notes": "written"}));
        let error = answer(put).await.err().expect("the client sees no answer");
        assert!(error.is_request(), "{error:?}");
        assert_eq!(shop.sim.order(id).unwrap()["staff_notes"], notes);
    }
    let cut = shop.sim.traffic().matching("PUT", "/orders/");
    assert_eq!(cut.iter().map(|call| call.status).collect::<Vec<_>>(), [None, None]);
    assert_eq!(shop.sim.faults().fired(), 1 + 1);
}

#[tokio::test]
async fn garbled_is_a_200_that_ends_in_the_middle_of_what_was_applied() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    shop.sim.faults().add(Fault::Garbled.once());
    let garbled = shop.put(&format!("v2/orders/{id}"), &json!({"staff_notes": "written"})).await;
    assert_eq!(garbled.status, 200);
    assert!(serde_json::from_str::<Value>(&garbled.text).is_err());
    assert_eq!(shop.sim.order(id).unwrap()["staff_notes"], "written");
}

#[tokio::test]
async fn a_status_is_answered_as_given_and_slow_still_answers() {
    let shop = Shop::open().await;
    let body = Some("[{\"status\":503,\"message\":\"maintenance\"}]".to_owned());
    shop.sim.faults().add(Fault::Status { status: 503, body }.once());
    shop.sim.faults().add(Fault::Slow(Duration::from_millis(1)).once());
    assert_eq!(shop.get("v2/time").await.v2_error(), (503, "maintenance".to_owned()));
    assert_eq!(shop.get("v2/time").await.status, 200);
    assert_eq!(shop.sim.faults().fired(), 2);
}

#[tokio::test]
async fn the_record_is_one_line_an_exchange_without_secrets() {
    let directory = std::env::temp_dir().join(format!("record-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("traffic.jsonl");
    let recorder = Recorder::to_file(&file).unwrap();
    let shop = Shop::with(|config| config.recorder = recorder).await;
    let id = shop.sim.place_order(small_order());
    shop.get("v2/orders?limit=2&sort=id:asc").await;
    shop.put(&format!("v2/orders/{id}"), &json!({"staff_notes": shop.sim.config().access_token})).await;
    let hook = json!({
        "scope": "store/order/*", "destination": "https://hooks.example.com/bc",
        "headers": {"Authorization": "Bearer 5f2c-very-secret"},
    });
    assert_eq!(shop.post("v3/hooks", &hook).await.status, 200);

    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    let mut expected = [
        "vendor",
        "method",
        "path",
        "query",
        "request_headers",
        "request_body",
        "status",
        "response_headers",
        "response_body",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(lines[0]["vendor"], "bigcommerce");
    assert_eq!(lines[0]["path"], "/stores/abc123/v2/orders");
    assert_eq!(lines[0]["query"], "limit=2&sort=id:asc");
    assert!(lines[0]["request_body"].is_null());
    assert_eq!(lines[0]["response_body"][0]["id"], id);
    assert_eq!(lines[0]["request_headers"]["x-auth-token"], "[redacted]");
    assert_eq!(lines[1]["request_body"]["staff_notes"], "[redacted]");
    let config = shop.sim.config();
    for secret in [&config.access_token, &config.client_secret, "very-secret"] {
        assert!(!text.contains(secret), "{secret} was recorded");
    }
}
