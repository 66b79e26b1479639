//! What is linked in: licences and bans of `deny.toml`, held on every run without a network.

use std::collections::BTreeSet;
use std::path::Path;

use cargo_metadata::MetadataCommand;

fn deny() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("deny.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn words(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// Whether an SPDX expression without nested brackets can be met by what is allowed.
fn met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = expression.replace('/', " OR ").replace(['(', ')'], "");
    let any = |part: &str| part.split(" OR ").any(|licence| allowed.contains(licence.trim()));
    plain.split(" AND ").all(any)
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let allowed = words(&deny()["licenses"]["allow"]);
    let metadata = MetadataCommand::new().exec().unwrap();
    for package in metadata.packages {
        let licence = package.license.unwrap_or_default();
        assert!(met(&licence, &allowed), "{} {} is under \"{licence}\"", package.name, package.version);
    }
}

#[test]
fn nothing_that_is_banned_is_linked_in() {
    let metadata = MetadataCommand::new().exec().unwrap();
    let name = |id| metadata.packages.iter().find(|package| &package.id == id).unwrap().name.to_string();
    let edges: Vec<(String, String)> = (metadata.resolve.as_ref().unwrap().nodes.iter())
        .flat_map(|node| node.deps.iter().map(|linked| (name(&node.id), name(&linked.pkg))))
        .collect();
    for ban in deny()["bans"]["deny"].as_array().unwrap() {
        let banned = ban["crate"].as_str().unwrap();
        let wrappers = ban.get("wrappers").map(words).unwrap_or_default();
        for (by, _) in edges.iter().filter(|(_, linked)| linked == banned) {
            assert!(wrappers.contains(by), "{banned} is banned by deny.toml, and {by} brings it");
        }
    }
}

#[test]
fn everything_comes_from_the_registry_or_from_here() {
    let metadata = MetadataCommand::new().exec().unwrap();
    for package in metadata.packages {
        let registry = package.source.as_ref().is_none_or(|source| source.repr.starts_with("registry+"));
        assert!(registry, "{} comes from {:?}", package.name, package.source);
    }
}
