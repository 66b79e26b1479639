//! A running `cargo sandbox up`, by what it serves beside its status page (`sandbox/src/up/surface.rs`).

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use async_trait::async_trait;
use connector_domain::{Clock, ConnectionId, Deadline, OrderId, OrderNum, Timestamp};
use connector_http::{
    Answer, AuthorizeError, Call, CallError, Class, Judgement, Pacer, Policy, Remote, Safety, Stamp,
    Surroundings, Transport, Vendor, absent,
};
use connector_ports::{
    AuditEvent, Claim, ClaimOutcome, Connection, ConnectionSource, Doorway, JobMessage, Ledger, LedgerError,
    LedgerRow, OrderKey, OrderMessage, OrderState, Outline, OutlineSource, Progress, Queue, QueueError,
    SourceError, StateName, TrailEntry, WriteBack,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::Linked;
use super::stored::Stored;

/// It answers at once, or links an order over two vendors.
const PATIENCE: Duration = Duration::from_mins(5);

/// Nobody else works there.
const MANY: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);

/// A sandbox.
#[derive(Debug, Clone)]
pub(super) struct Sandbox {
    remote: Remote,
    clock: Arc<dyn Clock>,
}

/// The sandbox as a vendor: it asks for nothing, and says what is wrong under `error`.
#[derive(Debug)]
struct Loopback;

#[async_trait]
impl Vendor for Loopback {
    fn name(&self) -> &'static str {
        "the sandbox"
    }

    async fn authorize(&self, _: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        Ok(Stamp::default())
    }

    fn judge(&self, _: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        #[derive(Deserialize)]
        struct Said {
            error: String,
        }
        let words = serde_json::from_slice::<Said>(body).map(|said| said.error).unwrap_or_default();
        Judgement { words, ..Judgement::default() }
    }
}

impl Sandbox {
    /// The one whose status page is at `url`.
    ///
    /// # Errors
    /// It is not on this machine.
    pub(super) fn at(url: &Url, transport: Transport, surroundings: &Surroundings) -> anyhow::Result<Self> {
        let host = url.host_str().unwrap_or_default();
        if url.scheme() != "http" || !["127.0.0.1", "localhost", "[::1]"].contains(&host) {
            return Err(anyhow!(
                "--sandbox must be the address that `cargo sandbox up` printed for its status page"
            ));
        }
        let base = url.join("/connector")?;
        let pacer = Pacer::fixed(MANY, MANY, surroundings.clock.clone());
        // What is not there is not waited for: a person types the address once more.
        let policy = Policy::default();
        let remote = Remote::new(base, Arc::new(Loopback), transport, pacer, policy, surroundings.clone());
        Ok(Self { remote, clock: surroundings.clock.clone() })
    }

    pub(super) async fn send(&self, call: &Call) -> Result<Answer, CallError> {
        self.remote.send(call, self.deadline()).await
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(self.clock.as_ref(), PATIENCE)
    }

    pub(super) async fn put(&self, connection: &Connection) -> anyhow::Result<()> {
        let call = Call::put("PUT connections/{id}", format!("connections/{}", connection.id));
        let call = call.json(&Stored::of(connection))?;
        self.remote.send(&call, self.deadline()).await.map_err(|error| refused(&error))?;
        Ok(())
    }

    pub(super) async fn link(&self, key: &OrderKey, order_num: OrderNum) -> anyhow::Result<Linked> {
        let path = format!("{}/link", order_path(key));
        let call = Call::post("POST link", path, Safety::Idempotent).timeout(PATIENCE / 2);
        let call = call.json(&json!({ "order_num": order_num }))?;
        let answer = self.remote.send(&call, self.deadline()).await.map_err(|error| refused(&error))?;
        Ok(answer.json()?)
    }

    async fn whole(&self, key: &OrderKey) -> Result<Option<Whole>, LedgerError> {
        let call = Call::get("GET orders/{order}", order_path(key));
        let answer = absent(self.remote.send(&call, self.deadline()).await).map_err(|error| lost(&error))?;
        answer.map(|answer| answer.json().map_err(|error| lost(&error))).transpose()
    }
}

#[derive(Debug, Deserialize)]
struct Whole {
    row: LedgerRow,
    trail: Vec<TrailEntry>,
}

fn order_path(key: &OrderKey) -> String {
    format!("connections/{}/orders/{}", key.connection, key.order)
}

/// The sandbox's own words, where it has said any.
pub(super) fn refused(error: &CallError) -> anyhow::Error {
    if matches!(error.class, Class::Rejected | Class::NotFound) && !error.words.is_empty() {
        return anyhow!("{}", error.words);
    }
    if error.class == Class::NotSent {
        return anyhow!("{error}; is `cargo sandbox up` running, and is this its status page?");
    }
    anyhow!("{error}")
}

fn lost(error: &CallError) -> LedgerError {
    LedgerError::Unavailable(refused(error).to_string())
}

#[async_trait]
impl ConnectionSource<Connection> for Sandbox {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        let call = Call::get("GET connections", "connections");
        let answer = self.remote.send(&call, self.deadline()).await;
        answer.and_then(|answer| answer.json()).map_err(|error| SourceError(refused(&error).to_string()))
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, SourceError> {
        let failed = |error: CallError| SourceError(refused(&error).to_string());
        let call = Call::get("GET connections/{id}", format!("connections/{id}"));
        let answer = absent(self.remote.send(&call, self.deadline()).await).map_err(failed)?;
        let stored: Option<Stored> = answer.map(|answer| answer.json().map_err(failed)).transpose()?;
        Ok(stored.map(|stored| stored.connection(id.clone())))
    }
}

/// A sandbox has few connections: each is read.
#[async_trait]
impl OutlineSource for Sandbox {
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        let mut outlines = Vec::new();
        for id in ConnectionSource::<Connection>::list(self).await? {
            let connection = ConnectionSource::<Connection>::read(self, &id).await?;
            outlines.extend(connection.as_ref().map(Outline::from));
        }
        Ok(outlines)
    }
}

#[async_trait]
impl ConnectionSource<Doorway> for Sandbox {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        ConnectionSource::<Connection>::list(self).await
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Doorway>, SourceError> {
        Ok(ConnectionSource::<Connection>::read(self, id).await?.map(Doorway::from))
    }
}

/// Jobs are the sandbox's own business.
const NO_JOBS: &str = "the sandbox takes no jobs from outside";

/// Only replays are sent from here.
#[async_trait]
impl Queue for Sandbox {
    async fn send_order(&self, message: &OrderMessage, _lanes: u32) -> Result<(), QueueError> {
        let key = OrderKey { connection: message.connection.clone(), order: message.order };
        let call = Call::post("POST replay", format!("{}/replay", order_path(&key)), Safety::Idempotent);
        let sent = self.remote.send(&call, self.deadline()).await;
        sent.map(drop).map_err(|error| QueueError::Unavailable(refused(&error).to_string()))
    }

    async fn send_job(&self, _: &JobMessage) -> Result<(), QueueError> {
        Err(QueueError::Unavailable(NO_JOBS.to_owned()))
    }

    async fn send_catalogue(&self, _: &JobMessage) -> Result<(), QueueError> {
        Err(QueueError::Unavailable(NO_JOBS.to_owned()))
    }
}

/// The ledger of a sandbox is read from here; only the sandbox writes it.
const READ_ONLY: &str = "only the sandbox itself writes its ledger";

#[async_trait]
impl Ledger for Sandbox {
    async fn claim(&self, _: &OrderKey, _: Duration) -> Result<ClaimOutcome, LedgerError> {
        Err(LedgerError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn checkpoint(
        &self,
        _: &Claim,
        _: &Progress,
        _: Vec<AuditEvent>,
        _: Duration,
    ) -> Result<(), LedgerError> {
        Err(LedgerError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn complete(
        &self,
        _: Claim,
        _: OrderState,
        _: Progress,
        _: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        Err(LedgerError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn release(&self, _: Claim) -> Result<(), LedgerError> {
        Err(LedgerError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn write_back(&self, _: &OrderKey, _: WriteBack) -> Result<(), LedgerError> {
        Err(LedgerError::Unavailable(READ_ONLY.to_owned()))
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        Ok(self.whole(key).await?.map(|whole| whole.row))
    }

    async fn due(&self, _: Timestamp, _: usize) -> Result<Vec<OrderKey>, LedgerError> {
        Err(LedgerError::Unavailable("the sandbox does not tell what is due".to_owned()))
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let mut call = Call::get("GET orders", format!("connections/{connection}/orders"));
        call = call.query("limit", limit.to_string());
        if let Some(state) = state {
            call = call.query("state", state.as_str());
        }
        if let Some(after) = after {
            call = call.query("after", after.to_string());
        }
        let answer = self.remote.send(&call, self.deadline()).await;
        answer.and_then(|answer| answer.json()).map_err(|error| lost(&error))
    }

    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let mut call = Call::get("GET held orders", format!("connections/{connection}/held/{reason}"));
        call = call.query("limit", limit.to_string());
        if let Some(after) = after {
            call = call.query("after", after);
        }
        let answer = self.remote.send(&call, self.deadline()).await;
        answer.and_then(|answer| answer.json()).map_err(|error| lost(&error))
    }

    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        Ok(self.whole(key).await?.map(|whole| whole.trail).unwrap_or_default())
    }
}
