//! The functions, from their environment to their last invocation.

use aws_lambda_events::event::sqs::SqsEvent;
use connector_aws::Clients;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};
use url::Url;

use crate::config::{ReceiverConfig, WorkerConfig};
use crate::vars::{Reader, Vars};
use crate::{Invocation, catalogue, compose, consumer, logs, receiver, runner, ticker};

/// Runs `webhook-receiver`.
///
/// # Errors
/// Its variables are wrong, or the runtime cannot be reached.
pub async fn webhook_receiver(vars: &Vars) -> Result<(), Error> {
    logs::init(vars)?;
    let config = ReceiverConfig::from_vars(vars)?;
    let app = &compose::receiver(&clients(vars)?, config);
    lambda_http::run(lambda_http::service_fn(|request| receiver::answer(app, request))).await
}

/// Runs `order-consumer`.
///
/// # Errors
/// As [`webhook_receiver`].
pub async fn order_consumer(vars: &Vars) -> Result<(), Error> {
    logs::init(vars)?;
    let config = WorkerConfig::from_vars(vars, &WorkerConfig::CONSUMER)?;
    let app = &compose::consumer(&clients(vars)?, &config)?;
    let handler = |event: LambdaEvent<SqsEvent>| async move {
        let invocation = Invocation::from(&event.context);
        Ok::<_, Error>(consumer::work(app, event.payload, &invocation).await)
    };
    lambda_runtime::run(service_fn(handler)).await
}

/// Runs `job-runner`.
///
/// # Errors
/// As [`webhook_receiver`].
pub async fn job_runner(vars: &Vars) -> Result<(), Error> {
    logs::init(vars)?;
    let config = WorkerConfig::from_vars(vars, &WorkerConfig::RUNNER)?;
    let app = &compose::runner(&clients(vars)?, &config)?;
    let handler = |event: LambdaEvent<SqsEvent>| async move {
        let invocation = Invocation::from(&event.context);
        Ok::<_, Error>(runner::work(app, event.payload, &invocation).await)
    };
    lambda_runtime::run(service_fn(handler)).await
}

/// Runs `catalog-poller`.
///
/// # Errors
/// As [`webhook_receiver`].
pub async fn catalog_poller(vars: &Vars) -> Result<(), Error> {
    logs::init(vars)?;
    let config = WorkerConfig::from_vars(vars, &WorkerConfig::CATALOGUE)?;
    let app = &compose::catalogue(&clients(vars)?, &config)?;
    let handler = |event: LambdaEvent<SqsEvent>| async move {
        let invocation = Invocation::from(&event.context);
        Ok::<_, Error>(catalogue::work(app, event.payload, &invocation).await)
    };
    lambda_runtime::run(service_fn(handler)).await
}

/// Runs `tick`.
///
/// # Errors
/// As [`webhook_receiver`].
pub async fn tick(vars: &Vars) -> Result<(), Error> {
    logs::init(vars)?;
    let config = WorkerConfig::from_vars(vars, &WorkerConfig::TICK)?;
    let app = &compose::ticker(&clients(vars)?, &config)?;
    let handler = |event: LambdaEvent<Value>| async move {
        let ticked = ticker::work(app, &Invocation::from(&event.context)).await;
        let (woken, jobs, problems) = (ticked.woken, ticked.jobs, ticked.problems);
        Ok::<_, Error>(json!({ "woken": woken, "jobs": jobs, "problems": problems }))
    };
    lambda_runtime::run(service_fn(handler)).await
}

/// Lambda says where it runs; an emulator says where it is.
fn clients(vars: &Vars) -> Result<Clients, Error> {
    let mut reader = Reader::new(vars);
    let region = reader.text("AWS_REGION");
    let endpoint: Option<Url> = reader.optional("AWS_ENDPOINT_URL");
    let (region, endpoint) = reader.done((region, endpoint))?;
    Ok(Clients::in_lambda(&region, endpoint.as_ref())?)
}
