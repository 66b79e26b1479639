//! The trail of one order: intent before each saving call, outcome after, and each rule that fired.

use std::time::Duration;

use connector_domain::{Clock, Deadline, OrderNum};
use connector_kinetic::KineticError;
use connector_ports::{AuditEvent, Claim, Digest, Ledger, LedgerError, Progress, Settlement};

use crate::job::Failure;
use crate::personal::Personal;

/// Longer than any single call to a vendor may take: a claim outlives the invocation's last call.
pub const REMOTE_TIME_OUT: Duration = Duration::from_mins(2);

/// For how long an order is claimed: what is left of the invocation, and the longest call that may outlive it.
pub(super) fn lease(deadline: Deadline, clock: &dyn Clock) -> Duration {
    deadline.time_left(clock).saturating_add(REMOTE_TIME_OUT)
}

/// Collects what happens to one claimed order and writes it ahead.
///
/// An intent is in the ledger before its call begins; outcomes and rules go with the next write. Vendor words pass through
/// [`Personal`] on their way in.
#[derive(Debug)]
pub struct Trail<'a> {
    ledger: &'a dyn Ledger,
    clock: &'a dyn Clock,
    claim: &'a Claim,
    deadline: Deadline,
    personal: Personal,
    content: Digest,
    progress: Progress,
    pending: Vec<AuditEvent>,
    saves: u32,
}

impl<'a> Trail<'a> {
    /// An empty trail for what `claim` holds; each write renews the lease to the deadline.
    pub fn new(ledger: &'a dyn Ledger, clock: &'a dyn Clock, claim: &'a Claim, deadline: Deadline) -> Self {
        let (personal, progress, pending) = (Personal::default(), Progress::default(), Vec::new());
        Self {
            ledger,
            clock,
            claim,
            deadline,
            personal,
            content: Digest::new([0; 32]),
            progress,
            pending,
            saves: 0,
        }
    }

    /// The order in hand: from now on its personal strings are replaced wherever a vendor repeats them, and what is created is created
    /// from this `content`.
    pub fn guard(&mut self, personal: Personal, content: Digest) {
        self.personal = personal;
        self.content = content;
    }

    /// `words` without anything personal of the order in hand.
    pub fn scrub(&self, words: &str) -> String {
        self.personal.scrub(words)
    }

    /// What is known of the order so far; goes with the next write.
    pub fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    /// A rule fired.
    pub fn rule(&mut self, rule: &str, detail: impl AsRef<str>) {
        let detail = self.personal.scrub(detail.as_ref());
        self.pending.push(AuditEvent::RuleFired { rule: rule.to_owned(), detail });
    }

    /// The work stopped here; `words` must be scrubbed.
    pub fn stopped(&mut self, words: String) {
        self.pending.push(AuditEvent::Failed { words });
    }

    /// A call that creates is about to be made. Until its outcome is known nothing may be created without a look.
    ///
    /// Only the intent is written, not all that is known: an order of a thousand lines would be written a thousand times.
    ///
    /// # Errors
    /// The ledger refused, because the lease is lost or it is out of reach: the call must not be made.
    pub async fn will_create(&mut self, step: &str) -> Result<(), LedgerError> {
        let settlement = Settlement::Unsettled {
            step: step.to_owned(),
            content: self.content,
            since: self.clock.now(),
            looked: None,
        };
        self.progress.settlement = Some(settlement.clone());
        let ahead = Progress {
            settlement: Some(settlement),
            order_num: self.progress.order_num,
            ..Progress::default()
        };
        self.intent(step, &ahead).await
    }

    /// A call that changes what exists is about to be made; sent twice it leaves the same.
    ///
    /// # Errors
    /// As [`Trail::will_create`].
    pub async fn will_change(&mut self, step: &str) -> Result<(), LedgerError> {
        self.intent(step, &Progress::default()).await
    }

    async fn intent(&mut self, step: &str, progress: &Progress) -> Result<(), LedgerError> {
        self.pending.push(AuditEvent::SaveIntent { step: step.to_owned() });
        self.checkpoint(progress.clone()).await
    }

    /// The call of `step` saved what it should.
    pub fn saved(&mut self, step: &str, order_num: Option<OrderNum>) {
        self.saves = self.saves.saturating_add(1);
        self.settle();
        self.outcome(step, "saved".to_owned(), order_num);
    }

    /// How many calls have saved something in this run.
    pub const fn saves(&self) -> u32 {
        self.saves
    }

    /// What the error of a saving call means: unknown where a create may have happened, else what the error says.
    pub fn failed(&mut self, step: &str, error: KineticError) -> Failure {
        let words = self.personal.scrub(&error.to_string());
        self.outcome(step, words, None);
        let creating = matches!(self.progress.settlement, Some(Settlement::Unsettled { .. }));
        if creating && error.class().may_have_happened() {
            return Failure::Unknown(error);
        }
        self.settle();
        Failure::Kinetic(error)
    }

    fn settle(&mut self) {
        if self.progress.settlement.is_some() {
            self.progress.settlement = Some(Settlement::Settled);
        }
    }

    fn outcome(&mut self, step: &str, outcome: String, order_num: Option<OrderNum>) {
        self.pending.push(AuditEvent::SaveOutcome { step: step.to_owned(), outcome, order_num });
    }

    /// Writes all that is known and pending, and renews the lease.
    ///
    /// # Errors
    /// As [`Trail::will_create`].
    pub async fn write(&mut self) -> Result<(), LedgerError> {
        self.checkpoint(self.progress.clone()).await
    }

    async fn checkpoint(&mut self, progress: Progress) -> Result<(), LedgerError> {
        let events = std::mem::take(&mut self.pending);
        self.ledger.checkpoint(self.claim, &progress, events, lease(self.deadline, self.clock)).await
    }

    /// What is still to be written, for the final write, and whom to keep out of what is said after it.
    pub fn finish(self) -> (Progress, Vec<AuditEvent>, Personal) {
        (self.progress, self.pending, self.personal)
    }
}
