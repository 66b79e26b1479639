//! `connector complete`.

use std::process::ExitCode;

use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_sync::poll::{BackFill, HeldOrder, Mismatch, Open, ProofReport, Range, Report, Since, Why};
use serde::Serialize;

use crate::cli::{Everywhere, Which};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

/// The account of a connection, and whose it is.
#[derive(Debug, Serialize)]
struct Told {
    connection: ConnectionId,
    /// When it was read.
    at: Timestamp,
    /// Whether nothing is open and the list was read not long ago.
    complete: bool,
    #[serde(flatten)]
    report: Report,
}

/// A list that was not read to its end for that long is behind: the poller comes every few minutes.
const BEHIND: i64 = 3600;

pub(super) async fn run(
    which: &Which,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let connection = deployment.chosen(which.connection.as_ref()).await?;
    let report = deployment.poller().report(&connection).await?;
    let at = machine.surroundings.clock.now();
    let complete = report.open.is_empty() && report.read_to.is_some_and(|to| !is_behind(to, at));
    let told = Told { connection, at, complete, report };
    screen.show(&told, drawn)?;
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_behind(read_to: Timestamp, now: Timestamp) -> bool {
    now.duration_since(read_to).as_secs() > BEHIND
}

fn drawn(told: &Told) -> String {
    let Told { connection, at, report, .. } = told;
    let Some(begun) = report.begun else {
        return format!(
            "! nobody has looked yet which orders {connection} has: the order-poller does it within minutes of the first tick; if it stays \
             so, look at the alarms of job-runner and tick"
        );
    };
    let counted = match begun.after {
        Some(order) => {
            format!("after order {order}, the newest when the connection began at {:.0}", begun.at)
        }
        None => format!("from the first order, since {:.0}", begun.at),
    };
    let mut parts = vec![format!("{connection}, counted {counted}")];
    parts.push(figures(report, *at));
    if !report.open.is_empty() {
        parts.push(table(&["open", "why", "since", "what to do"], report.open.iter().map(open)));
    }
    if !report.held.is_empty() {
        parts.push(table(&["held", "for", "about", "since", "what to do"], report.held.iter().map(held)));
        if report.held_besides > 0 {
            parts.push(format!("and {} more: connector orders list", report.held_besides));
        }
    }
    if let Some(done) = &report.proof {
        parts.extend(mismatches(done));
        parts.push(proof(done));
    }
    parts.extend(explained(report));
    parts.extend(report.back_fill.as_ref().map(back_fill));
    parts.push(delivery(report));
    parts.push(verdict(told));
    parts.join("\n")
}

fn figures(report: &Report, at: Timestamp) -> String {
    let read_to = report.read_to.map_or_else(String::new, |to| {
        let minutes = at.duration_since(to).as_secs() / 60;
        format!("{to:.0}, {minutes} minutes ago")
    });
    let rows = [
        (
            "accounted to order",
            or_dash(report.accounted_to),
            "every number up to it is in the ledger, or explained",
        ),
        ("list read to", read_to, "every change in the store up to it was seen"),
        (
            "settled to order",
            or_dash(report.settled_to),
            "every order up to it is in Kinetic, cancelled or ignored",
        ),
    ];
    table(
        &["", "", "means"],
        rows.into_iter().map(|(name, value, means)| vec![name.to_owned(), value, means.to_owned()]),
    )
}

fn numbers(range: Range) -> String {
    if range.is_one() { range.first.to_string() } else { format!("{} to {}", range.first, range.last) }
}

fn open(open: &Open) -> Vec<String> {
    let why = match (open.why, open.explained_at) {
        (Why::Sent, _) => "sent to be worked on, not in the ledger yet".to_owned(),
        (Why::Gap, Some(until)) => {
            format!("the store shows no such order; explained if that is still so at {until:.0}")
        }
        (Why::Gap, None) => "the store shows no such order".to_owned(),
    };
    vec![numbers(open.range), why, format!("{:.0}", open.since), open.to_do.to_owned()]
}

fn held(held: &HeldOrder) -> Vec<String> {
    let HeldOrder { order, reason, subject, words, since } = held;
    let since = since.map(|since| format!("{since:.0}"));
    vec![order.to_string(), reason.clone(), or_dash(subject.as_ref()), or_dash(since), words.clone()]
}

fn mismatches(done: &ProofReport) -> Vec<String> {
    if done.mismatches.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![table(
        &["otherwise in Kinetic", "how", "since", "what to do"],
        done.mismatches.iter().map(mismatch),
    )];
    if done.besides > 0 {
        parts.push(format!("and {} more, which are not kept", done.besides));
    }
    parts
}

fn mismatch(known: &Mismatch) -> Vec<String> {
    let Mismatch { order, wrong: _, words, since, to_do } = known;
    vec![order.to_string(), words.clone(), format!("{since:.0}"), (*to_do).to_owned()]
}

fn proof(done: &ProofReport) -> String {
    let ProofReport { begun, ended, next, checked, mismatches, .. } = done;
    let mark = if mismatches.is_empty() { "–" } else { "!" };
    match (begun, ended) {
        (None, _) => format!("{mark} orders are first compared with Kinetic from {next:.0} on"),
        (Some(begun), None) => {
            format!(
                "{mark} orders are being compared with Kinetic since {begun:.0}: {checked} so far, on from {next:.0}"
            )
        }
        (Some(begun), Some(ended)) => format!(
            "{mark} {checked} orders were compared with Kinetic from {begun:.0} to {ended:.0}, again from {next:.0} on"
        ),
    }
}

fn explained(report: &Report) -> Option<String> {
    let ranges = &report.explained.ranges;
    if ranges.is_empty() {
        return None;
    }
    let shown: Vec<String> = ranges.iter().rev().take(10).map(|range| numbers(*range)).collect();
    let below = report.explained.below
        + ranges.iter().rev().skip(10).map(Range::count).fold(0_u64, u64::saturating_add);
    let more = if below > 0 { format!(" and {below} numbers below") } else { String::new() };
    Some(format!("no order was ever seen of: {}{more}", shown.join(", ")))
}

fn back_fill(done: &BackFill) -> String {
    let from = match done.from {
        Since::Date(moment) => format!("orders placed since {moment:.0}"),
        Since::Id(order) => format!("orders from {order} on"),
    };
    let BackFill { sent, after, until, done_at, .. } = done;
    let place = |order: &Option<OrderId>| or_dash(*order);
    match done_at {
        Some(at) => format!("✓ back-filled {from}: {sent} sent, done at {at:.0}"),
        None => format!("– back-filling {from}: {sent} sent, at order {} of {}", place(after), place(until)),
    }
}

fn delivery(report: &Report) -> String {
    let (known, missed) = (report.delivery.known, report.delivery.missed);
    let mark = if missed > 0 { "!" } else { "–" };
    let todo = if missed > 0 { "; connector hooks audit looks why" } else { "" };
    format!(
        "{mark} in the last day {known} orders came by themselves, {missed} were found by the poller alone{todo}"
    )
}

fn verdict(told: &Told) -> String {
    let report = &told.report;
    let behind = report.read_to.is_none_or(|to| is_behind(to, told.at));
    match (report.open.len(), behind) {
        (0, false) => "✓ every order is accounted for".to_owned(),
        (0, true) => {
            "✗ the store's list was not read for an hour: look at the alarms of tick and job-runner, and connector ping".to_owned()
        }
        (some, _) => format!("✗ not accounted for: {some}, see above"),
    }
}
