//! A consumer as a process of its own, which may be killed at any moment.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use connector_domain::SeededRandom;
use connector_http::{Transport, TransportSettings};
use connector_ports::{OrderMessage, Received};
use connector_sandbox::terminal::with_random;
use connector_sandbox::{Pipeline, Ports as _, Worked};
use connector_sync::job::Patience;
use connector_sync::orders::Consumed;
use futures_util::future::{Either, select};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, stdin, stdout};

use crate::{Account, Aws};

/// How long one message may take. The deployment's function has 300 s.
pub const BUDGET: Duration = Duration::from_secs(8);

/// How much longer its message is invisible. The deployment's is half a minute.
pub const MARGIN: Duration = Duration::from_secs(2);

/// The longest call to a vendor. Half a minute in the deployment.
const CALL: Duration = Duration::from_secs(2);

/// How much longer than its budget a consumer's claim holds: longer than any call. Two minutes in the deployment.
const REMOTE: Duration = Duration::from_secs(3);

/// What a consumer is told on the first line of its input. The end of its input ends it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assignment {
    /// Where its ports are; connections are in there.
    pub account: Account,
    /// Seed of its jitter and of the ids of its messages. No two processes may have the same.
    pub random: u64,
}

/// A line of a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// It works on a message about this order.
    Begins {
        /// The order.
        order: u64,
        /// How often the message was received.
        receives: u32,
    },
    /// It is done with that message.
    Ends {
        /// What became of the message.
        became: Became,
    },
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Its order was recorded.
    Recorded,
    /// Somebody else had the order.
    Busy,
    /// There was nothing to do any more.
    NotDue,
    /// The order goes on in another message.
    Continued,
    /// A port failed, and it comes back.
    ComesBack,
}

/// Reads the assignment from standard input and works until the input ends.
///
/// # Errors
/// The assignment cannot be read, or nobody listens any more.
pub async fn work() -> Result<()> {
    let mut input = BufReader::new(stdin()).lines();
    let line = input.next_line().await?.context("the assignment is missing: this command is for `kill`")?;
    let Assignment { account, random } = serde_json::from_str(&line).context("the assignment")?;
    let surroundings = with_random(Arc::new(SeededRandom::new(random)));
    let ports = Aws::of(&account, surroundings.clock.clone())?;
    let ports = Arc::new(ports.with_short_leases(REMOTE, BUDGET + REMOTE));
    let transport = Transport::new(&TransportSettings { timeout: CALL, ..TransportSettings::default() })?;
    let pipeline = Pipeline::on(ports, surroundings, transport, patience()).with_margin(MARGIN);
    // Nothing is said on it but its end.
    let ended = std::pin::pin!(async move { while let Ok(Some(_)) = input.next_line().await {} });
    let working = std::pin::pin!(consume(&pipeline));
    match select(ended, working).await {
        Either::Left(_) => Ok(()),
        Either::Right((Err(error), _)) => Err(error),
    }
}

/// Seconds where the product waits minutes.
const fn patience() -> Patience {
    Patience {
        first: Duration::from_millis(200),
        longest: Duration::from_secs(2),
        attempts: 20,
        server_errors: 20,
        settle: REMOTE,
    }
}

async fn consume(pipeline: &Pipeline<Aws>) -> Result<std::convert::Infallible> {
    loop {
        let inbox = pipeline.ports().inbox();
        let again = inbox.arrived();
        match inbox.receive().await {
            Ok(Some(received)) => one(pipeline, &received).await?,
            Ok(None) => again.await,
            Err(error) => {
                tracing::error!(%error, "{error}");
                again.await;
            }
        }
    }
}

async fn one(pipeline: &Pipeline<Aws>, received: &Received) -> Result<()> {
    // Nobody else sends into this queue.
    let message = OrderMessage::from_body(&received.body, received.dedup.clone())?;
    let order = message.order.0;
    say(&Told::Begins { order, receives: received.receive_count }).await?;
    let became = match pipeline.work_on(received, BUDGET).await {
        Ok(Worked::Order { became, .. }) => match became {
            Consumed::Recorded(_) => Became::Recorded,
            Consumed::Busy => Became::Busy,
            Consumed::NotDue => Became::NotDue,
            Consumed::Continued => Became::Continued,
        },
        Ok(Worked::ComesBack { .. } | Worked::Unreadable(_)) => Became::ComesBack,
        Err(error) => {
            tracing::error!(%error, "{error}");
            Became::ComesBack
        }
    };
    say(&Told::Ends { became }).await
}

/// One line on standard output.
async fn say(told: &Told) -> Result<()> {
    let line = serde_json::to_string(told)? + "\n";
    let mut out = stdout();
    out.write_all(line.as_bytes()).await?;
    Ok(out.flush().await?)
}
