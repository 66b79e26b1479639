//! One FIFO queue, as SQS keeps it, with the time passed in.

use std::collections::{BTreeMap, HashSet, VecDeque};

use connector_domain::Timestamp;
use jiff::SignedDuration;

use super::dead::Dead;
use crate::dead_letters::{GivenUpBy, Letter};
use crate::message::{DedupId, Lane};
use crate::received::{QueueName, Receipt, ReceiptError, Received};

/// How long a deduplication id is remembered after it was accepted.
const DEDUP_WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// A message that was received too often to be received again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The body, as it was sent.
    pub body: String,
    /// The deduplication id it was sent with.
    pub dedup: DedupId,
    /// The lane that it no longer blocks.
    pub lane: Lane,
    /// How often it was received.
    pub receive_count: u32,
}

/// Messages in their lanes. Only the first of a lane can be in flight, so a lane is at work exactly if its first message is.
#[derive(Debug)]
pub(super) struct Fifo {
    name: QueueName,
    max_receives: u32,
    /// Numbers messages and receipts alike.
    last_number: u64,
    lanes: BTreeMap<Lane, VecDeque<Message>>,
    remembered: HashSet<(Lane, DedupId)>,
    /// What is remembered, in the order of acceptance.
    window: VecDeque<(Timestamp, (Lane, DedupId))>,
    dead: Dead,
}

#[derive(Debug)]
struct Message {
    number: u64,
    body: String,
    dedup: DedupId,
    receive_count: u32,
    flight: Option<Flight>,
}

/// A receive: until when the message is invisible, and to whom it belongs till then.
#[derive(Debug)]
struct Flight {
    handle: String,
    until: Timestamp,
}

impl Message {
    fn is_visible(&self, now: Timestamp) -> bool {
        self.flight.as_ref().is_none_or(|flight| flight.until <= now)
    }
}

impl Fifo {
    pub(super) fn new(name: QueueName, max_receives: u32) -> Self {
        Self {
            name,
            max_receives,
            last_number: 0,
            lanes: BTreeMap::new(),
            remembered: HashSet::new(),
            window: VecDeque::new(),
            dead: Dead::default(),
        }
    }

    /// Accepts a message, and drops it if its id was accepted in its lane within the window.
    pub(super) fn send(&mut self, lane: Lane, dedup: DedupId, body: String, now: Timestamp) {
        self.forget(now);
        let id = (lane.clone(), dedup.clone());
        if !self.remembered.insert(id.clone()) {
            return;
        }
        self.window.push_back((now, id));
        let message = Message { number: self.next_number(), body, dedup, receive_count: 0, flight: None };
        self.lanes.entry(lane).or_default().push_back(message);
    }

    /// The oldest message whose lane is not at work, now in flight until `until`.
    pub(super) fn receive(&mut self, now: Timestamp, until: Timestamp) -> Option<Received> {
        self.bury(now);
        let handle = self.next_number().to_string();
        let heads = self.lanes.iter_mut().filter_map(|(lane, queued)| Some((lane, queued.front_mut()?)));
        let (lane, message) =
            heads.filter(|(_, message)| message.is_visible(now)).min_by_key(|(_, message)| message.number)?;
        message.receive_count = message.receive_count.saturating_add(1);
        message.flight = Some(Flight { handle: handle.clone(), until });
        Some(Received {
            body: message.body.clone(),
            dedup: message.dedup.clone(),
            lane: lane.clone(),
            receive_count: message.receive_count,
            receipt: Receipt::new(self.name, handle),
        })
    }

    /// Deletes what was received; its deduplication id stays remembered.
    pub(super) fn delete(&mut self, handle: &str, now: Timestamp) -> Result<(), ReceiptError> {
        let lane = self.in_flight(handle, now).map(|(lane, _)| lane.clone()).ok_or(ReceiptError)?;
        self.drop_first(&lane);
        Ok(())
    }

    /// Makes what was received visible again at `until`.
    pub(super) fn show_at(
        &mut self,
        handle: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), ReceiptError> {
        let (_, flight) = self.in_flight(handle, now).ok_or(ReceiptError)?;
        flight.until = until;
        Ok(())
    }

    pub(super) fn dead_letters(&self) -> Vec<DeadLetter> {
        self.dead.letters()
    }

    /// Puts a message that came off this queue among the dead letters as it is, as a function does with what is none of its messages.
    pub(super) fn send_to_dead_letters(&mut self, letter: DeadLetter, now: Timestamp) {
        let number = self.next_number();
        self.dead.bury(number, letter, now, GivenUpBy::Function);
    }

    /// The first `limit` dead letters whose lanes are free, hidden until `until`.
    pub(super) fn receive_dead(&mut self, limit: usize, now: Timestamp, until: Timestamp) -> Vec<Letter> {
        self.bury(now);
        self.dead.receive(self.name, limit, now, until)
    }

    pub(super) fn show_dead(&mut self, handle: &str, now: Timestamp) -> Result<(), ReceiptError> {
        self.dead.show(handle, now)
    }

    pub(super) fn delete_dead(&mut self, handle: &str, now: Timestamp) -> Result<(), ReceiptError> {
        self.dead.delete(handle, now)
    }

    /// How many messages wait or are in flight.
    pub(super) fn len(&self) -> usize {
        self.lanes.values().map(VecDeque::len).sum()
    }

    /// When the next message in flight becomes visible.
    pub(super) fn next_visible(&self) -> Option<Timestamp> {
        let heads = self.lanes.values().filter_map(VecDeque::front);
        heads.filter_map(|message| message.flight.as_ref()).map(|flight| flight.until).min()
    }

    fn in_flight(&mut self, handle: &str, now: Timestamp) -> Option<(&Lane, &mut Flight)> {
        let heads = self.lanes.iter_mut().filter_map(|(lane, queued)| Some((lane, queued.front_mut()?)));
        let mut flights = heads.filter_map(|(lane, message)| Some((lane, message.flight.as_mut()?)));
        flights.find(|(_, flight)| flight.handle == handle && now < flight.until)
    }

    /// Moves what was received often enough to the dead letters, which frees its lane.
    fn bury(&mut self, now: Timestamp) {
        let max = self.max_receives;
        for (lane, queued) in &mut self.lanes {
            let spent = |message: &mut Message| message.receive_count >= max && message.is_visible(now);
            while let Some(Message { number, body, dedup, receive_count, .. }) = queued.pop_front_if(spent) {
                let letter = DeadLetter { body, dedup, lane: lane.clone(), receive_count };
                self.dead.bury(number, letter, now, GivenUpBy::Queue);
            }
        }
        self.lanes.retain(|_, queued| !queued.is_empty());
    }

    fn drop_first(&mut self, lane: &Lane) {
        if let Some(queued) = self.lanes.get_mut(lane) {
            queued.pop_front();
            if queued.is_empty() {
                self.lanes.remove(lane);
            }
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((_, id)) = self.window.pop_front_if(|(at, _)| now.duration_since(*at) >= DEDUP_WINDOW)
        {
            self.remembered.remove(&id);
        }
    }

    const fn next_number(&mut self) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }
}
