//! `connector orders replay`.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use connector_domain::OrderId;
use connector_ports::{LedgerError, OrderKey};
use connector_sync::replay::{ReplayPlan, Replayed, Selection, plan, send};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::reason;
use crate::cli::{Everywhere, OrdersReplay};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, table};

/// Fewer orders are sent without a bar.
const A_LOT: usize = 20;

#[derive(Debug, Serialize)]
struct Told {
    orders: Vec<Chosen>,
    calls_to_bigcommerce: usize,
    calls_to_kinetic: usize,
    sent: usize,
    stopped: bool,
}

#[derive(Debug, Serialize)]
struct Chosen {
    order: OrderId,
    state: String,
    lines: usize,
}

pub(super) async fn run(
    asked: &OrdersReplay,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let held_for = asked.held_for.as_deref().map(reason).transpose()?;
    let deployment = Deployment::of(everywhere, Need::Queues, machine).await?;
    let connection = deployment.chosen(asked.which.connection.as_ref()).await?;
    let selection = match (asked.order, held_for, asked.failed_since) {
        (Some(order), None, None) => Selection::One(OrderKey { connection, order: OrderId(order) }),
        (None, Some(reason), None) => Selection::HeldFor { connection, reason },
        (None, None, Some(since)) => Selection::FailedSince { connection, since },
        _ => bail!("say one order, --held-for or --failed-since"),
    };
    let plan = match plan(deployment.ledger.as_ref(), &selection).await {
        Err(LedgerError::Unknown(key)) => {
            bail!(
                "the connector has never heard of order {key}: look at its number in the shop, or save it there once more"
            )
        }
        other => other?,
    };
    // One order costs little; several are counted first.
    let wanted = asked.yes || asked.order.is_some();
    let replayed =
        if wanted { sent(&deployment, &plan).await? } else { Replayed { sent: 0, cancelled: false } };
    let told = Told {
        orders: plan
            .orders
            .iter()
            .map(|order| Chosen {
                order: order.key.order,
                state: order.state.to_string(),
                lines: order.lines,
            })
            .collect(),
        calls_to_bigcommerce: plan.calls.shop,
        calls_to_kinetic: plan.calls.kinetic,
        sent: replayed.sent,
        stopped: replayed.cancelled,
    };
    screen.show(&told, |told| drawn(told, wanted))?;
    Ok(if replayed.cancelled { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Sends them; Ctrl-C stops before the next.
async fn sent(deployment: &Deployment, plan: &ReplayPlan) -> anyhow::Result<Replayed> {
    let bar = if plan.orders.len() < A_LOT { ProgressBar::hidden() } else { ProgressBar::new(u64::MAX) };
    bar.set_length(plan.orders.len().try_into().unwrap_or(u64::MAX));
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos} of {len} sent, {eta} left; Ctrl-C stops")?);
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = stopped.clone();
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let sending = send(plan, deployment.queue.as_ref(), &deployment.directory, |_, _| {
        bar.inc(1);
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let replayed = sending.await.context("not all were sent; what was sent is on its way");
    listening.abort();
    bar.finish_and_clear();
    replayed
}

fn drawn(told: &Told, wanted: bool) -> String {
    if told.orders.is_empty() {
        return "there is no such order: nothing to replay".to_owned();
    }
    let rows = told
        .orders
        .iter()
        .map(|order| vec![order.order.to_string(), order.state.clone(), order.lines.to_string()]);
    let (orders, shop, kinetic) = (told.orders.len(), told.calls_to_bigcommerce, told.calls_to_kinetic);
    let outcome = match (wanted, told.stopped) {
        (false, _) => "! nothing was sent: say --yes to send them".to_owned(),
        (true, true) => format!("✗ stopped after {} of {orders}; the same command sends the rest", told.sent),
        (true, false) => format!("✓ sent {}; `connector orders show` says what becomes of each", told.sent),
    };
    format!(
        "{}\n{orders} to be looked at: about {shop} calls to BigCommerce and {kinetic} to Kinetic\n{outcome}",
        table(&["web order", "state", "lines"], rows)
    )
}
