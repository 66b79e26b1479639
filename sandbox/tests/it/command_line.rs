//! The built binary, as a person or a script meets it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connector-sandbox"));
    command.args(arguments).env_remove("RUST_LOG");
    command
}

fn run(arguments: &[&str]) -> Output {
    sandbox(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A file of this test run.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn seed(name: &str, text: &str) -> String {
    let path = file(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_demo_tells_machines_that_nineteen_orders_are_seventeen_synced_one_cancelled_and_one_held() {
    let record = file("demo.jsonl");
    let output = run(&["demo", "--json", "--record", record.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("stdout is one JSON document");
    assert_eq!(report["summary"], "19 orders = 17 synced + 1 held + 1 cancelled");
    assert_eq!(report["counts"], serde_json::json!({"orders": 19, "synced": 17, "held": 1, "cancelled": 1}));
    for order in report["orders"].as_array().unwrap() {
        let synced = order["state"] == "synced";
        let in_kinetic = synced || order["state"] == "cancelled";
        assert_eq!(order["kinetic_order"].is_i64(), in_kinetic, "{order}");
        assert_eq!(order["kinetic_total"].is_string(), in_kinetic, "{order}");
        assert_eq!(order["as_expected"], true, "{order}");
    }
    let lines: Vec<i64> = report["orders"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|order| order["kinetic_lines"].as_i64())
        .collect();
    assert!(lines.contains(&120), "{lines:?}");
    assert!(
        report["checks"].as_array().unwrap().iter().all(|check| check["as_expected"] == true),
        "{report}"
    );
    for name in ["hooks_mended", "outage_back_filled", "today_goes_ahead", "complete", "proven_in_kinetic"] {
        let of_it = report["checks"].as_array().unwrap().iter().any(|check| check["name"] == name);
        assert!(of_it, "the outage is played: {name}");
    }
    for name in ["parts_appear", "price_follows", "stock_follows", "no_oversell", "both_agree"] {
        let of_it = report["checks"].as_array().unwrap().iter().any(|check| check["name"] == name);
        assert!(of_it, "the catalogue is played: {name}");
    }
    the_record_is_complete_and_free_of_secrets(&std::fs::read_to_string(record).unwrap(), &report);
}

fn the_record_is_complete_and_free_of_secrets(record: &str, report: &Value) {
    let exchanges: Vec<Value> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for vendor in ["bigcommerce", "kinetic"] {
        let written = exchanges.iter().filter(|exchange| exchange["vendor"] == vendor).count();
        assert_eq!(Some(written), report["calls"][vendor].as_u64().map(|n| usize::try_from(n).unwrap()));
    }
    // Every credential of the sandbox begins so.
    assert!(!record.contains("simulated-"), "a secret is in the record");
}

#[test]
fn an_outcome_that_does_not_hold_is_named_and_the_exit_status_is_1() {
    let gloves = r#"{"kinetic": {"parts": [{"part_num": "GLV-NIT-L", "inactive": true}]}}"#;
    let output = run(&["--seed", &seed("inactive.json", gloves)]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(told.contains("19 orders = 16 synced + 2 held + 1 cancelled"), "{told}");
    assert!(!told.contains('\u{1b}'), "no colours into a pipe");
    let named = stderr(&output);
    assert!(named.contains("does not hold: order 101 (coupon, −10 %) had to be synced"), "{named}");
    assert!(named.contains("part \"GLV-NIT-L\" is inactive in Kinetic"), "{named}");
}

#[test]
fn the_aws_ports_are_only_for_an_emulator_on_this_machine() {
    for arguments in
        [["--aws", "https://dynamodb.eu-west-1.amazonaws.com"], ["--aws", "http://10.0.0.1:4566"]]
    {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("only an emulator on this machine is taken"), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_orders_of_a_seed_file_are_played_after_the_storys() {
    let ada = r#"{"first_name": "Ada", "last_name": "Lane", "email": "ada@example.com", "street_1": "1 Elm St",
        "city": "Austin", "state": "Texas", "zip": "78701", "country": "United States", "country_iso2": "US"}"#;
    let order = |status| {
        format!(
            r#"{{"status_id": {status}, "customer_id": 11, "billing": {ada}, "tax_rate": "0.0825",
               "lines": [{{"sku": "ANVIL", "name": "Anvil", "quantity": 1, "price": "99.50"}}]}}"#
        )
    };
    let file = format!(
        r#"{{"bigcommerce": {{"orders": [{}, {}]}}, "kinetic": {{"parts": [{{"part_num": "ANVIL"}}]}}}}"#,
        order(11),
        order(7)
    );
    let output = run(&["demo", "--json", "--seed", &seed("orders.json", &file)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"], "21 orders = 18 synced + 1 held + 1 cancelled + 1 waiting");
    assert_eq!(report["orders"][8]["reason"], "status.awaiting_payment");
}

#[test]
fn a_bad_seed_file_is_named_with_the_place_and_what_to_do() {
    let path = seed("misspelt.json", "{\"kinetic\": {\n  \"parts\": [{\"part\": \"A\"}]\n}}");
    for arguments in [&["--seed", &path][..], &["simulate", "kinetic", "--seed", &path]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        assert!(told.starts_with(&format!("error: --seed {path}, line 2, column ")), "{told}");
        assert!(told.contains("unknown field `part`") && told.contains("leave --seed out"), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    let output = run(&["demo", "--seed", "no-such-file.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--seed no-such-file.json: it cannot be read"), "{}", stderr(&output));
}

#[test]
fn bad_usage_is_2() {
    for arguments in [&["simulat"][..], &["simulate"], &["simulate", "kinetic", "--port", "99999"]] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let output = run(&["--record", "/no/such/folder/record.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("in a folder that exists"), "{}", stderr(&output));
}

/// A simulator that runs until the test has seen enough.
struct Running {
    child: Child,
    told: Value,
}

impl Running {
    fn start(vendor: &str) -> Self {
        let mut child = sandbox(&["simulate", vendor, "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, told: serde_json::from_str(&line).unwrap() }
    }

    fn text(&self, key: &str) -> &str {
        self.told[key].as_str().unwrap()
    }

    /// What Ctrl-C does; answers the exit status.
    fn interrupt(mut self) -> Option<i32> {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

/// A bare GET; the status line of the answer.
fn get(url: &str, header: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_store_runs_alone_until_it_is_interrupted() {
    let store = Running::start("bigcommerce");
    let order = format!("{}/v2/orders/{}", store.text("api_url"), store.told["orders"][0]);
    let token = format!("X-Auth-Token: {}", store.text("access_token"));
    assert_eq!(get(&order, &token), "HTTP/1.1 200 OK");
    assert_eq!(get(&order, "X-Auth-Token: wrong"), "HTTP/1.1 401 Unauthorized");
    assert_eq!(store.interrupt(), Some(0));
}

#[test]
fn a_company_runs_alone_until_it_is_interrupted() {
    let company = Running::start("kinetic");
    let parts =
        format!("{}/api/v2/odata/{}/Erp.BO.PartSvc/Parts", company.text("base_url"), company.text("company"));
    let key = format!("x-api-key: {}", company.text("api_key"));
    // base64 of INTEG:simulated-password-5f21
    let user = "Authorization: Basic SU5URUc6c2ltdWxhdGVkLXBhc3N3b3JkLTVmMjE=";
    assert_eq!((company.text("username"), company.text("password")), ("INTEG", "simulated-password-5f21"));
    assert_eq!(get(&parts, &format!("{key}\r\n{user}")), "HTTP/1.1 200 OK");
    assert_eq!(get(&parts, &key), "HTTP/1.1 401 Unauthorized", "a key without a user");
    assert_eq!(company.interrupt(), Some(0));
}
