//! A source that counts who reads, and fails or waits when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use connector_domain::ConnectionId;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::connections::{Connection, ConnectionSource, SourceError};
use crate::outlines::{Outline, OutlineSource};

/// Stands before the subject's own source.
#[derive(Debug)]
pub(super) struct Watched {
    source: Arc<dyn ConnectionSource>,
    outlines: Arc<dyn OutlineSource>,
    failing: AtomicBool,
    reads: AtomicUsize,
    /// Whose reads wait.
    slow: Mutex<Option<ConnectionId>>,
    open: watch::Sender<bool>,
}

impl Watched {
    pub(super) fn new(source: Arc<dyn ConnectionSource>, outlines: Arc<dyn OutlineSource>) -> Self {
        Self {
            source,
            outlines,
            failing: AtomicBool::new(false),
            reads: AtomicUsize::new(0),
            slow: Mutex::default(),
            open: watch::Sender::new(true),
        }
    }

    /// From now on everything that is read fails, or nothing.
    pub(super) fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    /// From now on reads of `id`, and of all outlines, wait until [`Watched::go_on`].
    pub(super) fn hold_up(&self, id: &ConnectionId) {
        *self.slow.lock() = Some(id.clone());
        self.open.send_replace(false);
    }

    pub(super) fn go_on(&self) {
        self.open.send_replace(true);
    }

    /// How many reads were begun, of a connection or of all outlines.
    pub(super) fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    /// Returns when `count` reads were begun.
    pub(super) async fn begun(&self, count: usize) {
        while self.reads() < count {
            tokio::task::yield_now().await;
        }
    }

    async fn opened(&self) -> Result<(), SourceError> {
        let opened = self.open.subscribe().wait_for(|open| *open).await.map(|_| ());
        opened.map_err(|error| SourceError(error.to_string()))
    }

    fn failure(&self) -> Result<(), SourceError> {
        if self.failing.load(Ordering::SeqCst) { Err(SourceError("out of reach".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl ConnectionSource for Watched {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        self.failure()?;
        self.source.list().await
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, SourceError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let slow = self.slow.lock().as_ref() == Some(id);
        if slow {
            self.opened().await?;
        }
        self.failure()?;
        self.source.read(id).await
    }
}

#[async_trait]
impl OutlineSource for Watched {
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.opened().await?;
        self.failure()?;
        self.outlines.outlines().await
    }
}
