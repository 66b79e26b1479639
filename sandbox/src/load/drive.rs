//! Places orders and delivers webhooks until every order rests.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use connector_domain::{Clock as _, Random as _, SeededRandom, Timestamp};
use connector_http::SystemClock;
use connector_simulators::BigCommerceSim;
use connector_simulators::bigcommerce::DeliveryMode;
use futures_util::future::{Either, select};

use super::assignment::{Account, End, Told};
use super::basket::Baskets;
use super::child::{Child, unasked};
use super::fast_clock::FastClock;
use super::{ChildError, Options, Watcher};

/// How many orders a lane has in hand and before it.
const AHEAD: usize = 4;

/// How long nothing may be heard before something is looked after.
const GLANCE: Duration = Duration::from_millis(50);

/// After so long without any work done, and the time of three orders, it is given up and told as it stands.
const SILENCE: Duration = Duration::from_mins(1);

/// Of a hundred deliveries, where calls fail, so many are sent twice.
const TWICE: u64 = 10;

/// The load while it is on.
#[derive(Debug)]
pub(super) struct Drive<'a> {
    shop: &'a BigCommerceSim,
    child: Child,
    clock: FastClock,
    orders: usize,
    silence: Duration,
    lanes: u64,
    /// As [`AHEAD`]; `None` for all of them at once.
    ahead: Option<usize>,
    twice: Option<SeededRandom>,
    /// When the store began to tell of each order.
    sent: BTreeMap<u64, Timestamp>,
    resting: HashSet<u64>,
    /// Orders that have not rested yet.
    unfinished: BTreeSet<u64>,
    /// Whether the pipeline was asked if it is quiet, and nothing has happened since.
    asked: bool,
}

impl<'a> Drive<'a> {
    pub(super) fn new(shop: &'a BigCommerceSim, child: Child, clock: FastClock, options: &Options) -> Self {
        let lanes = u64::from(options.lanes.max(1));
        let ahead = (!options.at_once).then_some(AHEAD);
        let twice = (options.faults > 0).then(|| SeededRandom::new(options.seed));
        Self {
            shop,
            child,
            clock,
            orders: options.orders,
            silence: SILENCE + options.latency.saturating_mul(3 * options.calls()),
            lanes,
            ahead,
            twice,
            sent: BTreeMap::new(),
            resting: HashSet::new(),
            unfinished: BTreeSet::new(),
            asked: false,
        }
    }

    /// Until all orders were placed and rest, or nothing is heard any more.
    pub(super) async fn on(
        &mut self,
        baskets: &mut Baskets,
        watcher: &dyn Watcher,
    ) -> Result<(), ChildError> {
        let (mut worked, mut most) = (SystemClock.now(), 0);
        loop {
            self.place(baskets).await;
            self.deliver().await;
            match self.hear().await? {
                Some(Told::Worked { order, rests }) => {
                    worked = SystemClock.now();
                    self.asked = false;
                    if rests {
                        self.resting.insert(order.0);
                        self.unfinished.remove(&order.0);
                    } else {
                        self.resting.remove(&order.0);
                    }
                    if self.resting.len() > most {
                        most = self.resting.len();
                        watcher.see(most, self.orders);
                    }
                }
                // Something may have been delivered or worked on since it was asked.
                Some(Told::Quiet { quiet: true }) if self.asked && self.is_over() => return Ok(()),
                Some(Told::Quiet { .. }) => self.asked = false,
                Some(other) => return Err(unasked(&other)),
                None if SystemClock.now().duration_since(worked).unsigned_abs() > self.silence => {
                    return Ok(());
                }
                None if self.is_over() && !self.asked => {
                    self.asked = true;
                    self.child.ask().await?;
                }
                None => {}
            }
        }
    }

    /// Ends the pipeline; when each order's webhook was sent, and what the pipeline says of it.
    pub(super) async fn finish(self) -> Result<(BTreeMap<u64, Timestamp>, (Vec<Account>, End)), ChildError> {
        Ok((self.sent, self.child.finish().await?))
    }

    /// Places what may be placed, each told of before the next.
    async fn place(&mut self, baskets: &mut Baskets) {
        while self.sent.len() < self.orders && self.has_room() {
            let order = self.shop.place_order(baskets.order());
            self.sent.insert(order, self.clock.now());
            self.unfinished.insert(order);
            self.deliver().await;
        }
    }

    /// Whether the lane of the next order may have another. Orders are numbered one after the other, and the lane is the
    /// number modulo the lanes.
    fn has_room(&self) -> bool {
        let Some(ahead) = self.ahead else { return true };
        let lane = self.sent.last_key_value().map_or(0, |(last, _)| last + 1) % self.lanes;
        self.unfinished.iter().filter(|order| *order % self.lanes == lane).count() < ahead
    }

    /// Delivers what is due, sometimes twice.
    async fn deliver(&mut self) {
        if self.shop.pending_deliveries() == 0 {
            return;
        }
        self.asked = false;
        let twice = self.twice.as_ref().is_some_and(|dice| dice.next_u64() % 100 < TWICE);
        let mode = if twice { DeliveryMode::Duplicate } else { DeliveryMode::Normal };
        self.shop.drain_hooks_as(mode).await;
    }

    async fn hear(&mut self) -> Result<Option<Told>, ChildError> {
        let hearing = std::pin::pin!(self.child.hear());
        match select(hearing, SystemClock.sleep(GLANCE)).await {
            Either::Left((told, _)) => told.map(Some),
            Either::Right(_) => Ok(None),
        }
    }

    fn is_over(&self) -> bool {
        self.sent.len() == self.orders
            && self.resting.len() == self.orders
            && self.shop.pending_deliveries() == 0
    }
}
