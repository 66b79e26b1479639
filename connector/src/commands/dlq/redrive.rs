//! `connector dlq redrive`.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connector_ports::QueueName;
use connector_sync::dead_letters::{ByReason, End, Listing, Redriven, Wish};
use serde::Serialize;

use super::{listings, morgue};
use crate::cli::DlqRedrive;
use crate::deployment::Deployment;
use crate::machine::Machine;
use crate::screen::{Screen, table};

#[derive(Debug, Serialize)]
struct Told {
    plans: Vec<Planned>,
    /// Nothing was done if it is missing.
    done: Option<Vec<Done>>,
}

/// What a redrive would do with what lies in one queue.
#[derive(Debug, Serialize)]
struct Planned {
    queue: QueueName,
    sent: ByReason,
    dropped: ByReason,
    left: ByReason,
    beyond_the_limit: ByReason,
    settled_since: usize,
    behind: usize,
}

impl Planned {
    fn of(listing: &Listing, wish: &Wish) -> Self {
        let plan = wish.plan(listing);
        Self {
            queue: listing.queue,
            sent: plan.sent,
            dropped: plan.dropped,
            left: plan.left,
            beyond_the_limit: plan.beyond_the_limit,
            settled_since: plan.settled_since,
            behind: plan.behind,
        }
    }
}

/// What a redrive did.
#[derive(Debug, Serialize)]
struct Done {
    queue: QueueName,
    sent: usize,
    /// Each order whose letter was dropped.
    dropped: Vec<String>,
    left: ByReason,
    lingering: usize,
    end: &'static str,
    error: Option<String>,
}

impl Done {
    fn of(queue: QueueName, redriven: Redriven) -> Self {
        let Redriven { sent, dropped, left, lingering, end } = redriven;
        let (end, error) = match end {
            End::Done => ("done", None),
            End::Limit => ("limit", None),
            End::Stopped => ("stopped", None),
            End::Failed(error) => ("failed", Some(error.to_string())),
        };
        let dropped = dropped.iter().map(ToString::to_string).collect();
        Self { queue, sent, dropped, left, lingering, end, error }
    }

    fn is_whole(&self) -> bool {
        self.error.is_none() && self.end != "stopped"
    }
}

pub(super) async fn run(
    asked: &DlqRedrive,
    deployment: &Deployment,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let morgue = morgue(deployment, machine);
    let wish = |limit| Wish {
        connection: asked.connection.clone(),
        drop_settled: asked.drop_settled,
        rate: asked.rate,
        limit,
    };
    let plans = listings(morgue, asked.queue).await?;
    let plans: Vec<_> = plans.iter().map(|listing| Planned::of(listing, &wish(asked.limit))).collect();
    let mut done = Vec::new();
    if asked.yes {
        let stopped = stopped_by_hand();
        let mut touched = 0_usize;
        for queue in plans.iter().map(|plan| plan.queue) {
            let mut progress = |_| {
                if stopped.load(Ordering::Relaxed) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let redriven =
                morgue.redrive(queue, &wish(asked.limit.saturating_sub(touched)), &mut progress).await;
            touched = touched.saturating_add(redriven.touched());
            let one = Done::of(queue, redriven);
            let goes_on = one.is_whole();
            done.push(one);
            if !goes_on {
                break;
            }
        }
    }
    let whole = done.iter().all(Done::is_whole);
    let told = Told { plans, done: asked.yes.then_some(done) };
    screen.show(&told, |told| drawn(told, asked.drop_settled))?;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ctrl-C stops before the next letter.
fn stopped_by_hand() -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = stopped.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    stopped
}

fn drawn(told: &Told, drop_settled: bool) -> String {
    let Some(done) = &told.done else { return planned(&told.plans, drop_settled) };
    let mut lines = Vec::new();
    for one in done {
        let mark = if one.is_whole() { "✓" } else { "✗" };
        lines.push(format!(
            "{mark} {}: {} sent back, {} dropped, {} left",
            one.queue,
            one.sent,
            one.dropped.len(),
            all(&one.left)
        ));
        if !one.dropped.is_empty() {
            lines.push(format!("dropped, because the order was settled since: {}", one.dropped.join(", ")));
        }
        if one.lingering > 0 {
            lines.push(format!(
                "! {} were sent back and are still there; the next redrive sends them once more, which does no harm",
                one.lingering
            ));
        }
        match (&one.error, one.end) {
            (Some(error), _) => lines.push(format!("✗ {error}; the same command goes on")),
            (None, "stopped") => lines.push("✗ stopped; the same command goes on".to_owned()),
            (None, "limit") => lines.push("! the limit is reached; the same command goes on".to_owned()),
            (None, _) => {}
        }
    }
    lines.push("`connector orders show` says what becomes of an order".to_owned());
    lines.join("\n")
}

fn planned(plans: &[Planned], drop_settled: bool) -> String {
    let rows = plans.iter().flat_map(|plan| {
        let fates = [
            ("would be sent back", &plan.sent),
            ("would be dropped", &plan.dropped),
            ("stay", &plan.left),
            ("beyond --limit", &plan.beyond_the_limit),
        ];
        fates.into_iter().flat_map(move |(fate, counted)| {
            counted.iter().map(move |(reason, number)| {
                vec![plan.queue.to_string(), (*reason).to_owned(), number.to_string(), fate.to_owned()]
            })
        })
    });
    let rows: Vec<_> = rows.collect();
    let behind: usize = plans.iter().map(|plan| plan.behind).sum();
    if rows.is_empty() && behind == 0 {
        return "there are no dead letters".to_owned();
    }
    let mut lines = vec![table(&["queue", "reason", "letters", "what becomes of them"], rows)];
    if behind > 0 {
        lines.push(format!(
            "! about {behind} more that cannot be looked at yet; they are treated alike when they show"
        ));
    }
    let settled: usize = plans.iter().map(|plan| plan.settled_since).sum();
    if settled > 0 && !drop_settled {
        lines.push(format!(
            "{settled} of them are of orders that were settled since: --drop-settled drops these instead"
        ));
    }
    lines.push("! nothing was done: say --yes to do it".to_owned());
    lines.join("\n")
}

fn all(counted: &ByReason) -> usize {
    counted.values().sum()
}
