//! The dead letters of one queue, which are a FIFO queue themselves.

use std::collections::BTreeSet;

use connector_domain::Timestamp;

use super::fifo::DeadLetter;
use crate::dead_letters::{GivenUpBy, Letter, LetterId};
use crate::message::Lane;
use crate::received::{QueueName, Receipt, ReceiptError};

/// Letters in the order in which they were given up. While one of a lane is hidden, no other of it comes.
#[derive(Debug, Default)]
pub(super) struct Dead {
    graves: Vec<Grave>,
    last_receipt: u64,
}

#[derive(Debug)]
struct Grave {
    number: u64,
    letter: DeadLetter,
    since: Timestamp,
    given_up_by: GivenUpBy,
    hidden: Option<(String, Timestamp)>,
}

impl Grave {
    fn is_hidden(&self, now: Timestamp) -> bool {
        self.hidden.as_ref().is_some_and(|(_, until)| now < *until)
    }
}

impl Dead {
    pub(super) fn bury(&mut self, number: u64, letter: DeadLetter, since: Timestamp, given_up_by: GivenUpBy) {
        self.graves.push(Grave { number, letter, since, given_up_by, hidden: None });
    }

    pub(super) fn letters(&self) -> Vec<DeadLetter> {
        self.graves.iter().map(|grave| grave.letter.clone()).collect()
    }

    /// The first `limit` whose lanes are free, hidden until `until`.
    pub(super) fn receive(
        &mut self,
        name: QueueName,
        limit: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Vec<Letter> {
        let blocked: BTreeSet<Lane> = self
            .graves
            .iter()
            .filter(|grave| grave.is_hidden(now))
            .map(|grave| grave.letter.lane.clone())
            .collect();
        let mut last = self.last_receipt;
        let free = self.graves.iter_mut().filter(|grave| !blocked.contains(&grave.letter.lane));
        let received = free.take(limit).map(|grave| {
            last = last.saturating_add(1);
            // Unlike any receipt of the queue itself.
            let handle = format!("dead-{last}");
            grave.hidden = Some((handle.clone(), until));
            grave.letter.receive_count = grave.letter.receive_count.saturating_add(1);
            let DeadLetter { body, dedup, lane, receive_count } = grave.letter.clone();
            Letter {
                id: LetterId::new(grave.number.to_string()),
                body,
                lane,
                dedup,
                receive_count,
                since: grave.since,
                given_up_by: grave.given_up_by,
                receipt: Receipt::new(name, handle),
            }
        });
        let received = received.collect();
        self.last_receipt = last;
        received
    }

    pub(super) fn show(&mut self, handle: &str, now: Timestamp) -> Result<(), ReceiptError> {
        let at = self.found(handle, now)?;
        if let Some(grave) = self.graves.get_mut(at) {
            grave.hidden = None;
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, handle: &str, now: Timestamp) -> Result<(), ReceiptError> {
        let at = self.found(handle, now)?;
        self.graves.remove(at);
        Ok(())
    }

    fn found(&self, handle: &str, now: Timestamp) -> Result<usize, ReceiptError> {
        let owned = |grave: &Grave| {
            grave.hidden.as_ref().is_some_and(|(owner, until)| owner == handle && now < *until)
        };
        self.graves.iter().position(owned).ok_or(ReceiptError)
    }
}
