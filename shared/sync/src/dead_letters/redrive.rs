//! Sending letters back: receive, send, delete, one after the other at a rate.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;

use connector_domain::Deadline;
use connector_ports::{AT_ONCE, DeadLettersError, Letter, LetterId, OrderKey, QueueName};

use super::Morgue;
use super::plan::{ByReason, Fate, Wish, count};

/// For how long ten letters are hidden to be worked on. A redrive that is killed hides them for that long, and loses none.
const HOLD: Duration = Duration::from_mins(1);

/// What one letter needs at most. One for which that is not left is shown again untouched: sent late, it could not be deleted.
const A_LETTER: Duration = Duration::from_secs(20);

/// Why a redrive ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum End {
    /// Nothing is left that it would touch.
    #[default]
    Done,
    /// It has touched as many as it was to.
    Limit,
    /// Whoever follows it has broken it off.
    Stopped,
    /// The letters could not be reached. The same redrive goes on where this one ended.
    Failed(DeadLettersError),
}

/// What a redrive did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redriven {
    /// How many were sent back.
    pub sent: usize,
    /// The orders whose letters were dropped.
    pub dropped: Vec<OrderKey>,
    /// What stays, by reason: what would come again, or is of another connection.
    pub left: ByReason,
    /// How many of those could not be deleted: they are still there, and the next redrive sends them once more. That does no harm.
    pub lingering: usize,
    /// Why it ended.
    pub end: End,
}

impl Redriven {
    /// How many letters were sent or dropped.
    pub const fn touched(&self) -> usize {
        self.sent.saturating_add(self.dropped.len())
    }
}

/// Hears how many letters were touched, and may break off.
type Progress<'a> = &'a mut (dyn FnMut(usize) -> ControlFlow<()> + Send);

impl Morgue<'_> {
    /// Sends the letters of a queue back as `wish` says, each to the end of its own lane; `progress` hears how many were touched, after
    /// each, and may break off.
    ///
    /// A letter is deleted after it was sent, never before. Killed in between, the next redrive sends it once more: within five minutes
    /// the queue drops that, and later its order is only looked at once more.
    ///
    /// A lane shows its first ten letters at most, so all lanes are gone over again as long as something was taken away.
    pub async fn redrive(self, queue: QueueName, wish: &Wish, progress: Progress<'_>) -> Redriven {
        let mut run = Run {
            on: self,
            queue,
            wish,
            done: Redriven::default(),
            deleted: 0,
            lingering: BTreeSet::new(),
            left: BTreeSet::new(),
            hidden: Vec::new(),
        };
        loop {
            let before = run.steps();
            let end = run.pass(progress).await.err();
            self.show(&std::mem::take(&mut run.hidden)).await;
            if end.is_some() || run.steps() == before {
                let lingering = run.lingering.len();
                return Redriven { lingering, end: end.unwrap_or_default(), ..run.done };
            }
        }
    }
}

/// A redrive that is going on.
struct Run<'a> {
    on: Morgue<'a>,
    queue: QueueName,
    wish: &'a Wish,
    done: Redriven,
    /// How many letters are gone.
    deleted: usize,
    /// What was sent back and not deleted yet.
    lingering: BTreeSet<LetterId>,
    /// What stays.
    left: BTreeSet<LetterId>,
    /// What is to be shown again.
    hidden: Vec<Letter>,
}

impl Run<'_> {
    /// How far it has got: a letter that was sent and not deleted is met again.
    const fn steps(&self) -> usize {
        self.deleted.saturating_add(self.done.sent)
    }

    /// Goes over all lanes once.
    ///
    /// # Errors
    /// Why it ended before it was over.
    async fn pass(&mut self, progress: Progress<'_>) -> Result<(), End> {
        loop {
            let batch = self.on.letters.receive(self.queue, AT_ONCE, HOLD).await.map_err(End::Failed)?;
            let held = Deadline::after(self.on.clock, HOLD);
            let before = (self.steps(), self.left.len());
            let mut letters = batch.into_iter();
            while let Some(letter) = letters.next() {
                let ended = if held.fits(self.on.clock, A_LETTER) {
                    self.one(letter, progress).await.err()
                } else {
                    self.hidden.push(letter);
                    None
                };
                if let Some(end) = ended {
                    self.hidden.extend(letters);
                    return Err(end);
                }
            }
            // Nothing comes, or only what is to stay.
            if (self.steps(), self.left.len()) == before {
                return Ok(());
            }
        }
    }

    async fn one(&mut self, letter: Letter, progress: Progress<'_>) -> Result<(), End> {
        if self.lingering.contains(&letter.id) {
            return self.delete(letter).await;
        }
        let examined = self.on.examine(letter).await;
        let fate = self.wish.fate(&examined);
        if fate != Fate::Leave && self.done.touched() >= self.wish.limit {
            self.hidden.push(examined.letter);
            return Err(End::Limit);
        }
        match fate {
            Fate::Leave => {
                if self.left.insert(examined.letter.id.clone()) {
                    count(&mut self.done.left, &examined.reason);
                }
                self.hidden.push(examined.letter);
                return Ok(());
            }
            Fate::Drop => {
                let order = examined.settled_order().cloned();
                let before = self.deleted;
                self.delete(examined.letter).await?;
                if self.deleted > before {
                    self.done.dropped.extend(order);
                }
            }
            Fate::Send => {
                if let Err(error) = self.on.letters.send_back(&examined.letter).await {
                    self.hidden.push(examined.letter);
                    return Err(End::Failed(error));
                }
                self.done.sent = self.done.sent.saturating_add(1);
                self.lingering.insert(examined.letter.id.clone());
                self.delete(examined.letter).await?;
                self.on.clock.sleep(Duration::from_secs(1) / self.wish.rate.get()).await;
            }
        }
        if progress(self.done.touched()).is_break() { Err(End::Stopped) } else { Ok(()) }
    }

    /// A letter that is hidden no more stays, and is met again.
    async fn delete(&mut self, letter: Letter) -> Result<(), End> {
        match self.on.letters.delete(&letter).await {
            Ok(()) => {
                self.deleted = self.deleted.saturating_add(1);
                self.lingering.remove(&letter.id);
                Ok(())
            }
            Err(DeadLettersError::Receipt(_)) => Ok(()),
            Err(error @ DeadLettersError::Unavailable(_)) => {
                self.hidden.push(letter);
                Err(End::Failed(error))
            }
        }
    }
}
