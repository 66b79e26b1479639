//! `job-runner`: the messages of the jobs' queue, one an invocation.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use connector_aws::AwsInbox;
use connector_domain::Deadline;
use connector_ports::{JobMessage, QueueName, Received};
use connector_sync::jobs::{self, Job, Ran};

use crate::compose::Ports;
use crate::invocation::Invocation;
use crate::metrics::{Metric, Metrics};
use crate::settled::{bury, hide, in_turn};

/// What the runner stands on.
#[derive(Debug)]
pub struct JobRunner {
    /// The ports and the connections.
    pub ports: Ports,
    /// The queue it receives from.
    pub inbox: AwsInbox,
    /// What is counted.
    pub metrics: Metrics,
}

/// Runs each job in turn. A job that fails is done: it is due again at its next time.
pub async fn work(runner: &JobRunner, event: SqsEvent, invocation: &Invocation) -> SqsBatchResponse {
    in_turn(event, QueueName::Jobs, async |message| one(runner, message, invocation.deadline).await).await
}

/// Whether the message is done.
async fn one(runner: &JobRunner, message: &Received, deadline: Deadline) -> bool {
    let clock = runner.ports.directory.surroundings().clock.as_ref();
    if let Err(error) = hide(&runner.inbox, message, deadline, clock).await {
        tracing::warn!(lane = %message.lane, %error, "a message of lane {} is left alone: {error}", message.lane);
        return false;
    }
    let (connection, job) = match read(message) {
        Ok(read) => read,
        Err(why) => {
            return bury(&runner.inbox, message, &why, &runner.metrics).await;
        }
    };
    let name = job.as_str();
    match jobs::run(job, &connection, runner.ports.jobs(), deadline).await {
        Ok(Ran { sent, figures, more: _ }) => {
            tracing::info!(%connection, job = name, sent, "job {name} of {connection}: {sent} orders set going");
            let figures = figures.into_iter().map(|(figure, number)| (Metric::from(figure), number));
            let measured: Vec<_> = figures.chain([(Metric::JobsRun, 1)]).collect();
            runner.metrics.write(Some(&connection), &measured);
        }
        Err(error) => {
            tracing::error!(%connection, job = name, %error, "job {name} of {connection} waits for its next time: {error}");
            runner.metrics.write(Some(&connection), &[(Metric::JobsFailed, 1)]);
        }
    }
    true
}

fn read(message: &Received) -> Result<(connector_domain::ConnectionId, Job), String> {
    let read =
        JobMessage::from_body(&message.body, message.dedup.clone()).map_err(|error| error.to_string())?;
    let job = Job::named(&read.job).ok_or_else(|| format!("there is no job \"{}\"", read.job))?;
    Ok((read.connection, job))
}
