//! `connector dlq …`.

mod redrive;

use std::process::ExitCode;

use connector_domain::{ConnectionId, OrderId};
use connector_ports::{GivenUpBy, QueueName};
use connector_sync::dead_letters::{About, Became, Examined, Listing, Morgue};
use serde::Serialize;

use crate::cli::{DlqCommand, Everywhere};
use crate::deployment::{Deployment, Need};
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

pub(super) async fn run(
    command: DlqCommand,
    everywhere: &Everywhere,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let deployment = Deployment::of(everywhere, Need::DeadLetters, machine).await?;
    match command {
        DlqCommand::List { queue } => {
            let told = Told::of(&listings(morgue(&deployment, machine), queue).await?);
            screen.show(&told, drawn)?;
            Ok(ExitCode::SUCCESS)
        }
        DlqCommand::Redrive(asked) => redrive::run(&asked, &deployment, screen, machine).await,
    }
}

fn morgue<'a>(deployment: &'a Deployment, machine: &'a Machine) -> Morgue<'a> {
    Morgue {
        letters: deployment.letters.as_ref(),
        ledger: deployment.ledger.as_ref(),
        clock: machine.surroundings.clock.as_ref(),
    }
}

/// What lies in one queue, or in both.
async fn listings(morgue: Morgue<'_>, queue: Option<QueueName>) -> anyhow::Result<Vec<Listing>> {
    let mut listings = Vec::new();
    for queue in QueueName::ALL.into_iter().filter(|each| queue.is_none_or(|asked| asked == *each)) {
        listings.push(morgue.list(queue).await?);
    }
    Ok(listings)
}

#[derive(Debug, Serialize)]
struct Told {
    letters: Vec<Lying>,
    /// About how many more there are that cannot be looked at yet.
    behind: usize,
}

/// One letter. Its body is not shown: whoever sent what is none of ours may have put anything into it.
#[derive(Debug, Serialize)]
struct Lying {
    queue: QueueName,
    letter: String,
    lane: String,
    connection: Option<ConnectionId>,
    order: Option<OrderId>,
    job: Option<String>,
    since: String,
    receives: u32,
    given_up_by: GivenUpBy,
    reason: &'static str,
    words: String,
    /// What the ledger says of the order.
    order_is: Option<String>,
    settled_since: bool,
}

impl Told {
    fn of(listings: &[Listing]) -> Self {
        let letters = listings
            .iter()
            .flat_map(|listing| listing.letters.iter().map(|one| Lying::of(listing.queue, one)));
        Self { letters: letters.collect(), behind: listings.iter().map(|listing| listing.behind).sum() }
    }
}

impl Lying {
    fn of(queue: QueueName, examined: &Examined) -> Self {
        let (order, job, order_is) = match &examined.about {
            About::Nothing => (None, None, None),
            About::Job { job, .. } => (None, Some(job.clone()), None),
            About::Order { key, became } => (Some(key.order), None, Some(stands(became))),
        };
        let letter = &examined.letter;
        Self {
            queue,
            letter: letter.id.to_string(),
            lane: letter.lane.to_string(),
            connection: examined.connection().cloned(),
            order,
            job,
            since: format!("{:.0}", letter.since),
            receives: letter.receive_count,
            given_up_by: letter.given_up_by,
            reason: examined.reason.code(),
            words: examined.reason.words(),
            order_is,
            settled_since: examined.settled_order().is_some(),
        }
    }
}

fn stands(became: &Became) -> String {
    match became {
        Became::NeverHeardOf => "never heard of: this letter may be all there is".to_owned(),
        Became::NotTold(words) => format!("not told: {words}"),
        Became::Stands { state, settled_since: true, .. } => format!("✓ {state}, settled since"),
        Became::Stands { state, changed_at, settled_since: false } => {
            format!("{state}, written {changed_at:.0}")
        }
    }
}

fn drawn(told: &Told) -> String {
    let behind = match told.behind {
        0 => String::new(),
        more => format!(
            "\n! about {more} more: behind these in their lanes, or somebody is at work on them; the rest shows when these are gone"
        ),
    };
    if told.letters.is_empty() {
        return format!("there are no dead letters to be looked at{behind}");
    }
    let rows = told.letters.iter().map(|one| {
        let about = one
            .order
            .map(|order| format!("order {order}"))
            .or_else(|| one.job.as_ref().map(|job| format!("job {job}")));
        vec![
            one.queue.to_string(),
            one.lane.clone(),
            or_dash(about),
            one.since.clone(),
            one.reason.to_owned(),
            one.words.clone(),
            or_dash(one.order_is.as_ref()),
        ]
    });
    let header = ["queue", "lane", "about", "since", "reason", "what is wrong", "the order now"];
    format!("{}\n{} dead letters{behind}", table(&header, rows), told.letters.len())
}
