//! What `shared/aws` calls.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::made::root;

/// Every call to the SDK in `shared/aws`, by file and function, as the action it needs. A transaction needs those of its parts.
pub(crate) fn calls() -> BTreeMap<String, BTreeSet<String>> {
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
        let mut function = "";
        for line in text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")) {
            if let Some((_, rest)) = line.split_once("fn ") {
                function = rest.split(['(', '<']).next().unwrap();
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

pub(crate) fn sources() -> Vec<(String, String)> {
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
