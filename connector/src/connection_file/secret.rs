//! Secrets of the file: as values, from a variable (`env:NAME`) or from a file (`file:path`).

use std::fs;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use toml::Value;

use super::section::Section;
use crate::machine::Machine;

/// Where `env:` and `file:` lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    /// Whose variables.
    pub(super) machine: &'a Machine,
    /// Paths are relative to it: the folder of the connection's file.
    pub(super) folder: &'a Path,
}

impl Origin<'_> {
    /// The secret `key`, which must be there.
    pub(super) fn needed(self, section: &mut Section, key: &'static str) -> SecretString {
        let text = section.needed(key);
        if text.is_empty() { SecretString::default() } else { self.found(section, key, &text) }
    }

    /// The text `key` in the same three forms; `None` if it is absent.
    pub(super) fn optional(self, section: &mut Section, key: &'static str) -> Option<SecretString> {
        let text = section.text(key)?;
        Some(self.found(section, key, &text))
    }

    /// One secret, or a list of one or two, under `key`.
    pub(super) fn one_or_two(self, section: &mut Section, key: &'static str) -> Vec<SecretString> {
        let texts = match section.value(key) {
            None => Err("is missing".to_owned()),
            Some(Value::String(text)) => Ok(vec![text]),
            Some(Value::Array(values)) => {
                let texts: Option<Vec<_>> = values.iter().map(|v| v.as_str().map(str::to_owned)).collect();
                texts.filter(|texts| (1..=2).contains(&texts.len())).ok_or_else(|| {
                    "must be one or two texts in quotes; two only while the secret is being changed"
                        .to_owned()
                })
            }
            Some(other) => {
                section.wrong::<()>(key, "a text in quotes, or a list of two", &other);
                return Vec::new();
            }
        };
        match texts {
            Ok(texts) => texts.iter().map(|text| self.found(section, key, text)).collect(),
            Err(what) => {
                section.problem(key, &what);
                Vec::new()
            }
        }
    }

    fn found(self, section: &mut Section, key: &str, text: &str) -> SecretString {
        let found = self.resolved(text);
        match found {
            Ok(secret) if !secret.expose_secret().trim().is_empty() => secret,
            Ok(_) => {
                section.problem(key, "is empty");
                SecretString::default()
            }
            Err(what) => {
                section.problem(key, &what);
                SecretString::default()
            }
        }
    }

    fn resolved(self, text: &str) -> Result<SecretString, String> {
        if let Some(name) = text.strip_prefix("env:") {
            let value = self.machine.var(name).ok_or_else(|| {
                format!("names the variable {name}, which is not set; export it, or write file:PATH")
            })?;
            return Ok(SecretString::from(value));
        }
        if let Some(path) = text.strip_prefix("file:") {
            let path = self.folder.join(path);
            let read = fs::read_to_string(&path).map_err(|error| {
                format!("names the file {}, which cannot be read: {error}", path.display())
            })?;
            // Editors end a file with a line break that is no part of the secret.
            return Ok(SecretString::from(read.trim_end_matches(['\r', '\n'])));
        }
        Ok(SecretString::from(text))
    }
}
