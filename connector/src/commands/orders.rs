//! `connector orders …`.

mod link;
mod replay;
mod show;

use std::process::ExitCode;

use anyhow::bail;
use connector_domain::{ConnectionId, OrderId};
use connector_ports::{LedgerRow, OrderKey, OrderState, StateName};
use connector_sync::hold::HoldReason;
use serde::Serialize;

use crate::cli::{Everywhere, OrdersCommand, OrdersList};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

/// So many rows are read at once.
const PAGE: usize = 200;

pub(super) async fn run(
    command: OrdersCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    match command {
        OrdersCommand::List(asked) => list(&asked, everywhere, screen, machine).await,
        OrdersCommand::Show { order, which } => {
            let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
            // Orders outlive their connection, and one that is named may be gone.
            let connection = match which.connection {
                Some(named) => named,
                None => deployment.chosen(None).await?,
            };
            show::run(&deployment, &OrderKey { connection, order: OrderId(order) }, screen).await
        }
        OrdersCommand::Replay(asked) => replay::run(&asked, everywhere, screen, machine).await,
        OrdersCommand::Link { order, order_num, which } => {
            let deployment = Deployment::of(everywhere, Need::Queues, machine).await?;
            let connection = deployment.chosen(which.connection.as_ref()).await?;
            link::run(&deployment, &OrderKey { connection, order: OrderId(order) }, order_num, screen).await
        }
    }
}

/// The reason that has this code.
pub(super) fn reason(code: &str) -> anyhow::Result<HoldReason> {
    let Some(found) = HoldReason::ALL.iter().find(|reason| reason.code() == code) else {
        let known: Vec<_> = HoldReason::ALL.iter().map(|reason| reason.code()).collect();
        bail!(
            "no order is ever held for \"{code}\"; say one of: {} (docs/holds.md explains them)",
            known.join(", ")
        );
    };
    Ok(*found)
}

/// One order in the list.
#[derive(Debug, Serialize)]
struct Listed {
    order: OrderId,
    #[serde(flatten)]
    state: OrderState,
    kinetic_order: Option<i32>,
    since: String,
}

impl Listed {
    fn of(row: LedgerRow) -> Self {
        Self {
            order: row.key.order,
            kinetic_order: row.order_num.map(|number| number.0),
            since: row.held_since.unwrap_or(row.changed_at).strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            state: row.state,
        }
    }

    /// Reason or rule, what it is about, and the words.
    fn particulars(&self) -> [String; 3] {
        let nothing = || or_dash(None::<&str>);
        match &self.state {
            OrderState::Held { reason, subject, words } => {
                [reason.clone(), or_dash(subject.as_ref()), words.clone()]
            }
            OrderState::Waiting { rule } | OrderState::Ignored { rule } => {
                [rule.clone(), nothing(), nothing()]
            }
            OrderState::Retrying { attempt, not_before, class } => {
                [class.clone(), format!("attempt {attempt}"), format!("tried again at {not_before:.0}")]
            }
            OrderState::Uncertain { not_before, .. } => {
                ["uncertain".to_owned(), nothing(), format!("looked for again at {not_before:.0}")]
            }
            OrderState::New | OrderState::Synced | OrderState::Cancelled => [nothing(), nothing(), nothing()],
        }
    }
}

#[derive(Debug, Serialize)]
struct List {
    connection: ConnectionId,
    orders: Vec<Listed>,
    /// Whether there are more than were asked for.
    more: bool,
}

async fn list(
    asked: &OrdersList,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let reason = asked.reason.as_deref().map(reason).transpose()?;
    let state = if asked.all { None } else { Some(asked.state) };
    if reason.is_some() && state != Some(StateName::Held) {
        bail!("--reason is about held orders: leave --state and --all out");
    }
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let connection = deployment.chosen(asked.which.connection.as_ref()).await?;
    let (mut orders, mut read, mut more) = (Vec::new(), None::<LedgerRow>, false);
    loop {
        let page = if let Some(reason) = reason {
            let after = read.as_ref().and_then(LedgerRow::held_by);
            deployment.ledger.held(&connection, reason.code(), after.as_deref(), PAGE).await?
        } else {
            let after = read.map(|row| row.key.order);
            deployment.ledger.list(&connection, state, after, PAGE).await?
        };
        let ended = page.len() < PAGE;
        read = page.last().cloned();
        orders.extend(page.into_iter().map(Listed::of));
        more = more || orders.len() > asked.limit;
        if ended || more {
            break;
        }
    }
    orders.truncate(asked.limit);
    if state == Some(StateName::Held) {
        // People work through one reason after another.
        orders.sort_by_cached_key(|order| (order.particulars(), order.order));
    }
    let list = List { connection, orders, more };
    screen.show(&list, |list| drawn(list, state))?;
    Ok(ExitCode::SUCCESS)
}

fn drawn(list: &List, state: Option<StateName>) -> String {
    let what = state.map_or_else(|| "known".to_owned(), |state| state.to_string());
    if list.orders.is_empty() {
        return format!("no order of {} is {what}", list.connection);
    }
    let rows = list.orders.iter().map(|order| {
        let [reason, about, words] = order.particulars();
        vec![
            order.order.to_string(),
            order.state.name().to_string(),
            reason,
            about,
            or_dash(order.kinetic_order),
            order.since.clone(),
            words,
        ]
    });
    let header = ["web order", "state", "reason", "about", "Kinetic order", "since", "what is wrong"];
    let count = list.orders.len();
    let more = if list.more { "; there are more: raise --limit" } else { "" };
    format!("{}\n{count} {what} of {}{more}", table(&header, rows), list.connection)
}
