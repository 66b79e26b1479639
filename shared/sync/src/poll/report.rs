//! What is complete and what is not, for people and for machines.

use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{LedgerRow, OrderKey, OrderState, StateName};
use serde::Serialize;

use super::Poller;
use super::back_fill::BackFill;
use super::delivery::LastDay;
use super::explained::Explained;
use super::place::{Begun, CURSOR, Place, before};
use super::proof::{self, ProofReport};
use super::range::Range;
use crate::job::Failure;

/// So many held orders are named; the rest is counted.
const NAMED: usize = 50;

/// So many held orders are counted at most.
const COUNTED: usize = 5_000;

/// The states in which an order is not settled.
const UNSETTLED: [StateName; 5] =
    [StateName::New, StateName::Waiting, StateName::Retrying, StateName::Uncertain, StateName::Held];

/// The account of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Where the account begins; `None` if the poller has not run yet.
    pub begun: Option<Begun>,
    /// Up to this number every order is in the ledger, or explained.
    pub accounted_to: Option<OrderId>,
    /// The store's list of changed orders was read to its end as of this moment.
    pub read_to: Option<Timestamp>,
    /// Up to this number every order is done: in Kinetic, cancelled or ignored.
    pub settled_to: Option<OrderId>,
    /// Numbers that are not accounted for.
    pub open: Vec<Open>,
    /// Orders that wait for a person.
    pub held: Vec<HeldOrder>,
    /// How many more wait for a person, up to a few thousand.
    pub held_besides: usize,
    /// Numbers of which it is explained that there is no order.
    pub explained: Explained,
    /// How the orders of the last day came to be known.
    pub delivery: LastDay,
    /// Orders from before the connector, if somebody asked for them.
    pub back_fill: Option<BackFill>,
    /// What Kinetic holds otherwise than the ledger says; `None` if that was never to be looked at.
    pub proof: Option<ProofReport>,
}

/// Numbers that are not accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// Which.
    pub range: Range,
    /// Why.
    pub why: Why,
    /// Since when.
    pub since: Timestamp,
    /// When the store was last asked for it, or the order last sent.
    pub looked: Option<Timestamp>,
    /// When a gap counts as explained if it is still missing.
    pub explained_at: Option<Timestamp>,
    /// What to do.
    pub to_do: &'static str,
}

/// Why a number is not accounted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The order was sent to be worked on, and is not in the ledger yet.
    Sent,
    /// The store does not show an order of that number.
    Gap,
}

/// An order that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldOrder {
    /// Which order.
    pub order: OrderId,
    /// Why.
    pub reason: String,
    /// What about.
    pub subject: Option<String>,
    /// What is wrong and what to do.
    pub words: String,
    /// Since when.
    pub since: Option<Timestamp>,
}

impl Poller<'_> {
    /// The account of `connection`. It reads our own state and ledger, and calls no vendor.
    ///
    /// # Errors
    /// A port of ours failed, or what it holds cannot be read.
    pub async fn report(&self, connection: &ConnectionId) -> Result<Report, Failure> {
        let now = self.directory.surroundings().clock.now();
        let cursor = self.state.cursor(connection, CURSOR).await?;
        let mut place = Place::read(cursor.as_ref())?;
        if let Some(place) = &mut place {
            self.take_what_arrived(connection, place).await?;
        }
        let accounted_to = place.as_ref().and_then(Place::accounted_to);
        let (held, held_besides) = self.held(connection).await?;
        Ok(Report {
            accounted_to,
            settled_to: self.settled_to(connection, accounted_to).await?,
            held,
            held_besides,
            back_fill: self.back_filled(connection).await?,
            proof: self.proven(connection).await?,
            delivery: place.as_ref().map(|place| place.delivery.last_day(now)).unwrap_or_default(),
            begun: place.as_ref().map(|place| place.begun),
            read_to: place.as_ref().map(|place| place.read_to),
            open: place.as_ref().map(open).unwrap_or_default(),
            explained: place.map(|place| place.explained).unwrap_or_default(),
        })
    }

    /// What has come into the ledger since the last run is open no more.
    async fn take_what_arrived(&self, connection: &ConnectionId, place: &mut Place) -> Result<(), Failure> {
        let key = |order| OrderKey { connection: connection.clone(), order };
        for sent in place.sent.iter_mut().filter(|sent| !sent.known) {
            sent.known = self.ledger.get(&key(sent.order)).await?.is_some();
        }
        let mut left = Vec::with_capacity(place.gaps.len());
        for gap in &place.gaps {
            if !gap.range.is_one() || self.ledger.get(&key(gap.range.first)).await?.is_none() {
                left.push(*gap);
            }
        }
        place.gaps = left;
        Ok(())
    }

    async fn proven(&self, connection: &ConnectionId) -> Result<Option<ProofReport>, Failure> {
        let cursor = self.state.cursor(connection, proof::CURSOR).await?;
        Ok(proof::read(cursor.as_ref()).map(proof::Place::report))
    }

    async fn settled_to(
        &self,
        connection: &ConnectionId,
        accounted_to: Option<OrderId>,
    ) -> Result<Option<OrderId>, Failure> {
        let mut settled_to = accounted_to;
        for state in UNSETTLED {
            let lowest = self.ledger.list(connection, Some(state), None, 1).await?;
            let lowest = lowest.first().map(|row| before(row.key.order));
            settled_to = settled_to.map(|settled| lowest.map_or(settled, |lowest| settled.min(lowest)));
        }
        Ok(settled_to)
    }

    async fn held(&self, connection: &ConnectionId) -> Result<(Vec<HeldOrder>, usize), Failure> {
        let rows = self.ledger.list(connection, Some(StateName::Held), None, COUNTED).await?;
        let besides = rows.len().saturating_sub(NAMED);
        Ok((rows.into_iter().take(NAMED).filter_map(held).collect(), besides))
    }
}

fn held(row: LedgerRow) -> Option<HeldOrder> {
    let OrderState::Held { reason, subject, words } = row.state else { return None };
    Some(HeldOrder { order: row.key.order, reason, subject, words, since: row.held_since })
}

fn open(place: &Place) -> Vec<Open> {
    let sent = place.sent.iter().filter(|sent| !sent.known).map(|sent| Open {
        range: Range::one(sent.order),
        why: Why::Sent,
        since: sent.since,
        looked: Some(sent.at),
        explained_at: None,
        to_do: "nothing, unless it stays for an hour: then look at the queue, its dead letters and its consumer",
    });
    let gaps = place.gaps.iter().map(|gap| Open {
        range: gap.range,
        why: Why::Gap,
        since: gap.since,
        looked: gap.looked,
        explained_at: Some(gap.explained_at()),
        to_do: "nothing: numbers may be missing; if an order of that number exists, replay it",
    });
    let mut open: Vec<Open> = sent.chain(gaps).collect();
    open.sort_by_key(|open| open.range.first);
    open
}
