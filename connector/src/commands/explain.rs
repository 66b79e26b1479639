//! `connector explain`.

use std::process::ExitCode;
use std::time::Duration;

use connector_domain::{Deadline, Sku};
use connector_ports::{PartFacts, Published, ShelfIssue, ShopPlace, Stocked};
use connector_sync::catalogue::explain::{
    LevelTold, Owed, PriceExplained, PriceTold, StockExplained, StockRowTold,
};

use crate::cli::{Everywhere, ExplainCommand};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

/// What both systems may take to answer.
const PATIENCE: Duration = Duration::from_mins(5);

pub(super) async fn run(
    command: ExplainCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let deadline = Deadline::after(machine.surroundings.clock.as_ref(), PATIENCE);
    match command {
        ExplainCommand::Price { sku, which } => {
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            let told = deployment.catalogue().explain_price(&connection, &Sku(sku), deadline).await?;
            screen.show(&told, price)?;
            Ok(if told.issue.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ExplainCommand::Stock { sku, which } => {
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            let told = deployment.catalogue().explain_stock(&connection, &Sku(sku), deadline).await?;
            screen.show(&told, stock)?;
            Ok(if told.issue.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn price(told: &PriceExplained) -> String {
    let mut parts = vec![format!("{} at {:.0}", told.sku, told.at)];
    if !told.published {
        parts.push("! nothing is published: catalogue.publish is false".to_owned());
    }
    parts.push(place(told.place));
    if told.rows.is_empty() {
        parts.push("! Kinetic has no such part; is it spelled as in Kinetic?".to_owned());
    } else {
        let header = ["from", "is the store's", "Kinetic says", "one makes", "published"];
        parts.push(table(&header, told.rows.iter().map(price_row)));
    }
    parts.extend(told.in_store.as_ref().map(|price| format!("– the store shows {price} as its price now")));
    if !told.changes.is_empty() {
        parts.push(table(&["changed at", "what", "from", "to"], told.changes.iter().map(change)));
    }
    parts.extend(told.issue.as_ref().map(issue));
    parts.join("\n")
}

fn price_row(told: &PriceTold) -> Vec<String> {
    let PriceTold { from, is, says, makes, published } = told;
    vec![from.clone(), is.clone(), says.clone(), makes.clone(), or_dash(published.as_ref())]
}

fn issue(issue: &ShelfIssue) -> String {
    let mark = if issue.flagged_only { "! " } else { "✗ " };
    format!("{mark}{} since {:.0}: {}", issue.reason, issue.since, issue.words)
}

fn place(place: Option<ShopPlace>) -> String {
    match place {
        Some(place) if place.simple => format!("product {} of the store", place.product),
        Some(place) => format!("variant {} of product {} of the store", place.variant, place.product),
        None => "not in the store, as far as the connector knows".to_owned(),
    }
}

fn stock(told: &StockExplained) -> String {
    let mut parts = vec![format!("{} at {:.0}", told.sku, told.at)];
    if !told.published {
        parts.push("! stock is not published: stock.publish or catalogue.publish is false".to_owned());
    }
    parts.push(part(told));
    if told.rows.is_empty() {
        parts.push("! Kinetic has no stock of it in any warehouse; is it spelled as in Kinetic?".to_owned());
    } else {
        let header = ["warehouse", "sold from location", told.formula, "available"];
        parts.push(table(&header, told.rows.iter().map(row)));
    }
    if told.owed.is_empty() {
        parts.push("– every order of the store that has it is in Kinetic, or has none of it".to_owned());
    } else {
        parts.push(table(&["sold, and not in Kinetic", "so many"], told.owed.iter().map(owed)));
    }
    if !told.levels.is_empty() {
        let header =
            ["location", "units", "− kept back, − sold", "should offer", "published", "in the store now"];
        parts.push(table(&header, told.levels.iter().map(|level| level_of(level, told))));
    }
    if !told.changes.is_empty() {
        parts.push(table(&["changed at", "what", "from", "to"], told.changes.iter().map(change)));
    }
    parts.extend(told.issue.as_ref().map(issue));
    parts.join("\n")
}

fn part(told: &StockExplained) -> String {
    let place = place(told.place);
    match &told.part {
        Some(PartFacts { stocked, stock_um, sales_um, .. }) => {
            let stocked = match stocked {
                Stocked::Yes => "stocked",
                Stocked::No => "not stocked",
                Stocked::Kit => "a kit",
            };
            format!("{place}; {stocked}, counted in {stock_um}, sold in {sales_um}")
        }
        None => format!("{place}; the job `parts` has not read it yet"),
    }
}

fn row(row: &StockRowTold) -> Vec<String> {
    let location = row.location.map_or_else(|| "nowhere".to_owned(), |location| location.to_string());
    vec![row.warehouse.clone(), location, row.arithmetic.clone(), row.available.to_string()]
}

fn owed(owed: &Owed) -> Vec<String> {
    vec![format!("order {}", owed.order), owed.quantity.to_string()]
}

fn level_of(level: &LevelTold, told: &StockExplained) -> Vec<String> {
    let off =
        level.sellable.saturating_sub(i64::from(told.buffer)).saturating_sub(i64::from(level.level)).max(0);
    vec![
        level.location.to_string(),
        level.sellable.to_string(),
        format!("− {} − {off}", told.buffer),
        level.level.to_string(),
        or_dash(level.published.as_ref()),
        or_dash(level.in_store),
    ]
}

fn change(change: &Published) -> Vec<String> {
    let Published { at, field, old, new, .. } = change;
    vec![format!("{at:.0}"), field.clone(), or_dash(old.as_ref()), or_dash(new.as_ref())]
}
