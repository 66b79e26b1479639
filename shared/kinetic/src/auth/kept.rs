//! One borrowed thing, shared by all callers: asked for once, kept while it is good, asked for anew when it is not.

use std::future::Future;

use connector_domain::{Clock, Timestamp};
use connector_http::{CallError, Class};

/// What was lent, and until when it is good.
pub(super) struct Fresh<T> {
    pub(super) value: T,
    pub(super) good_until: Timestamp,
}

/// At most one of a thing. Each new one has a higher generation, so that nobody gives up what was just replaced.
pub(super) struct Kept<T> {
    state: parking_lot::Mutex<State<T>>,
    /// Held by whoever asks; the others wait for the outcome instead of asking as well.
    asking: tokio::sync::Mutex<()>,
}

struct State<T> {
    /// The newest, also when it is no longer good: its text may still come back in somebody's words.
    value: Option<T>,
    generation: u64,
    good_until: Timestamp,
    /// How often it was asked for.
    rounds: u64,
    /// Why the last asking failed.
    failure: Option<CallError>,
}

impl<T: Clone> State<T> {
    fn good(&self, now: Timestamp) -> Option<(T, u64)> {
        self.value.clone().filter(|_| now < self.good_until).map(|value| (value, self.generation))
    }
}

impl<T: Clone> Kept<T> {
    pub(super) fn new() -> Self {
        let (value, failure) = (None, None);
        let state = State { value, generation: 0, good_until: Timestamp::MIN, rounds: 0, failure };
        Self { state: parking_lot::Mutex::new(state), asking: tokio::sync::Mutex::new(()) }
    }

    /// The thing and its generation; `ask` is run only if there is none that is good.
    ///
    /// The wait for somebody else's asking needs no time-out: who asks began a call that ends before the same invocation's deadline.
    ///
    /// # Errors
    /// That of `ask`. Who was waiting already gets the same error: a wrong password is not sent once for each of them. Who comes later asks
    /// anew, and so does everybody if it failed only for want of the asker's own time.
    pub(super) async fn get(
        &self,
        clock: &dyn Clock,
        ask: impl Future<Output = Result<Fresh<T>, CallError>>,
    ) -> Result<(T, u64), CallError> {
        let rounds = {
            let state = self.state.lock();
            if let Some(good) = state.good(clock.now()) {
                return Ok(good);
            }
            state.rounds
        };
        let _asking = self.asking.lock().await;
        {
            let state = self.state.lock();
            if let Some(good) = state.good(clock.now()) {
                return Ok(good);
            }
            if let Some(failure) = state.failure.as_ref().filter(|_| state.rounds != rounds) {
                return Err(failure.clone());
            }
        }
        let outcome = ask.await;
        let mut state = self.state.lock();
        state.rounds = state.rounds.saturating_add(1);
        match outcome {
            Ok(Fresh { value, good_until }) => {
                state.generation = state.generation.saturating_add(1);
                state.good_until = good_until;
                state.value = Some(value.clone());
                state.failure = None;
                Ok((value, state.generation))
            }
            Err(failure) => {
                state.failure = Some(failure.clone()).filter(|failure| failure.class != Class::OutOfTime);
                Err(failure)
            }
        }
    }

    /// Gives up the thing if it is still that of `generation`.
    pub(super) fn forget(&self, generation: u64) {
        let mut state = self.state.lock();
        if state.generation == generation {
            state.good_until = Timestamp::MIN;
        }
    }

    /// Gives up the thing and hands it out, if there is one that is good. Waits for whoever is asking for one.
    pub(super) async fn take(&self, clock: &dyn Clock) -> Option<T> {
        let _asking = self.asking.lock().await;
        let mut state = self.state.lock();
        let (value, _) = state.good(clock.now())?;
        state.good_until = Timestamp::MIN;
        Some(value)
    }

    /// The newest there was, good or not.
    pub(super) fn newest(&self) -> Option<T> {
        self.state.lock().value.clone()
    }
}

#[cfg(test)]
mod tests;
