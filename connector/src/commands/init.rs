//! `connector connection init`: asks for what a connection needs, and writes its file.

use std::fs::OpenOptions;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use connector_domain::ConnectionId;
use console::Term;
use toml::{Table, Value};

use super::connection::{put, read};
use crate::cli::{ConnectionInit, Everywhere};
use crate::machine::Machine;
use crate::private_file;
use crate::screen::Screen;

pub(super) async fn run(
    asked: &ConnectionInit,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let table = match &asked.from {
        Some(from) => {
            let connection = read(from, machine)?;
            if asked.put {
                return put(connection, false, everywhere, screen, machine).await;
            }
            let text = std::fs::read_to_string(from)
                .with_context(|| format!("{} cannot be read", from.display()))?;
            let out = &asked.out;
            if from.parent().unwrap_or(Path::new("")) != out.parent().unwrap_or(Path::new("")) {
                bail!("--out must be beside --from: paths in the file are relative to its folder");
            }
            text
        }
        None => questions(&asked.out)?,
    };
    written(&asked.out, &table)?;
    if asked.put {
        // What was typed is read as any other file, so that nothing wrong is stored.
        let connection = read(&asked.out, machine)?;
        return put(connection, false, everywhere, screen, machine).await;
    }
    let path = asked.out.display().to_string();
    let told = serde_json::json!({ "file": path });
    screen.show(&told, |_| {
        format!(
            "✓ {path} written, readable by you alone. Next: connector connection validate {path}, then put"
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A new file; one that is there is left alone.
fn written(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private_file::owner_only(&mut options);
    let mut file = options.open(path).with_context(|| {
        format!(
            "{} cannot be written: name another --out, or move the file that is there away",
            path.display()
        )
    })?;
    Ok(file.write_all(text.as_bytes())?)
}

/// Asks a person at the terminal. What is secret is not shown while it is typed.
fn questions(out: &Path) -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        bail!(
            "there is nobody to ask: run it at a terminal, or give a file with --from FILE (connector/connection.example.toml shows one)"
        );
    }
    let term = Term::stderr();
    if out.exists() {
        bail!("{} is there already: name another --out, or move it away", out.display());
    }
    let ask = Asking { term: &term };
    let mut root = Table::new();
    let id =
        ask.until("Name of the connection (a-z, 0-9, -)", |text| text.parse::<ConnectionId>().is_ok())?;
    root.insert("id".to_owned(), id.into());
    let rules =
        ask.until("Its rules, a file (docs/rules.example.toml shows one)", |text| !text.is_empty())?;
    root.insert("rules".to_owned(), rules.into());
    let mut shop = Table::new();
    shop.insert("store_hash".to_owned(), ask.filled("BigCommerce store hash")?);
    shop.insert("access_token".to_owned(), ask.secret("BigCommerce access token")?);
    shop.insert("client_secrets".to_owned(), Value::Array(vec![ask.secret("BigCommerce client secret")?]));
    let header = ask.line("Header of your own on each webhook, such as X-Connector-Secret (empty: none)")?;
    if !header.is_empty() {
        let secret = ask.secret("Its secret value")?;
        let table = Table::from_iter([("name".to_owned(), header.into()), ("secret".to_owned(), secret)]);
        shop.insert("webhook_header".to_owned(), Value::Table(table));
    }
    root.insert("bigcommerce".to_owned(), Value::Table(shop));
    let mut kinetic = Table::new();
    kinetic.insert(
        "base_url".to_owned(),
        ask.filled("Kinetic's address with the instance, https://host/KineticLive")?,
    );
    kinetic.insert("company".to_owned(), ask.filled("Kinetic company")?);
    kinetic.insert("api_key".to_owned(), ask.secret("Kinetic API key")?);
    let ca = ask.line("File with the plant's own certificate authority (empty: none)")?;
    if !ca.is_empty() {
        kinetic.insert("ca_pem".to_owned(), format!("file:{ca}").into());
    }
    kinetic.insert("login".to_owned(), Value::Table(login(&ask)?));
    root.insert("kinetic".to_owned(), Value::Table(kinetic));
    Ok(toml::to_string(&root)?)
}

fn login(ask: &Asking<'_>) -> anyhow::Result<Table> {
    let methods = ["basic", "token", "client_credentials"];
    let method = ask
        .until("How the user is known: basic, token or client_credentials", |text| methods.contains(&text))?;
    let mut login = Table::new();
    if method == "client_credentials" {
        login.insert("token_url".to_owned(), ask.filled("Token address of the identity provider")?);
        login.insert("client_id".to_owned(), ask.filled("Client id")?);
        login.insert("client_secret".to_owned(), ask.secret("Client secret")?);
        for (key, what) in [("scope", "Scope (empty: none)"), ("audience", "Audience (empty: none)")] {
            let text = ask.line(what)?;
            if !text.is_empty() {
                login.insert(key.to_owned(), text.into());
            }
        }
    } else {
        login.insert("username".to_owned(), ask.filled("Kinetic user")?);
        login.insert("password".to_owned(), ask.secret("Its password")?);
    }
    login.insert("method".to_owned(), method.into());
    Ok(login)
}

struct Asking<'a> {
    term: &'a Term,
}

impl Asking<'_> {
    fn line(&self, what: &str) -> anyhow::Result<String> {
        self.term.write_str(&format!("{what}: "))?;
        Ok(self.term.read_line()?.trim().to_owned())
    }

    fn until(&self, what: &str, good: impl Fn(&str) -> bool) -> anyhow::Result<String> {
        loop {
            let text = self.line(what)?;
            if good(&text) {
                return Ok(text);
            }
            self.term.write_line("  that cannot be; once more")?;
        }
    }

    fn filled(&self, what: &str) -> anyhow::Result<Value> {
        Ok(self.until(what, |text| !text.is_empty())?.into())
    }

    /// Not echoed. `env:NAME` and `file:PATH` are kept as such.
    fn secret(&self, what: &str) -> anyhow::Result<Value> {
        loop {
            self.term.write_str(&format!("{what} (not shown; env:NAME or file:PATH are kept as such): "))?;
            let text = self.term.read_secure_line()?;
            if !text.trim().is_empty() {
                return Ok(text.trim().into());
            }
            self.term.write_line("  that cannot be empty; once more")?;
        }
    }
}
