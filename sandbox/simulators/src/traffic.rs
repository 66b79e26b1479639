//! The traffic of one simulator: what was asked and answered, and how much of it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use parking_lot::Mutex;

use crate::{Exchange, Recorder, redact::Secrets};

/// So many exchanges are kept in memory; older ones fall out.
const KEPT: usize = 20_000;

/// The exchanges of one simulator so far.
#[derive(Debug, Clone)]
pub struct Traffic {
    vendor: &'static str,
    recorder: Recorder,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    kept: VecDeque<Exchange>,
    /// By method and path; unlike the exchanges they do not fall out.
    tallies: BTreeMap<(String, String), Tally>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    calls: usize,
    sent: u64,
    answered: u64,
}

impl Traffic {
    /// The traffic of `vendor`, written through `recorder`.
    pub fn new(vendor: &'static str, recorder: Recorder) -> Self {
        Self { vendor, recorder, seen: Arc::default() }
    }

    /// All exchanges kept, the oldest first; none under [`Recorder::counting`].
    pub fn calls(&self) -> Vec<Exchange> {
        self.seen.lock().kept.iter().cloned().collect()
    }

    /// How many exchanges had this method and a path that contains `path` (or ends in it: `"/orders$"`), whether they are
    /// still kept or not.
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.tally(method, path).calls
    }

    /// How many bytes of bodies came and went in the exchanges that [`Traffic::count`] counts: of requests, and of the
    /// answers that were sent.
    pub fn bytes(&self, method: &str, path: &str) -> (u64, u64) {
        let tally = self.tally(method, path);
        (tally.sent, tally.answered)
    }

    /// The kept exchanges with this method and a path that contains `path` (or ends in it: `"/orders$"`).
    pub fn matching(&self, method: &str, path: &str) -> Vec<Exchange> {
        let seen = self.seen.lock();
        seen.kept.iter().filter(|call| fits(&call.method, &call.path, method, path)).cloned().collect()
    }

    /// Forgets what was seen, counts too; the file keeps its lines.
    pub fn clear(&self) {
        *self.seen.lock() = Seen::default();
    }

    fn tally(&self, method: &str, path: &str) -> Tally {
        let seen = self.seen.lock();
        let fitting = seen.tallies.iter().filter(|((verb, at), _)| fits(verb, at, method, path));
        fitting.fold(Tally::default(), |all, (_, one)| Tally {
            calls: all.calls + one.calls,
            sent: all.sent + one.sent,
            answered: all.answered + one.answered,
        })
    }

    pub(crate) fn vendor(&self) -> &'static str {
        self.vendor
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.recorder.secrets
    }

    /// Whether exchanges are kept at all.
    pub(crate) fn keeps(&self) -> bool {
        !self.recorder.counting
    }

    /// Counts one exchange with the bytes of its bodies.
    pub(crate) fn count_one(&self, method: &str, path: &str, sent: usize, answered: usize) {
        let size = |bytes| u64::try_from(bytes).unwrap_or(u64::MAX);
        let mut seen = self.seen.lock();
        let tally = seen.tallies.entry((method.to_owned(), path.to_owned())).or_default();
        tally.calls += 1;
        tally.sent += size(sent);
        tally.answered += size(answered);
    }

    pub(crate) fn keep(&self, exchange: Exchange) {
        self.recorder.write(&exchange);
        let kept = &mut self.seen.lock().kept;
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(exchange);
    }
}

fn fits(method: &str, path: &str, wanted: &str, part: &str) -> bool {
    method.eq_ignore_ascii_case(wanted)
        && match part.strip_suffix('$') {
            Some(end) => path.ends_with(end),
            None => path.contains(part),
        }
}
