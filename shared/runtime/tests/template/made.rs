//! What AWS makes of the template.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The resources of what AWS makes of the template.
pub(crate) fn resources() -> &'static Value {
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

pub(crate) fn of_type(kind: &str) -> BTreeMap<&'static str, &'static Value> {
    let resources = resources().as_object().unwrap().iter();
    resources.filter(|(_, made)| made["Type"] == kind).map(|(name, made)| (name.as_str(), made)).collect()
}
