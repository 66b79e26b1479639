//! `cargo sandbox load`, with the pipeline as a process of its own.

use std::process::{Command, Output};

use serde_json::Value;

fn load(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector-sandbox"));
    command.arg("load").args(arguments).env_remove("RUST_LOG").output().unwrap()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn thirty_orders_add_up_though_a_fifth_of_all_calls_fails() {
    let output = load(&[
        "--orders",
        "30",
        "--lines",
        "3",
        "--lanes",
        "16",
        "--latency",
        "0",
        "--faults",
        "20",
        "--json",
    ]);
    let report = document(&output);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    assert_eq!((&report["adds_up"], &report["failures"]), (&true.into(), &Value::Array(Vec::new())));
    let states = report["states"].as_object().unwrap();
    let ended = ["synced", "held"].map(|state| states[state].as_u64().unwrap());
    assert_eq!(ended.iter().sum::<u64>(), 30, "{report:#}");
    assert!(report["summary"].as_str().unwrap().starts_with("30 = "), "{report:#}");
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.len() > 8 && checks.iter().all(|check| check["as_expected"] == true), "{report:#}");
    let calls = &report["calls"];
    let all = calls["bigcommerce"].as_u64().unwrap() + calls["kinetic"].as_u64().unwrap();
    let struck = checks.iter().find(|check| check["name"] == "faults_struck").unwrap();
    let struck: u64 = struck["says"].as_str().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((all / 7..all / 4).contains(&struck), "about a fifth of {all}: {struck}");
    assert_eq!(report["own_share_not_measured"], "calls fail");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("[30/30] orders") && told.lines().count() == 10,
        "plain lines, a tenth each: {told}"
    );
}

#[test]
fn without_faults_everything_is_synced_and_measured() {
    let output = load(&["--orders", "4", "--latency", "2", "--lanes", "1", "--json"]);
    let report = document(&output);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    assert_eq!(report["states"]["synced"], 4);
    assert_eq!(report["orders_recorded_at_once"], 4);
    assert!(report["own_share_percent"].is_number(), "{report:#}");
    let time =
        |name: &str| report[name]["p50"].as_number().unwrap().to_string().parse::<rust_decimal::Decimal>();
    let (sent, claimed) = (time("sent_to_recorded_ms").unwrap(), time("claimed_to_recorded_ms").unwrap());
    let simulated = time("simulated_latency_ms").unwrap();
    assert!(sent > claimed && claimed > simulated && !simulated.is_zero(), "{report:#}");
    assert_eq!(report["peak_memory_kib"].is_u64(), std::path::Path::new("/proc/self/status").exists());
}

#[test]
fn people_get_a_table_and_the_line_that_adds_up() {
    let output = load(&["--orders", "2", "--latency", "0"]);
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("│ orders per second"), "{told}");
    assert!(told.lines().last().unwrap().starts_with("2 = 2 synced + 0 held"), "{told}");
    assert!(!told.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn a_pipeline_whose_parent_is_gone_says_what_it_misses_and_ends() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector-sandbox"));
    let output = command.arg("load-pipeline").stdin(std::process::Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["told"], "failed");
    assert!(told["words"].as_str().unwrap().contains("assignment"), "{told}");
}

#[test]
fn a_catalogue_costs_what_it_must_under_the_stores_quota() {
    let output = load(&["--parts", "40", "--changed", "25", "--json"]);
    let report = document(&output);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    let phases = report["phases"].as_array().unwrap();
    let writes: Vec<u64> = phases.iter().map(|phase| phase["writes"].as_u64().unwrap()).collect();
    assert_eq!(writes, [42, 3, 1, 0, 0], "{report:#}");
    assert!(
        phases.iter().all(|phase| phase["throttled"] == 0 && phase["kinetic"].as_u64().unwrap() > 0),
        "{report:#}"
    );
    assert_eq!((&report["products"], &report["wrong"]), (&40.into(), &0.into()));
}
