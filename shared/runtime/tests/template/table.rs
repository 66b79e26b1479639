//! The table is the one that the code makes on an emulator.

use std::collections::BTreeMap;

use connector_aws::table::{EXPIRES, INDEXES, KEY, KeySchema};
use serde_json::{Value, json};

use crate::made::resources;

/// A key as the template writes it.
fn written(key: KeySchema) -> Value {
    json!([
        { "AttributeName": key.hash.0, "KeyType": "HASH" },
        { "AttributeName": key.range.0, "KeyType": "RANGE" },
    ])
}

fn table() -> &'static Value {
    &resources()["Table"]["Properties"]
}

#[test]
fn the_table_has_the_keys_and_indexes_that_the_code_reads() {
    assert_eq!(table()["KeySchema"], written(KEY));
    let indexes: BTreeMap<&str, &Value> = (table()["GlobalSecondaryIndexes"].as_array().unwrap().iter())
        .map(|index| (index["IndexName"].as_str().unwrap(), index))
        .collect();
    assert_eq!(indexes.len(), INDEXES.len(), "{indexes:?}");
    for (name, key) in INDEXES {
        let index = indexes.get(name).unwrap_or_else(|| panic!("there is no index {name}"));
        assert_eq!(index["KeySchema"], written(key), "{name}");
        assert_eq!(index["Projection"], json!({ "ProjectionType": "KEYS_ONLY" }), "{name}");
    }
}

#[test]
fn the_attributes_of_keys_have_the_types_that_the_code_writes() {
    let keys = INDEXES.into_iter().map(|(_, key)| key).chain([KEY]);
    let expected: BTreeMap<&str, String> =
        keys.flat_map(|key| [key.hash, key.range]).map(|(name, kind)| (name, kind.to_string())).collect();
    let said: BTreeMap<&str, String> = (table()["AttributeDefinitions"].as_array().unwrap().iter())
        .map(|told| {
            let word = |name: &str| told[name].as_str().unwrap();
            (word("AttributeName"), word("AttributeType").to_owned())
        })
        .collect();
    assert_eq!(said, expected);
}

#[test]
fn the_table_is_kept_and_can_be_brought_back() {
    let table = table();
    assert_eq!(table["TimeToLiveSpecification"], json!({ "AttributeName": EXPIRES, "Enabled": true }));
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(resources()["Table"]["DeletionPolicy"], "Retain");
}
