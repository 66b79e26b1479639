//! `template.yaml`, as AWS reads it, beside the code that it deploys: binaries, variables, rights, queues, metrics.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a template that is not as expected fails; clippy spares test functions, not what they stand on"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use connector_runtime::config::{ReceiverConfig, WorkerConfig};
use connector_runtime::metrics::Metric;
use serde_json::Value;

/// Each function of the template with its binary, and the variables that it reads.
const FUNCTIONS: [(&str, &str, &[&str]); 4] = [
    ("WebhookReceiver", "webhook-receiver", &ReceiverConfig::VARIABLES),
    ("OrderConsumer", "order-consumer", &WorkerConfig::CONSUMER),
    ("JobRunner", "job-runner", &WorkerConfig::RUNNER),
    ("Tick", "tick", &WorkerConfig::TICK),
];

/// What of `shared/aws` each function gets to, as file and function. Whoever adds a call to the SDK has to say here who makes it.
const REACHES: [(&str, &[&str]); 4] = [
    ("WebhookReceiver", &["connections::described", "connections::secret", "queue::send"]),
    (
        "OrderConsumer",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "leases::update",
            "claim::take",
            "claim::mark",
            "write::find",
            "write::put",
            "write::transact",
            "state::read",
            "state::put",
            "state::advance",
            "inbox::change_visibility",
            "queue::send",
        ],
    ),
    (
        "JobRunner",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "search::listed",
            "search::rows",
            "state::read",
            "state::put",
            "state::advance",
            "inbox::change_visibility",
            "queue::send",
        ],
    ),
    (
        "Tick",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "search::due_at",
            "search::listed",
            "search::rows",
            "state::read",
            "queue::send",
        ],
    ),
];

/// What people and trials call with rights of their own, and no function does.
const BY_PEOPLE: [&str; 10] = [
    "search::trail_of",
    "store::put",
    "store::remove",
    "store::put_secret",
    "inbox::receive_from",
    "inbox::delete",
    "depth::count",
    "queues::pair",
    "queues::one",
    "table::create",
];

/// What Lambda itself does with a function's rights: its event source on a queue, and its logs.
const EVENT_SOURCE: [&str; 3] = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The resources of what AWS makes of the template.
fn resources() -> &'static Value {
    static MADE: OnceLock<Value> = OnceLock::new();
    MADE.get_or_init(|| {
        let python = connector_emulator::python().unwrap();
        let mut transform = Command::new(python);
        let made =
            transform.arg("infra/transform.py").arg("template.yaml").current_dir(root()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let whole: Value = serde_json::from_slice(&made.stdout).unwrap();
        whole["Resources"].clone()
    })
}

fn of_type(kind: &str) -> BTreeMap<&'static str, &'static Value> {
    let resources = resources().as_object().unwrap().iter();
    resources.filter(|(_, made)| made["Type"] == kind).map(|(name, made)| (name.as_str(), made)).collect()
}

/// The actions that a function's role allows, its logs and event source left out.
fn allowed(function: &str) -> BTreeSet<String> {
    let role = &resources()[format!("{function}Role")]["Properties"];
    let mut actions = BTreeSet::new();
    for policy in role["Policies"].as_array().unwrap() {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            assert_eq!(statement["Effect"], "Allow", "{function}");
            match &statement["Action"] {
                Value::String(action) => actions.extend([action.clone()]),
                Value::Array(many) => {
                    actions.extend(many.iter().map(|action| action.as_str().unwrap().to_owned()));
                }
                other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => {
                    panic!("{function}: {other}")
                }
            }
        }
    }
    actions
}

/// Every call to the SDK in `shared/aws`, by file and function, as the action it needs. A transaction needs those of its parts.
fn calls() -> BTreeMap<String, BTreeSet<String>> {
    const SERVICES: [(&str, &[&str]); 3] = [
        (
            "dynamodb",
            &[
                "get_item",
                "put_item",
                "update_item",
                "delete_item",
                "query",
                "scan",
                "batch_get_item",
                "batch_write_item",
                "transact_write_items",
                "transact_get_items",
                "create_table",
                "update_time_to_live",
            ],
        ),
        (
            "sqs",
            &[
                "send_message",
                "send_message_batch",
                "receive_message",
                "delete_message",
                "change_message_visibility",
                "get_queue_attributes",
                "create_queue",
            ],
        ),
        (
            "secretsmanager",
            &["get_secret_value", "put_secret_value", "create_secret", "delete_secret", "restore_secret"],
        ),
    ];
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for (file, text) in sources() {
        let mut function = String::new();
        for line in text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")) {
            if let Some((_, rest)) = line.split_once("fn ") {
                rest.split(['(', '<']).next().unwrap().clone_into(&mut function);
            }
            for (service, operations) in SERVICES {
                for operation in
                    operations.iter().filter(|operation| line.contains(&format!(".{operation}()")))
                {
                    let action = if *operation == "transact_write_items" {
                        "PutItem".to_owned()
                    } else {
                        camel(operation)
                    };
                    found
                        .entry(format!("{file}::{function}"))
                        .or_default()
                        .insert(format!("{service}:{action}"));
                }
            }
        }
    }
    found
}

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                into.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut all = Vec::new();
    walk(&root().join("shared/aws/src"), &mut all);
    all
}

fn camel(operation: &str) -> String {
    operation.split('_').flat_map(|word| [word[..1].to_uppercase(), word[1..].to_owned()]).collect()
}

#[test]
fn each_function_has_its_binary_and_exactly_the_variables_it_reads() {
    let deployed: BTreeSet<&str> = of_type("AWS::Lambda::Function").into_keys().collect();
    assert_eq!(deployed, FUNCTIONS.iter().map(|(name, ..)| *name).collect());
    for (name, binary, variables) in FUNCTIONS {
        let function = &resources()[name];
        assert_eq!(function["Metadata"]["BuildMethod"], "rust-cargolambda", "{name}");
        assert_eq!(function["Metadata"]["BuildProperties"]["Binary"], binary, "{name}");
        let manifest =
            std::fs::read_to_string(root().join("functions").join(binary).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("[[bin]]\nname = \"{binary}\"")), "{binary} is not built");
        let given = function["Properties"]["Environment"]["Variables"].as_object().unwrap();
        assert_eq!(given.keys().map(String::as_str).collect::<Vec<_>>(), variables, "{name}");
    }
    let built: BTreeSet<String> = (std::fs::read_dir(root().join("functions")).unwrap())
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(built, FUNCTIONS.iter().map(|(_, binary, _)| (*binary).to_owned()).collect());
}

#[test]
fn a_function_may_do_what_its_code_does_and_nothing_else() {
    let calls = calls();
    for (name, reaches) in REACHES {
        let mut needed: BTreeSet<String> = LOGS.map(str::to_owned).into();
        if reaches.contains(&"inbox::change_visibility") {
            needed.extend(EVENT_SOURCE.map(str::to_owned));
        }
        for call in reaches {
            needed.extend(calls.get(*call).unwrap_or_else(|| panic!("{call} calls nothing")).clone());
        }
        assert_eq!(allowed(name), needed, "{name}");
    }
    let placed: BTreeSet<&str> =
        REACHES.iter().flat_map(|(_, reaches)| reaches.iter().copied()).chain(BY_PEOPLE).collect();
    let called: BTreeSet<&str> = calls.keys().map(String::as_str).collect();
    assert_eq!(called, placed, "say who reaches each call");
    // The translation of a transaction holds as long as it is made of puts.
    for (file, text) in sources() {
        for part in ["Update::builder", "Delete::builder", "ConditionCheck::builder"] {
            assert!(!text.contains(part), "{file} has {part} in a transaction; translate it here");
        }
    }
}

#[test]
fn only_the_receivers_half_of_the_secrets_is_the_receivers() {
    for (name, ..) in FUNCTIONS {
        let role = resources()[format!("{name}Role")].to_string();
        let secrets: BTreeSet<&str> =
            (role.match_indices(":secret:")).map(|(at, _)| role[at..].split('"').next().unwrap()).collect();
        let webhook = ":secret:ml-connector/${Stage}/*/webhook-??????";
        let api = ":secret:ml-connector/${Stage}/*/api-??????";
        let own: BTreeSet<&str> =
            if name == "WebhookReceiver" { [webhook].into() } else { [webhook, api].into() };
        assert_eq!(secrets, own, "{name}");
    }
}

#[test]
fn queues_are_fifo_with_fifo_dead_letters_and_wait_six_times_as_long_as_a_function() {
    let queues = of_type("AWS::SQS::Queue");
    for (name, queue) in &queues {
        let queue = &queue["Properties"];
        assert_eq!(queue["FifoQueue"], true, "{name}");
        let Some(dead) = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0].as_str() else {
            continue;
        };
        assert_eq!(queues[dead]["Properties"]["FifoQueue"], true, "{dead}");
        assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], connector_aws::queues::MAX_RECEIVES, "{name}");
        assert_eq!(queue["ContentBasedDeduplication"], false, "{name}");
    }
    for (_, source) in of_type("AWS::Lambda::EventSourceMapping") {
        let source = &source["Properties"];
        let queue = source["EventSourceArn"]["Fn::GetAtt"][0].as_str().unwrap();
        let function = source["FunctionName"]["Ref"].as_str().unwrap();
        assert_eq!(
            (&source["BatchSize"], &source["FunctionResponseTypes"][0]),
            (&1.into(), &"ReportBatchItemFailures".into())
        );
        let visibility = queues[queue]["Properties"]["VisibilityTimeout"].as_u64().unwrap();
        let timeout = resources()[function]["Properties"]["Timeout"].as_u64().unwrap();
        assert_eq!(visibility, 6 * timeout, "{queue} and {function}");
    }
}

#[test]
fn an_alarm_of_ours_looks_at_something_that_is_measured() {
    let measured: BTreeSet<String> = Metric::ALL.into_iter().map(Metric::name).collect();
    let alarms = of_type("AWS::CloudWatch::Alarm");
    let ours =
        alarms.values().filter(|alarm| alarm["Properties"]["Namespace"].to_string().contains("ml-connector"));
    let seen: BTreeSet<&str> =
        ours.map(|alarm| alarm["Properties"]["MetricName"].as_str().unwrap()).collect();
    assert!(seen.iter().all(|name| measured.contains(*name)), "{seen:?}");
    for needed in
        ["OrdersHeld", "OldestHeld", "DeliveriesRefused", "OrdersSynced", "TickProblems", "JobsFailed"]
    {
        assert!(seen.contains(needed), "no alarm looks at {needed}");
    }
}

#[test]
fn the_table_is_the_one_that_the_code_reads() {
    let table = &resources()["Table"]["Properties"];
    let indexes = |value: &Value| -> BTreeSet<String> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|index| index["IndexName"].as_str().unwrap().to_owned())
            .collect()
    };
    let expected: BTreeSet<String> =
        connector_aws::table::INDEXES.iter().map(|index| index.0.to_owned()).collect();
    assert_eq!(indexes(&table["GlobalSecondaryIndexes"]), expected);
    assert_eq!(table["TimeToLiveSpecification"]["AttributeName"], connector_aws::table::EXPIRES);
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
}
