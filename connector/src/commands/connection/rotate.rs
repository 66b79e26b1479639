//! `connector connection rotate …`: a secret of a store changes, and no delivery is refused meanwhile (`docs/rotations.md`).

mod status;

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use connector_bigcommerce::{BigCommerce, Settings};
use connector_domain::{ConnectionId, Deadline, OrderId};
use connector_http::{Transport, TransportSettings};
use connector_ports::{Connection, NotRotated};
use connector_sync::rules::Rules;
use console::Term;
use secrecy::SecretString;

use crate::cli::{Everywhere, RotateAccount, RotateCommand};
use crate::connection_file::{self, Account};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::Screen;

/// For all calls of one command.
const ALL: Duration = Duration::from_mins(1);

pub(super) async fn run(
    command: RotateCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let which = match &command {
        RotateCommand::Header(which) | RotateCommand::Status(which) => which,
        RotateCommand::Account(asked) => &asked.which,
    };
    let id = deployment.chosen(which.connection.as_ref()).await?;
    let stored = deployment.connections.read(&id).await?;
    let mut connection = stored.with_context(|| format!("connection {id} was removed meanwhile"))?;
    match &command {
        RotateCommand::Status(_) => {}
        RotateCommand::Header(_) => {
            let now = machine.surroundings.clock.now();
            let shop = &mut connection.credentials.bigcommerce;
            shop.rotate_header(made(machine), now).map_err(|error| refused(&id, "secret header", &error))?;
            deployment.put(&connection).await?;
        }
        RotateCommand::Account(asked) => {
            let Account { access_token, client_secret } = account(asked, machine)?;
            let now = machine.surroundings.clock.now();
            let shop = &mut connection.credentials.bigcommerce;
            shop.rotate_account(access_token, client_secret, now)
                .map_err(|error| refused(&id, "API account", &error))?;
            lets_in(&connection, machine).await?;
            deployment.put(&connection).await?;
        }
    }
    status::show(&connection, screen, machine).await
}

fn refused(id: &ConnectionId, what: &str, error: &NotRotated) -> anyhow::Error {
    anyhow!("the {what} of {id} was not changed: {error}")
}

/// 256 bits that nobody sees.
fn made(machine: &Machine) -> SecretString {
    let random = machine.surroundings.random.as_ref();
    format!("{:032x}{:032x}", random.next_u128(), random.next_u128()).into()
}

/// From a file, or from a person at the terminal, who does not see what is typed.
fn account(asked: &RotateAccount, machine: &Machine) -> anyhow::Result<Account> {
    if let Some(file) = &asked.from {
        return connection_file::account(file, machine).map_err(|problems| {
            anyhow!("{} cannot be used:\n  {}", file.display(), problems.0.join("\n  "))
        });
    }
    if !std::io::stdin().is_terminal() {
        bail!(
            "there is nobody to ask: run it at a terminal, or give a file with --from FILE that says access_token and client_secret"
        );
    }
    let term = Term::stderr();
    let ask = |what: &str| -> anyhow::Result<SecretString> {
        loop {
            term.write_str(&format!("{what} of the new API account (not shown): "))?;
            let text = SecretString::from(term.read_secure_line()?.trim());
            if !secrecy::ExposeSecret::expose_secret(&text).is_empty() {
                return Ok(text);
            }
            term.write_line("  that cannot be empty; once more")?;
        }
    };
    Ok(Account { access_token: ask("access token")?, client_secret: ask("client secret")? })
}

/// Whether the new token opens what the connector uses: with a wrong one every order would wait from now on.
async fn lets_in(connection: &Connection, machine: &Machine) -> anyhow::Result<()> {
    let shop = store(connection, &connection.credentials.bigcommerce.access_token, machine)?;
    let deadline = Deadline::after(machine.surroundings.clock.as_ref(), ALL);
    let told = |what: &str, error: &dyn std::fmt::Display| {
        anyhow!("the new API account may not {what}, so nothing was changed: {error}")
    };
    shop.hooks().list(deadline).await.map_err(|error| told("list hooks", &error))?;
    shop.orders().get(OrderId(1), deadline).await.map_err(|error| told("read orders", &error))?;
    Ok(())
}

/// The store, let in by `token`.
fn store(connection: &Connection, token: &SecretString, machine: &Machine) -> anyhow::Result<BigCommerce> {
    let rules = Rules::parse(&connection.rules)
        .map_err(|problems| anyhow!("the rules of {} are wrong: {problems}", connection.id))?;
    let shop = &connection.credentials.bigcommerce;
    let settings = Settings {
        base_url: shop.base_url.clone(),
        store_hash: shop.store_hash.clone(),
        access_token: token.clone(),
        quota_share: rules.quota_share,
    };
    let transport = Transport::new(&TransportSettings::default())?;
    Ok(BigCommerce::new(settings, transport, machine.surroundings.clone())?)
}
