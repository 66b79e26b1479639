//! The events of `events/`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use connector_aws::AwsInbox;
use connector_ports::{DedupId, Lane, QueueName};
use serde_json::Value;

use crate::Account;

/// The event `events/{name}` of the repository.
///
/// # Errors
/// It is not there, or no JSON.
pub fn event(name: &str) -> Result<Value> {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// The names of all events of `function`, as [`event`] takes them.
///
/// # Errors
/// The folder cannot be read.
pub fn events(function: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder().join(function))? {
        names.push(format!("{function}/{}", entry?.file_name().to_string_lossy()));
    }
    names.sort();
    Ok(names)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

/// An event of a queue as Lambda would bring it: its only message is sent to `queue` and received there, so that its receipt is one.
///
/// # Errors
/// It is no event with one message, or the queue does not give it back.
pub async fn queued(mut event: Value, account: &Account, queue: QueueName) -> Result<Value> {
    let record = event.pointer_mut("/Records/0").context("an event of a queue")?;
    let said =
        |pointer: &str| record.pointer(pointer).and_then(Value::as_str).map(str::to_owned).context("text");
    let (body, lane) = (said("/body")?, said("/attributes/MessageGroupId")?);
    let dedup = said("/attributes/MessageDeduplicationId")?;
    // An inbox whose dead letters are the queue itself: it can send any text.
    let url = account.queue(queue).to_owned();
    let sender = AwsInbox::new(&account.clients, queue, url.clone(), url);
    sender.send_to_dead_letters(body.clone(), &Lane::received(lane), &DedupId::received(dedup)).await?;
    let received = account.inbox(queue).receive().await?.context("the message itself")?;
    if received.body != body {
        bail!("another message came: {}", received.body);
    }
    let receipt = record.get_mut("receiptHandle").context("a receipt")?;
    *receipt = Value::from(received.receipt.handle());
    Ok(event)
}
