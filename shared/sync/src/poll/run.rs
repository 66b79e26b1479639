//! One run: what it carries, and in which turn it does what.

use std::time::Duration;

use connector_bigcommerce::OrderPage;
use connector_domain::{Clock, ConnectionId, Deadline, OrderId, Timestamp};
use connector_http::CallError;
use connector_ports::{Cursor, LedgerError, LedgerRow, OrderKey, QueueError, StateError};

use super::Poller;
use super::place::{CURSOR, Place};
use crate::connected::Connected;
use crate::job::Failure;
use crate::jobs::{Figure, Ran};

/// What is begun with less time left would be cut off: a call, and what is written down at the end.
pub(super) const AT_LEAST: Duration = Duration::from_mins(1);

/// Why a run stops before it has done all.
#[derive(Debug)]
pub(super) enum Halt {
    /// There is no time for more.
    Time,
    /// More orders are under way than are kept.
    Full,
    /// Somebody else does the same.
    Moved,
    /// A vendor or a port of ours failed.
    Failed(Failure),
}

impl From<CallError> for Halt {
    fn from(error: CallError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<QueueError> for Halt {
    fn from(error: QueueError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StateError> for Halt {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Moved(_) => Self::Moved,
            error @ StateError::Unavailable(_) => Self::Failed(error.into()),
        }
    }
}

/// A run for one connection.
pub(super) struct Run<'a> {
    pub(super) on: Poller<'a>,
    pub(super) connected: &'a Connected,
    pub(super) deadline: Deadline,
    cursor: Option<Cursor>,
    place: Option<Place>,
    /// Whether the place was written down in this run: before the first order is sent, so that only one of two at once sends.
    saved: bool,
    pub(super) sent: usize,
    pub(super) missed: u64,
    pub(super) stale: u64,
    pub(super) mismatches: u64,
}

impl<'a> Run<'a> {
    pub(super) const fn new(
        on: Poller<'a>,
        connected: &'a Connected,
        deadline: Deadline,
        cursor: Option<Cursor>,
        place: Option<Place>,
    ) -> Self {
        Self {
            on,
            connected,
            deadline,
            cursor,
            place,
            saved: false,
            sent: 0,
            missed: 0,
            stale: 0,
            mismatches: 0,
        }
    }

    /// Does everything there is to do.
    pub(super) async fn work(&mut self) -> Result<(), Halt> {
        let Some(mut place) = self.place.take() else {
            self.place = Some(self.begin().await?);
            return Ok(());
        };
        let done = self.in_turn(&mut place).await;
        self.place = Some(place);
        done
    }

    async fn in_turn(&mut self, place: &mut Place) -> Result<(), Halt> {
        self.settle_all(place).await?;
        self.by_date(place).await?;
        self.by_number(place).await?;
        self.look_at_gaps(place).await?;
        self.send_again(place).await?;
        self.back_fill(place).await
    }

    /// What came before the connector is not imported: the account begins after the newest order.
    async fn begin(&self) -> Result<Place, Halt> {
        let page = OrderPage { newest_first: true, limit: 1, ..OrderPage::all() };
        let newest = self.connected.shop.orders().page(&page, self.deadline).await?;
        let newest = newest.first().map(|order| order.id);
        let connection = self.id();
        tracing::info!(%connection, after = newest.map(tracing::field::display), "orders of {connection} are counted from now on");
        Ok(Place::new(self.now(), newest))
    }

    /// Writes the place down.
    pub(super) async fn save(&mut self) -> Result<(), Halt> {
        let Some(place) = self.place.take() else { return Ok(()) };
        let saved = self.keep(&place).await;
        self.place = Some(place);
        saved
    }

    /// Writes `place` down.
    pub(super) async fn keep(&mut self, place: &Place) -> Result<(), Halt> {
        let document = serde_json::json!(place);
        let state = self.on.state;
        self.cursor = Some(state.advance(&self.connected.id, CURSOR, self.cursor.as_ref(), document).await?);
        self.saved = true;
        Ok(())
    }

    /// Writes `place` down if that was not done in this run.
    pub(super) async fn keep_once(&mut self, place: &Place) -> Result<(), Halt> {
        if self.saved { Ok(()) } else { self.keep(place).await }
    }

    pub(super) fn rest_until(&mut self, next: Timestamp) {
        if let Some(place) = &mut self.place {
            place.next = next;
        }
    }

    /// What it did and saw.
    pub(super) fn ran(&self) -> Ran {
        let now = self.now();
        let mut figures = vec![
            (Figure::OrdersMissed, self.missed),
            (Figure::OrdersStale, self.stale),
            (Figure::ProofMismatches, self.mismatches),
        ];
        if let Some(place) = &self.place {
            let behind = u64::try_from(now.duration_since(place.read_to).as_secs()).unwrap_or_default();
            figures.extend([(Figure::AccountedBehind, behind), (Figure::OpenGaps, place.open_gaps())]);
        }
        Ran { sent: self.sent, figures, more: false }
    }

    /// # Errors
    /// There is no time for one step more.
    pub(super) fn in_time(&self) -> Result<(), Halt> {
        if self.deadline.fits(self.clock(), AT_LEAST) { Ok(()) } else { Err(Halt::Time) }
    }

    pub(super) fn clock(&self) -> &'a dyn Clock {
        self.on.directory.surroundings().clock.as_ref()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock().now()
    }

    pub(super) const fn id(&self) -> &'a ConnectionId {
        &self.connected.id
    }

    pub(super) async fn row(&self, order: OrderId) -> Result<Option<LedgerRow>, Halt> {
        Ok(self.on.ledger.get(&OrderKey { connection: self.id().clone(), order }).await?)
    }
}
