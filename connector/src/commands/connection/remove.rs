//! `connector connection remove`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use connector_domain::ConnectionId;
use connector_ports::StateName;
use serde::Serialize;

use crate::cli::{ConnectionRemove, Everywhere};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::Screen;

/// Orders in these states are not finished.
const UNFINISHED: [StateName; 5] =
    [StateName::New, StateName::Waiting, StateName::Retrying, StateName::Uncertain, StateName::Held];

/// More orders than that are not counted.
const COUNTED: usize = 100;

#[derive(Debug, Serialize)]
struct Told {
    connection: ConnectionId,
    removed: bool,
    /// Orders that are not finished, by state; 100 is that many and more.
    unfinished: BTreeMap<&'static str, usize>,
}

pub(super) async fn run(
    asked: &ConnectionRemove,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::Records, machine).await?;
    let id = deployment.chosen(Some(&asked.id)).await?;
    let mut unfinished = BTreeMap::new();
    for state in UNFINISHED {
        let count = deployment.ledger.list(&id, Some(state), None, COUNTED).await?.len();
        if count > 0 {
            unfinished.insert(state.as_str(), count);
        }
    }
    if asked.yes {
        deployment.remove(&id).await?;
    }
    screen.show(&Told { connection: id, removed: asked.yes, unfinished }, drawn)?;
    Ok(ExitCode::SUCCESS)
}

fn drawn(told: &Told) -> String {
    let id = &told.connection;
    let counted = |(state, count): (&&str, &usize)| {
        let more = if *count < COUNTED { "" } else { " and more" };
        format!("{count}{more} {state}")
    };
    let unfinished: Vec<_> = told.unfinished.iter().map(counted).collect();
    let orders = if unfinished.is_empty() {
        "all of its orders are finished".to_owned()
    } else {
        format!(
            "not finished: {}; they are tried in vain, and people are told, until the connection is put again",
            unfinished.join(", ")
        )
    };
    let outcome = if told.removed {
        format!(
            "✓ {id} is removed; functions that run already forget it within five minutes. Put it again within 30 days, and its secrets come back"
        )
    } else {
        format!("! nothing was removed: say --yes to remove {id}")
    };
    format!(
        "orders: their rows and trails stay; {orders}\n\
         hooks: they stay in the store, and their deliveries are refused; delete them there (`connector hooks list -c {id}` names them, before the removal)\n\
         {outcome}"
    )
}
