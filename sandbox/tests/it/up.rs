//! `cargo sandbox up`: what it prints can be pasted, and does what it says.

use serde_json::Value;

use crate::process::{Running, paste, send};

/// The printed commands, in their order, each with the status that it announces.
fn printed(up: &mut Running) -> Vec<(u16, String)> {
    let mut trials: Vec<(u16, String)> = Vec::new();
    let mut announced = None;
    loop {
        let line = up.told();
        if line.starts_with("curl ") {
            trials.push((announced.take().unwrap(), line));
        } else if line.starts_with("  ") && trials.last().is_some_and(|(_, curl)| curl.ends_with('\\')) {
            let (_, curl) = trials.last_mut().unwrap();
            curl.push('\n');
            curl.push_str(&line);
        } else if let Some(sentence) = line.strip_suffix(").") {
            announced = sentence.rsplit_once('(').map(|(_, status)| status.parse().unwrap());
        }
        if trials.last().is_some_and(|(_, curl)| curl.ends_with("/orders'")) {
            return trials;
        }
    }
}

#[test]
fn what_is_printed_can_be_pasted_and_answers_as_announced() {
    let mut up = Running::start(&["up"]);
    let trials = printed(&mut up);
    let does = |at: usize| {
        let (status, curl) = &trials[at];
        let answer = paste(curl);
        assert_eq!(answer.status, *status, "{curl}\n{answer:?}");
        answer
    };
    let announced: Vec<u16> = trials.iter().map(|(status, _)| *status).collect();
    assert_eq!(announced, [200, 401, 200, 200, 200, 200, 200]);
    does(1);
    assert_eq!(does(6).json(), serde_json::json!([]), "a forged webhook leaves nothing");
    does(0);
    assert_eq!(up.heard("order 100"), "order 100: synced as Kinetic order 100045");
    let row = does(2).json();
    assert_eq!((&row["state"], &row["kinetic_order"]), (&"synced".into(), &100_045.into()));
    assert!(row["first_seen"].is_string() && !row["trail"].as_array().unwrap().is_empty(), "{row}");
    let found = does(3).json();
    assert_eq!(found["value"][0]["PONum"], "BC-100");
    assert_eq!(found["value"].as_array().unwrap().len(), 1);
    does(4);
    does(5);
    assert_eq!(up.heard("order 101"), "order 101: synced as Kinetic order 100046");
    let all = does(6).json();
    let orders: Vec<&Value> = all.as_array().unwrap().iter().map(|order| &order["order"]).collect();
    assert_eq!(orders, [100, 101], "{all}");
    assert_eq!(up.interrupt(), Some(0));
}

#[test]
fn machines_are_told_all_addresses_first_and_then_each_change() {
    let mut up = Running::start(&["up", "--json"]);
    let document: Value = serde_json::from_str(&up.told()).unwrap();
    for secret in [
        "/bigcommerce/access_token",
        "/bigcommerce/client_secret",
        "/kinetic/api_key",
        "/kinetic/password",
        "/connector/header_secret",
    ] {
        assert!(document.pointer(secret).and_then(Value::as_str).is_some_and(|s| s.len() > 8), "{secret}");
    }
    assert_eq!(paste(document["try"][0]["curl"].as_str().unwrap()).status, 200);
    let change: Value = serde_json::from_str(&up.told()).unwrap();
    assert_eq!((&change["order"], &change["state"]), (&100.into(), &"synced".into()));
    let page = document["connector"]["status_page"].as_str().unwrap();
    assert_eq!(send("POST", page, &[], "").status, 405, "read-only");
    let unheard = send("GET", &format!("{page}/9"), &[], "");
    assert_eq!(unheard.status, 404);
    assert!(unheard.json()["error"].as_str().unwrap().contains("has not heard of order 9"));
    assert_eq!(up.interrupt(), Some(0));
}

#[test]
fn ports_are_taken_in_a_row_and_a_taken_one_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_connector-sandbox"))
        .args(["up", "--port", &port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with(&format!("error: --port {port}: 127.0.0.1:{port} cannot be bound")), "{told}");
}
