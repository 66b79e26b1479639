//! `connector events sign`.

mod delivery;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use connector_bigcommerce::webhook::Need as Proof;
use connector_domain::OrderId;
use connector_ports::Doorway;
use connector_sync::rules::Rules;

use self::delivery::{Delivery, Signed};
use super::connection::read;
use crate::cli::{EventsCommand, EventsSign, Everywhere, Signature};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{self, Screen};

pub(super) async fn run(
    command: EventsCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let EventsCommand::Sign(asked) = command;
    let doorway = doorway(&asked, everywhere, machine).await?;
    let rules = Rules::parse(&doorway.rules).map_err(|problems| {
        anyhow::anyhow!("the rules of connection {} are wrong: {problems}", doorway.id)
    })?;
    let policy = &rules.webhooks;
    let (method, need) = match asked.method {
        Signature::StandardWebhooks => ("standard_webhooks", policy.standard),
        Signature::BcSignature => ("bc_signature", policy.bc_signature),
    };
    if need == Proof::Off {
        bail!("the rules of connection {} switch {method} off: sign with the other --method", doorway.id);
    }
    let delivery = Delivery {
        doorway: &doorway,
        policy,
        order: OrderId(asked.order),
        scope: &asked.scope,
        method: asked.method,
        now: machine.surroundings.clock.now(),
        id: uuid::Uuid::new_v4(),
        with_header: asked.out.is_some(),
    };
    let signed = delivery.signed()?;
    let text = if asked.http_api {
        serde_json::to_string_pretty(&signed.as_http_api(&doorway.id))?
    } else if screen.json {
        serde_json::to_string_pretty(&signed)?
    } else {
        plain(&signed)
    };
    if let Some(path) = &asked.out {
        write(path, &text)?;
        return told(path, screen);
    }
    if policy.custom_header == Proof::Required {
        bail!(
            "connection {} requires its secret header, and a secret is never printed: write the event to a file with --out FILE",
            doorway.id
        );
    }
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// From a file, or as stored.
async fn doorway(asked: &EventsSign, everywhere: &Everywhere, machine: &Machine) -> anyhow::Result<Doorway> {
    if let Some(file) = &asked.file {
        return Ok(Doorway::from(read(file, machine)?));
    }
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let id = deployment.chosen(asked.which.connection.as_ref()).await?;
    let found = deployment.doorways.read(&id).await?;
    found.with_context(|| format!("connection {id} was removed meanwhile"))
}

/// Headers, an empty line, the body: as a request over HTTP is written.
fn plain(signed: &Signed) -> String {
    let headers: Vec<_> = signed.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{}\n{}", headers.concat(), signed.body)
}

/// A file that only its owner can read: it may hold the secret header.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    crate::private_file::owner_only(&mut options);
    let open = || {
        let mut file = options.open(path)?;
        crate::private_file::close_to_others(&file)?;
        writeln!(file, "{text}")
    };
    open().with_context(|| format!("{} cannot be written", path.display()))
}

fn told(path: &Path, screen: Screen) -> anyhow::Result<ExitCode> {
    let told = serde_json::json!({ "file": path.display().to_string() });
    screen.show(&told, |_| format!("✓ written to {}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}
