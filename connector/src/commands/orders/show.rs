//! `connector orders show`.

use std::process::ExitCode;

use anyhow::Context as _;
use connector_ports::{AuditEvent, LedgerRow, OrderKey, OrderState, Settlement, TrailEntry, WriteBack};
use serde::Serialize;

use crate::deployment::Deployment;
use crate::screen::{Screen, or_dash, table};

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    row: LedgerRow,
    trail: Vec<TrailEntry>,
}

pub(super) async fn run(deployment: &Deployment, key: &OrderKey, screen: Screen) -> anyhow::Result<ExitCode> {
    let row = deployment.ledger.get(key).await?.with_context(|| {
        format!(
            "the connector has never heard of order {} of {}: look at its number in the shop, or whether its webhook arrives",
            key.order, key.connection
        )
    })?;
    let trail = deployment.ledger.trail(key).await?;
    screen.show(&Shown { row, trail }, drawn)?;
    Ok(ExitCode::SUCCESS)
}

fn drawn(shown: &Shown) -> String {
    let row = &shown.row;
    let lines = row.lines.iter().map(|(sku, quantity)| format!("{quantity} × {sku}")).collect::<Vec<_>>();
    let mut facts = vec![
        ("state", row.state.to_string()),
        ("Kinetic order", or_dash(row.order_num)),
        ("first seen", format!("{:.0}", row.first_seen)),
        ("state written", format!("{:.0}", row.changed_at)),
        ("lines", if lines.is_empty() { "–".to_owned() } else { lines.join(", ") }),
    ];
    if let OrderState::Held { subject, words, .. } = &row.state {
        facts.push(("about", or_dash(subject.as_ref())));
        facts.push(("what is wrong", words.clone()));
    }
    if let Some(since) = row.held_since {
        facts.push(("a person is asked since", format!("{since:.0}")));
    }
    if let Some(totals) = &row.totals {
        let totals =
            format!("{} in the shop, {} in Kinetic, {}", totals.shop, totals.kinetic, totals.currency);
        facts.push(("totals with tax", totals));
    }
    facts.push((
        "number in the shop",
        match row.write_back {
            WriteBack::NotDue => "not due".to_owned(),
            WriteBack::Pending { attempt, not_before } => {
                format!("to be written (attempt {attempt}, again at {not_before:.0})")
            }
            WriteBack::Done => "written".to_owned(),
        },
    ));
    if let Settlement::Unsettled { step, since, .. } = &row.settlement {
        facts.push(("outcome unknown", format!("{step}, sent at {since:.0}")));
    }
    let facts = table(
        &["order", &row.key.to_string()],
        facts.into_iter().map(|(name, value)| vec![name.to_owned(), value]),
    );
    let trail = table(
        &["no.", "at", "what happened"],
        shown
            .trail
            .iter()
            .map(|entry| vec![entry.number.to_string(), format!("{:.0}", entry.at), happened(&entry.event)]),
    );
    format!("{facts}\n{trail}")
}

fn happened(event: &AuditEvent) -> String {
    match event {
        AuditEvent::Transition { from, to } => format!("{from} → {to}"),
        AuditEvent::Failed { words } => format!("failed: {words}"),
        AuditEvent::RuleFired { rule, detail } => format!("{rule}: {detail}"),
        AuditEvent::SaveIntent { step } => format!("about to save {step}"),
        AuditEvent::SaveOutcome { step, outcome, order_num } => match order_num {
            Some(number) => format!("{step}: {outcome} (Kinetic order {number})"),
            None => format!("{step}: {outcome}"),
        },
    }
}
