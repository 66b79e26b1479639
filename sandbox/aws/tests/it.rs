//! The built binary, as a person or a script meets it, at an emulator.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on may panic")]

use std::process::{Command, Output};

use connector_emulator::Emulator;
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sandbox-aws")).args(arguments).env_remove("RUST_LOG").output().unwrap()
}

fn emulator() -> &'static str {
    Emulator::shared().unwrap_or_else(|error| panic!("{error}")).url().as_str()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

#[test]
fn the_demo_holds_on_the_aws_ports_as_it_does_in_memory() {
    let output = run(&["demo", "--aws", emulator(), "--json"]);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(report["summary"], "19 orders = 17 synced + 1 held + 1 cancelled");
    assert_eq!(report["as_expected"], true);
    assert_eq!(report["checks"].as_array().unwrap().len(), 24, "all checks of the demo: {report}");
}

#[test]
fn consumers_that_are_killed_at_random_lose_nothing_and_double_nothing() {
    let output = run(&["kill", "--aws", emulator(), "--orders", "16", "--kills", "4", "--json"]);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let numbers = &report["numbers"];
    assert_eq!((&numbers["orders"], &numbers["kills"]), (&Value::from(16), &Value::from(4)), "{numbers}");
    // The run itself fails if no kill met a claimed order, or if store, Kinetic and ledger do not add up.
    assert_eq!(report["adds_up"], true, "{report}");
    assert!(numbers["messages_again"].as_u64().unwrap() > 0, "what was killed came again: {numbers}");
}

#[test]
fn an_address_that_is_not_on_this_machine_is_refused() {
    for command in ["demo", "kill"] {
        let output = run(&[command, "--aws", "https://sqs.eu-west-1.amazonaws.com"]);
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        assert!(told.contains("only an emulator on this machine is taken"), "{told}");
        assert!(told.contains("cargo run -p connector-emulator"), "{told}");
    }
}

#[test]
fn where_no_emulator_runs_it_is_said_how_to_start_one() {
    // The port of a server that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = run(&["demo", "--aws", &format!("http://127.0.0.1:{port}")]);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(
        told.contains("is an emulator running there? `cargo run -p connector-emulator` starts one"),
        "{told}"
    );
}
