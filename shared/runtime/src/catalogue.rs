//! `catalog-poller`: the messages of the catalogue's queue, one an invocation.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use connector_aws::AwsInbox;
use connector_domain::Deadline;
use connector_ports::{DedupId, JobMessage, QueueName, Received, Shelf};
use connector_sync::catalogue::CatalogueJob;
use connector_sync::jobs::Ran;

use crate::compose::Ports;
use crate::invocation::Invocation;
use crate::metrics::{Metric, Metrics};
use crate::settled::{bury, hide, in_turn};

/// What the poller stands on.
#[derive(Debug)]
pub struct CataloguePoller {
    /// The ports and the connections.
    pub ports: Ports,
    /// What was published.
    pub shelf: Box<dyn Shelf>,
    /// The queue it receives from.
    pub inbox: AwsInbox,
    /// What is counted.
    pub metrics: Metrics,
}

/// Runs each job in turn. A job that fails is done: it is due again at its next time.
pub async fn work(poller: &CataloguePoller, event: SqsEvent, invocation: &Invocation) -> SqsBatchResponse {
    in_turn(event, QueueName::Catalogue, async |message| one(poller, message, invocation.deadline).await)
        .await
}

/// Whether the message is done.
async fn one(poller: &CataloguePoller, message: &Received, deadline: Deadline) -> bool {
    let clock = poller.ports.directory.surroundings().clock.as_ref();
    if let Err(error) = hide(&poller.inbox, message, deadline, clock).await {
        tracing::warn!(lane = %message.lane, %error, "a message of lane {} is left alone: {error}", message.lane);
        return false;
    }
    let (asked, job) = match read(message) {
        Ok(read) => read,
        Err(why) => {
            return bury(&poller.inbox, message, &why, &poller.metrics).await;
        }
    };
    let (connection, name) = (&asked.connection, job.as_str());
    match poller.ports.catalogue(poller.shelf.as_ref()).run(job, connection, deadline).await {
        Ok(Ran { sent, figures, more }) => {
            tracing::info!(%connection, job = name, sent, "job {name} of {connection}: the store has taken {sent} changes");
            let published = u64::try_from(sent).unwrap_or(u64::MAX);
            let figures = figures.into_iter().map(|(figure, number)| (Metric::from(figure), number));
            let measured: Vec<_> =
                figures.chain([(Metric::JobsRun, 1), (Metric::CataloguePublished, published)]).collect();
            poller.metrics.write(Some(connection), &measured);
            if more {
                go_on(poller, &asked).await;
            }
        }
        Err(error) => {
            tracing::error!(%connection, job = name, %error, "job {name} of {connection} waits for its next time: {error}");
            poller.metrics.write(Some(connection), &[(Metric::JobsFailed, 1)]);
        }
    }
    true
}

/// One that was cut off and got on sends itself on. If that fails the tick does it, a minute later.
async fn go_on(poller: &CataloguePoller, asked: &JobMessage) {
    let dedup = DedupId::fresh(poller.ports.directory.surroundings().random.as_ref());
    if let Err(error) = poller.ports.queue.send_catalogue(&asked.again(dedup)).await {
        let (connection, job) = (&asked.connection, &asked.job);
        tracing::warn!(%connection, job, %error, "job {job} of {connection} goes on with the next tick: {error}");
    }
}

fn read(message: &Received) -> Result<(JobMessage, CatalogueJob), String> {
    let read =
        JobMessage::from_body(&message.body, message.dedup.clone()).map_err(|error| error.to_string())?;
    let job =
        CatalogueJob::named(&read.job).ok_or_else(|| format!("the catalogue has no job \"{}\"", read.job))?;
    Ok((read, job))
}
