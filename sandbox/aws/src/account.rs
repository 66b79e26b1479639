//! A table, queues and secrets on an emulator, which nobody else has.

use std::time::Duration;

use anyhow::{Context as _, Result};
use connector_aws::queues::{self, Made};
use connector_aws::{Clients, QueueUrls, TableName, table};
use connector_ports::QueueName;
use connector_sandbox::terminal::endpoint::Endpoint;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

/// The region that the emulator is told; it has only one.
const REGION: &str = "eu-west-1";

/// The resources of one deployment, which may be told to another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    endpoint: Url,
    name: String,
    orders: Pair,
    jobs: Pair,
    catalogue: Pair,
}

/// A queue and its dead letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pair {
    url: String,
    dead_letters: String,
}

impl Account {
    /// Makes a table and queues with a name of their own at `endpoint`. A received message is invisible for `visibility`, unless its
    /// receiver says otherwise.
    ///
    /// # Errors
    /// Nobody answers there, or something could not be made.
    pub async fn new(endpoint: &Endpoint, visibility: Duration) -> Result<Self> {
        let name = format!("sandbox-{}", Uuid::new_v4().simple());
        let clients = Clients::at(endpoint.url(), REGION)?;
        let advice = || {
            format!(
                "nothing could be made at {endpoint}: is an emulator running there? `cargo run -p connector-emulator` starts one and prints \
                 its address"
            )
        };
        table::create(&clients, &TableName(name.clone())).await.with_context(advice)?;
        let Made { urls, dead_letters } =
            queues::create(&clients, &name, visibility).await.with_context(advice)?;
        let endpoint = endpoint.url().clone();
        let pair =
            |queue| Pair { url: urls.of(queue).to_owned(), dead_letters: dead_letters.of(queue).to_owned() };
        let (orders, jobs, catalogue) =
            (pair(QueueName::Orders), pair(QueueName::Jobs), pair(QueueName::Catalogue));
        Ok(Self { endpoint, name, orders, jobs, catalogue })
    }

    /// Clients of the emulator.
    ///
    /// # Errors
    /// They could not be built.
    pub fn clients(&self) -> Result<Clients> {
        Ok(Clients::at(&self.endpoint, REGION)?)
    }

    /// What table and queues are called after.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its queues.
    pub fn queues(&self) -> Made {
        let each = |of: fn(&Pair) -> &String| QueueUrls {
            orders: of(&self.orders).clone(),
            jobs: of(&self.jobs).clone(),
            catalogue: of(&self.catalogue).clone(),
        };
        Made { urls: each(|pair| &pair.url), dead_letters: each(|pair| &pair.dead_letters) }
    }
}
