//! Each function has its binary and its variables.

use std::collections::BTreeSet;

use connector_runtime::config::{ReceiverConfig, WorkerConfig};

use crate::made::{of_type, resources, root};

/// Each function of the template with its binary, and the variables that it reads.
pub(crate) const FUNCTIONS: [(&str, &str, &[&str]); 5] = [
    ("WebhookReceiver", "webhook-receiver", &ReceiverConfig::VARIABLES),
    ("OrderConsumer", "order-consumer", &WorkerConfig::CONSUMER),
    ("JobRunner", "job-runner", &WorkerConfig::RUNNER),
    ("CatalogPoller", "catalog-poller", &WorkerConfig::CATALOGUE),
    ("Tick", "tick", &WorkerConfig::TICK),
];

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
