//! What becomes of the attempts of one call.

use crate::class::Class;
use crate::error::CallError;
use crate::vendor::Lent;

/// How often one call was sent, and which loans were given up on the way.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// How often it was sent, or tried to be.
    pub(super) sent: u32,
    renewed: Vec<Lent>,
}

impl Tries {
    /// Whether a loan of this kind is given up by this call for the first time: once more may help, more often would not.
    pub(super) fn renews(&mut self, stale: Lent) -> bool {
        let first = !self.renewed.contains(&stale);
        if first {
            self.renewed.push(stale);
        }
        first
    }

    /// Attempts that say something about the call itself.
    pub(super) fn counted(&self) -> u32 {
        self.sent.saturating_sub(u32::try_from(self.renewed.len()).unwrap_or(u32::MAX))
    }
}

/// An attempt that was no success.
pub(super) enum Failed {
    /// There was no time, no turn or no credential: nothing was sent, and nothing will be.
    Unsent(CallError),
    /// It was sent, or at least tried.
    Sent(CallError),
    /// It was refused for a loan that has been given up since.
    Stale(CallError),
}

/// What to say of a call that was not sent again. What may have happened before, and else what was told before the time ran out, is the
/// truth about it; not why it was not sent again.
pub(super) fn truth(last: Option<CallError>, unsent: CallError) -> CallError {
    let matters = |last: &CallError| last.class.may_have_happened() || unsent.class == Class::OutOfTime;
    last.filter(matters).unwrap_or(unsent)
}
