//! `connector backfill`.

use std::process::ExitCode;

use anyhow::anyhow;
use connector_domain::{ConnectionId, OrderId};
use connector_sync::poll::{BackFill, Since};
use serde::Serialize;

use crate::cli::{Backfill, Everywhere};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::Screen;

#[derive(Debug, Serialize)]
struct Told {
    connection: ConnectionId,
    from: Since,
    /// Whether it was asked for.
    asked: bool,
    /// One that was under way, in whose place this one comes.
    instead_of: Option<BackFill>,
}

pub(super) async fn run(
    asked: &Backfill,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let connection = deployment.chosen(asked.which.connection.as_ref()).await?;
    let from = match (asked.since, asked.from_order) {
        (Some(moment), _) if moment > machine.surroundings.clock.now() => {
            return Err(anyhow!(
                "--since is in the future; say when the first order was placed that may be missing"
            ));
        }
        (Some(moment), _) => Since::Date(moment),
        (None, Some(order)) => Since::Id(OrderId(order)),
        (None, None) => return Err(anyhow!("say --since TIME or --from-order ORDER")),
    };
    let poller = deployment.poller();
    let instead_of = poller.back_filled(&connection).await?.filter(|earlier| earlier.done_at.is_none());
    if asked.yes {
        poller.back_fill(&connection, from).await?;
    }
    screen.show(&Told { connection, from, asked: asked.yes, instead_of }, drawn)?;
    Ok(ExitCode::SUCCESS)
}

fn drawn(told: &Told) -> String {
    let Told { connection, from, asked, instead_of } = told;
    let what = match from {
        Since::Date(moment) => format!("the orders of {connection} placed since {moment:.0}"),
        Since::Id(order) => format!("the orders of {connection} from {order} on"),
    };
    let mut lines = Vec::new();
    if let Some(earlier) = instead_of {
        let comes = if *asked { "comes" } else { "would come" };
        lines.push(format!(
            "! this {comes} in place of a back-fill that has sent {} orders and is not done",
            earlier.sent
        ));
    }
    lines.push(if *asked {
        format!(
            "✓ {what} are looked at from the next run of the poller on; connector complete shows how far it is"
        )
    } else {
        format!(
            "{what} would be looked at, oldest first, a few at a time: those that the ledger does not know, or knows older, are sent to be \
             worked on; the others stay as they are. Say --yes to ask for it"
        )
    });
    lines.join("\n")
}
