//! A connection as its owner writes it down: one TOML. `connector/connection.example.toml` shows every key.

mod checks;
mod secret;
mod section;

use std::fs;
use std::path::Path;

use connector_domain::ConnectionId;
use connector_ports::{Connection, Credentials, KineticCredentials, Login, Old, ShopCredentials};
use connector_sync::rules::{Problems, Rules};
use secrecy::{ExposeSecret as _, SecretString};
use toml::{Table, Value};
use url::Url;

use self::secret::Origin;
use self::section::Section;
use crate::machine::Machine;

/// Where every store's API is, unless the file says otherwise.
const BIGCOMMERCE: &str = "https://api.bigcommerce.com";

/// Reads a connection's file and checks all that can be checked without a network.
///
/// # Errors
/// Every problem at once: of the file, of the rules, and of what the clients would refuse. No value of the file is repeated.
pub fn read(path: &Path, machine: &Machine) -> Result<Connection, Problems> {
    let text = fs::read_to_string(path)
        .map_err(|error| Problems(vec![format!("{} cannot be read: {error}", path.display())]))?;
    parse(&text, path.parent().unwrap_or(Path::new("")), machine)
}

/// As [`read`], of a file's text; paths in it are relative to `folder`.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, folder: &Path, machine: &Machine) -> Result<Connection, Problems> {
    let table = text.parse::<Table>().map_err(|error| Problems(vec![not_toml(text, &error)]))?;
    let origin = Origin { machine, folder };
    let mut problems = Vec::new();
    let mut root = Section::root(table);
    let id = root.needed("id");
    let id = id.parse::<ConnectionId>().map_err(|error| {
        if !id.is_empty() {
            root.problem("id", &format!("is {error}"));
        }
    });
    let rules = rules(&mut root, folder);
    let bigcommerce = bigcommerce(root.needed_section("bigcommerce"), origin, &mut problems);
    let kinetic = kinetic(root.needed_section("kinetic"), origin, &mut problems);
    root.close(&mut problems);
    if let Some(Err(wrong)) = rules.as_deref().map(Rules::parse) {
        problems.extend(wrong.0.into_iter().map(|problem| format!("rules: {problem}")));
    }
    let (Ok(id), Some(rules), Some(bigcommerce), Some(kinetic)) = (id, rules, bigcommerce, kinetic) else {
        return Err(Problems(problems));
    };
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let connection = Connection { id, rules, credentials: Credentials { bigcommerce, kinetic } };
    let problems = checks::problems(&connection, &machine.surroundings);
    if problems.is_empty() { Ok(connection) } else { Err(Problems(problems)) }
}

/// The keys of an API account.
#[derive(Debug)]
pub(crate) struct Account {
    /// Opens the store's API.
    pub(crate) access_token: SecretString,
    /// Signs the webhooks of its hooks.
    pub(crate) client_secret: SecretString,
}

/// Reads the keys of an API account from a TOML of `access_token` and `client_secret`, each as in a connection's file.
///
/// # Errors
/// Every problem at once. No value of the file is repeated.
pub(crate) fn account(path: &Path, machine: &Machine) -> Result<Account, Problems> {
    let text = fs::read_to_string(path)
        .map_err(|error| Problems(vec![format!("{} cannot be read: {error}", path.display())]))?;
    let table = text.parse::<Table>().map_err(|error| Problems(vec![not_toml(&text, &error)]))?;
    let origin = Origin { machine, folder: path.parent().unwrap_or(Path::new("")) };
    let (mut root, mut problems) = (Section::root(table), Vec::new());
    let access_token = origin.needed(&mut root, "access_token");
    let client_secret = origin.needed(&mut root, "client_secret");
    root.close(&mut problems);
    if problems.is_empty() { Ok(Account { access_token, client_secret }) } else { Err(Problems(problems)) }
}

/// The parser's own words may repeat a line of the file, so only the place is told.
fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    format!("line {line} is not TOML: look for a missing quotation mark, bracket or = there")
}

/// Inline, or the path of a file.
fn rules(root: &mut Section, folder: &Path) -> Option<String> {
    match root.value("rules") {
        Some(Value::Table(table)) => match toml::to_string(&table) {
            Ok(text) => Some(text),
            Err(error) => {
                root.problem("rules", &format!("cannot be written down again: {error}"));
                None
            }
        },
        Some(Value::String(path)) => {
            let path = folder.join(path);
            match fs::read_to_string(&path) {
                Ok(text) => Some(text),
                Err(error) => {
                    let what = format!("names the file {}, which cannot be read: {error}", path.display());
                    root.problem("rules", &what);
                    None
                }
            }
        }
        Some(other) => root.wrong("rules", "the path of a rules file, or a table [rules]", &other),
        None => {
            root.problem(
                "rules",
                "is missing: name a file, rules = \"rules.toml\", or write a table [rules]",
            );
            None
        }
    }
}

fn bigcommerce(mut section: Section, origin: Origin<'_>, all: &mut Vec<String>) -> Option<ShopCredentials> {
    let base_url = section.text("base_url").unwrap_or_else(|| BIGCOMMERCE.to_owned());
    let base_url = url(&mut section, "base_url", &base_url);
    let store_hash = section.needed("store_hash");
    let access_token = origin.needed(&mut section, "access_token");
    let client_secrets = origin.one_or_two(&mut section, "client_secrets");
    let header = section.section("webhook_header").map(|mut header| {
        let (name, secret) = (header.needed("name"), origin.needed(&mut header, "secret"));
        header.close(all);
        (name, secret)
    });
    section.close(all);
    let old = Old::default();
    Some(ShopCredentials { base_url: base_url?, store_hash, access_token, client_secrets, header, old })
}

fn kinetic(mut section: Section, origin: Origin<'_>, all: &mut Vec<String>) -> Option<KineticCredentials> {
    let base_url = section.needed("base_url");
    let base_url = url(&mut section, "base_url", &base_url);
    let company = section.needed("company");
    let api_key = origin.needed(&mut section, "api_key");
    let login = login(section.needed_section("login"), origin, all);
    let ca_pem = origin.optional(&mut section, "ca_pem").map(|pem| pem.expose_secret().to_owned());
    section.close(all);
    Some(KineticCredentials { base_url: base_url?, company, api_key, login: login?, ca_pem })
}

fn login(mut section: Section, origin: Origin<'_>, all: &mut Vec<String>) -> Option<Login> {
    let method = section.needed("method");
    let user = |section: &mut Section| -> (String, SecretString) {
        (section.needed("username"), origin.needed(section, "password"))
    };
    let login = match method.as_str() {
        "basic" => {
            let (username, password) = user(&mut section);
            Some(Login::Basic { username, password })
        }
        "token" => {
            let (username, password) = user(&mut section);
            Some(Login::Token { username, password })
        }
        "client_credentials" => {
            let token_url = section.needed("token_url");
            let token_url = url(&mut section, "token_url", &token_url);
            let (client_id, client_secret) =
                (section.needed("client_id"), origin.needed(&mut section, "client_secret"));
            let (scope, audience) = (section.text("scope"), section.text("audience"));
            token_url.map(|token_url| Login::ClientCredentials {
                token_url,
                client_id,
                client_secret,
                scope,
                audience,
            })
        }
        // Which other keys belong here depends on the method: naming them unknown would mislead.
        "" => {
            section.abandon(all);
            return None;
        }
        _ => {
            section.problem("method", "must be basic, token or client_credentials");
            section.abandon(all);
            return None;
        }
    };
    section.close(all);
    login
}

fn url(section: &mut Section, key: &'static str, text: &str) -> Option<Url> {
    if text.is_empty() {
        return None;
    }
    let parsed = Url::parse(text).ok();
    if parsed.is_none() {
        section.problem(key, "is no URL; write one like https://host/path");
    }
    parsed
}
