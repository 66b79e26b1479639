//! `connector catalog`.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, Sku};
use connector_ports::{ShelfIssue, Shelved};
use connector_sync::catalogue::outlook::{Outlook, Planned, Would};
use serde::Serialize;

use crate::cli::{CatalogCommand, CatalogPlan, Everywhere};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

/// What reading a whole catalogue may take.
const PATIENCE: Duration = Duration::from_hours(2);

pub(super) async fn run(
    command: CatalogCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    match command {
        CatalogCommand::Plan(CatalogPlan { which, limit }) => {
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            plan(&deployment, &connection, limit, screen, machine).await
        }
        CatalogCommand::Restart { which, yes } => {
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            if yes {
                deployment.catalogue().restart(&connection).await?;
            }
            screen.show(&Restarted { connection, restarted: yes }, restarted)?;
            Ok(ExitCode::SUCCESS)
        }
        CatalogCommand::Issues { limit, which } => {
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            issues(&deployment, &connection, limit, screen).await
        }
    }
}

async fn plan(
    deployment: &Deployment,
    connection: &ConnectionId,
    limit: usize,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deadline = Deadline::after(machine.surroundings.clock.as_ref(), PATIENCE);
    let watched = std::io::stderr().is_terminal();
    let seen = |parts: usize| {
        if watched {
            anstream::eprint!("\r{parts} parts read");
        }
    };
    let told = deployment.catalogue().outlook(connection, limit, seen, deadline).await;
    if watched {
        anstream::eprintln!();
    }
    screen.show(&told?, planned)?;
    Ok(ExitCode::SUCCESS)
}

fn planned(outlook: &Outlook) -> String {
    let mut parts = Vec::new();
    if !outlook.planned.is_empty() {
        let header = ["SKU", "would", "field", "published", "would be"];
        parts.push(table(&header, outlook.planned.iter().map(row)));
    }
    if outlook.besides > 0 {
        parts.push(format!("and {} more; say --limit for more of them", outlook.besides));
    }
    let count = |would| outlook.counts.get(&would).copied().unwrap_or_default();
    let counts = [
        (count(Would::Create), "products to create"),
        (count(Would::Change), "fields to write"),
        (count(Would::Level), "levels of stock to set"),
        (count(Would::Hold), "SKUs held for a person"),
    ];
    let counts: Vec<String> = counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
    parts.push(format!("{} parts read: {}. Nothing was written", outlook.parts, counts.join(", ")));
    parts.join("\n")
}

fn row(planned: &Planned) -> Vec<String> {
    let Planned { sku, would, field, old, new, words } = planned;
    let would = match would {
        Would::Create => "be created",
        Would::Change => "be written",
        Would::Level => "be set",
        Would::Hold => "be held",
    };
    let new = new.clone().or_else(|| words.clone());
    vec![sku.to_string(), would.to_owned(), or_dash(field.as_ref()), or_dash(old.as_ref()), or_dash(new)]
}

#[derive(Debug, Serialize)]
struct Restarted {
    connection: ConnectionId,
    restarted: bool,
}

fn restarted(told: &Restarted) -> String {
    let connection = &told.connection;
    if told.restarted {
        format!(
            "✓ all jobs of the catalogue of {connection} begin anew with the next minute; what is as it should be costs nothing in the store"
        )
    } else {
        format!(
            "all parts, prices and levels of {connection} would be read anew, and what differs from what was published would go out. See first what that is: connector catalog plan. Then say --yes"
        )
    }
}

/// A SKU that something is wrong with.
#[derive(Debug, Serialize)]
struct Wrong {
    sku: Sku,
    #[serde(flatten)]
    issue: ShelfIssue,
}

async fn issues(
    deployment: &Deployment,
    connection: &ConnectionId,
    limit: usize,
    screen: Screen,
) -> anyhow::Result<ExitCode> {
    let found = deployment.shelf.with_issue(connection, None, limit).await?;
    let wrong = |(sku, record): (Sku, Shelved)| Some(Wrong { sku, issue: record.issue? });
    let found: Vec<Wrong> = found.into_iter().filter_map(wrong).collect();
    screen.show(&found, |found| {
        if found.is_empty() {
            return "✓ nothing is wrong with any SKU".to_owned();
        }
        let row = |wrong: &Wrong| {
            let ShelfIssue { reason, words, since, flagged_only } = &wrong.issue;
            let goes_out = if *flagged_only { "! goes out" } else { "✗ held" };
            vec![
                wrong.sku.to_string(),
                goes_out.to_owned(),
                reason.clone(),
                format!("{since:.0}"),
                words.clone(),
            ]
        };
        let shown = table(&["SKU", "", "reason", "since", "what to do"], found.iter().map(row));
        if found.len() < limit { shown } else { format!("{shown}\nthere may be more; say --limit") }
    })?;
    let held = found.iter().any(|wrong| !wrong.issue.flagged_only);
    Ok(if held { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
