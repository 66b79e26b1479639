//! Hears the consumers, kills them when it is time, and ends when everything rests.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use connector_domain::{Clock as _, OrderId, Timestamp};
use connector_http::SystemClock;
use connector_ports::{LedgerRow, OrderKey, Settlement, StateName, WriteBack};
use connector_sandbox::Ports as _;
use futures_util::future::{Either, join, select};
use parking_lot::Mutex;

use super::Options;
use super::plan::{Strike, strikes};
use super::process::Consumer;
use super::world::World;
use crate::consumer::{Assignment, Became, Told};

/// How often the consumers are heard.
const GLANCE: Duration = Duration::from_millis(5);

/// How often it is looked whether all is over: this asks the emulator for every order.
const LOOK: Duration = Duration::from_secs(1);

/// How much later a kill comes whose consumer has nothing in hand.
const LATER: Duration = Duration::from_millis(70);

/// After so long without a message worked on, it is given up and told as it stands.
const SILENCE: Duration = Duration::from_mins(1);

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Driven {
    pub(super) placed: BTreeSet<u64>,
    pub(super) hits: Vec<Hit>,
    /// How often each order was begun.
    pub(super) begun: BTreeMap<u64, u32>,
    /// How often each message came to each end.
    pub(super) became: BTreeMap<Became, u32>,
    /// Messages that were received again, and the most that one was.
    pub(super) again: u32,
    pub(super) most: u32,
    pub(super) woken: usize,
    pub(super) elapsed: Duration,
}

/// What a kill met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hit {
    /// A consumer that had just ended its message.
    Idle,
    /// A message whose order was not claimed, not yet or not any more.
    Message,
    /// A claimed order.
    Claimed,
    /// A claimed order between a create that was sent, or about to be, and its answer.
    Creating,
}

/// A consumer, and the order of the message that it has in hand.
#[derive(Debug)]
struct Seat {
    consumer: Consumer,
    in_hand: Option<u64>,
}

/// Runs until all rests, or nothing is heard any more.
pub(super) async fn drive(world: &World, options: &Options, hear: &(dyn Fn(&str) + Sync)) -> Result<Driven> {
    let (placed, woken) = (Mutex::default(), AtomicUsize::new(0));
    let begun = SystemClock.now();
    let around = std::pin::pin!(join(world.shop_on(options, &placed), world.tick_on(&woken)));
    let driving = std::pin::pin!(Driver::new(world, options, hear).on(&placed));
    let driven = match select(driving, around).await {
        Either::Left((driven, _)) => driven?,
        Either::Right(((never, _), _)) => match never {},
    };
    let elapsed = SystemClock.now().duration_since(begun).unsigned_abs();
    let placed = placed.lock().clone();
    Ok(Driven { placed, woken: woken.load(Ordering::Relaxed), elapsed, ..driven })
}

struct Driver<'a> {
    world: &'a World,
    options: &'a Options,
    hear: &'a (dyn Fn(&str) + Sync),
    /// How many processes were started: no two have the same dice.
    started: u64,
    strikes: VecDeque<Strike>,
    /// When the next one is due, once its order has begun.
    due: Option<Timestamp>,
    heard: Timestamp,
    looked: Timestamp,
    driven: Driven,
}

impl<'a> Driver<'a> {
    fn new(world: &'a World, options: &'a Options, hear: &'a (dyn Fn(&str) + Sync)) -> Self {
        let planned = strikes(options.orders, options.kills, options.consumers, options.seed);
        let now = SystemClock.now();
        Self {
            world,
            options,
            hear,
            started: 0,
            strikes: planned.into(),
            due: None,
            heard: now,
            looked: now,
            driven: Driven::default(),
        }
    }

    async fn on(mut self, placed: &Mutex<BTreeSet<u64>>) -> Result<Driven> {
        let mut seats = Vec::new();
        for _ in 0..self.options.consumers {
            seats.push(self.seat().await?);
        }
        loop {
            SystemClock.sleep(GLANCE).await;
            for seat in &mut seats {
                for told in seat.consumer.heard()? {
                    self.take(&mut seat.in_hand, &told);
                }
            }
            self.strike(&mut seats).await?;
            let now = SystemClock.now();
            let silent = now.duration_since(self.heard).unsigned_abs();
            let all_placed = placed.lock().len() == usize::try_from(self.options.orders)?;
            let quiet =
                all_placed && self.strikes.is_empty() && seats.iter().all(|seat| seat.in_hand.is_none());
            if quiet && now.duration_since(self.looked).unsigned_abs() >= LOOK {
                self.looked = now;
                if self.is_over().await? {
                    return Ok(self.driven);
                }
            }
            if silent > SILENCE {
                (self.hear)("nothing has been worked on for a minute; it is given up");
                return Ok(self.driven);
            }
        }
    }

    async fn seat(&mut self) -> Result<Seat> {
        self.started += 1;
        let random = self.options.seed.wrapping_mul(1_000_003).wrapping_add(self.started);
        let assignment = Assignment { account: self.world.account.clone(), random };
        let consumer = Consumer::start(&self.options.program, &assignment).await?;
        Ok(Seat { consumer, in_hand: None })
    }

    fn take(&mut self, in_hand: &mut Option<u64>, told: &Told) {
        self.heard = SystemClock.now();
        match told {
            Told::Begins { order, receives } => {
                *in_hand = Some(*order);
                *self.driven.begun.entry(*order).or_default() += 1;
                self.driven.again += u32::from(*receives > 1);
                self.driven.most = self.driven.most.max(*receives);
            }
            Told::Ends { became } => {
                *in_hand = None;
                *self.driven.became.entry(*became).or_default() += 1;
            }
        }
    }

    /// Kills if it is time.
    async fn strike(&mut self, seats: &mut [Seat]) -> Result<()> {
        let Some(next) = self.strikes.front().copied() else { return Ok(()) };
        let now = SystemClock.now();
        if self.due.is_none() && self.driven.begun.len() >= next.after {
            self.due = Some(now.checked_add(next.wait).unwrap_or(now));
        }
        if self.due.is_none_or(|due| now < due) {
            return Ok(());
        }
        if seats.get(next.consumer).is_some_and(|seat| seat.in_hand.is_none()) {
            // Killing the idle proves nothing. Not at its next message at once, or every kill would come too early in one.
            self.due = Some(now.checked_add(LATER).unwrap_or(now));
            return Ok(());
        }
        self.due = None;
        self.strikes.pop_front();
        let fresh = self.seat().await?;
        let Some(seat) = seats.get_mut(next.consumer) else { return Ok(()) };
        let Seat { consumer, mut in_hand } = std::mem::replace(seat, fresh);
        for told in consumer.kill().await? {
            self.take(&mut in_hand, &told);
        }
        let (hit, says) = self.hit(in_hand).await?;
        self.driven.hits.push(hit);
        let (kills, consumer) = (self.driven.hits.len(), next.consumer + 1);
        let (begun, orders) = (self.driven.begun.len(), self.options.orders);
        let of = self.options.kills;
        (self.hear)(&format!("[{begun}/{orders}] kill {kills} of {of}: consumer {consumer}, {says}"));
        Ok(())
    }

    /// What the consumer that is dead now had in hand.
    async fn hit(&self, in_hand: Option<u64>) -> Result<(Hit, String)> {
        let Some(order) = in_hand else { return Ok((Hit::Idle, "which had nothing in hand".to_owned())) };
        let key = OrderKey { connection: self.world.id.clone(), order: OrderId(order) };
        let row = self.world.pipeline.ports().ledger().get(&key).await?;
        let Some(row) = row.filter(|row| row.is_leased(SystemClock.now())) else {
            return Ok((Hit::Message, format!("with order {order}, which was not claimed")));
        };
        Ok(match row.settlement {
            Settlement::Settled => (Hit::Claimed, format!("with order {order} claimed")),
            Settlement::Unsettled { step, .. } => {
                (Hit::Creating, format!("with order {order} claimed, in the middle of creating its {step}"))
            }
        })
    }

    /// Whether nothing is queued, nothing is to be delivered, and every order rests.
    async fn is_over(&self) -> Result<bool> {
        let ports = self.world.pipeline.ports();
        if self.world.shop.pending_deliveries() > 0 || ports.inbox().waiting_in_all().await? > 0 {
            return Ok(false);
        }
        let rows = ports.ledger().list(&self.world.id, None, None, usize::MAX).await?;
        Ok(rows.len() == usize::try_from(self.options.orders)? && rows.iter().all(rests))
    }
}

/// Whether nothing will happen to an order by itself.
fn rests(row: &LedgerRow) -> bool {
    let ended = match row.state.name() {
        StateName::Synced
        | StateName::Cancelled
        | StateName::Held
        | StateName::Waiting
        | StateName::Ignored => true,
        StateName::New | StateName::Retrying | StateName::Uncertain => false,
    };
    ended && row.lease_until.is_none() && !row.again && !matches!(row.write_back, WriteBack::Pending { .. })
}
