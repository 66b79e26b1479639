//! A clock that runs faster than the machine's, for waits that nobody wants to wait for in full.

use std::time::Duration;

use connector_domain::{BoxFuture, Clock, Timestamp};
use connector_http::SystemClock;

/// The machine's clock, `times` as fast since `epoch`. Every wait on it is as much shorter, whoever waits; both vendors have
/// it too, so what they tell of resets and retries means the same to both sides.
#[derive(Debug, Clone)]
pub(crate) struct FastClock {
    epoch: Timestamp,
    times: u32,
}

impl FastClock {
    pub(crate) const fn new(epoch: Timestamp, times: u32) -> Self {
        Self { epoch, times: if times == 0 { 1 } else { times } }
    }

    /// When it showed the machine's time.
    pub(crate) const fn epoch(&self) -> Timestamp {
        self.epoch
    }

    /// How long it took on the machine's clock from `from` to `to` on this one; nothing if `to` came first.
    pub(crate) fn real(&self, from: Timestamp, to: Timestamp) -> Duration {
        Duration::try_from(to.duration_since(from)).unwrap_or_default() / self.times
    }

    fn at(&self, machine: Timestamp) -> Timestamp {
        let passed = machine.duration_since(self.epoch);
        let times = i32::try_from(self.times).unwrap_or(i32::MAX);
        let faster = passed.checked_mul(times).and_then(|passed| self.epoch.checked_add(passed).ok());
        faster.unwrap_or(Timestamp::MAX)
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        self.at(SystemClock.now())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let shorter = duration / self.times;
        Box::pin(async move { SystemClock.sleep(shorter).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn it_goes_so_many_times_as_fast_since_its_epoch() {
        let clock = FastClock::new(at(1000), 10);
        assert_eq!(clock.at(at(1000)), at(1000));
        assert_eq!(clock.at(at(1003)), at(1030));
        assert_eq!(clock.real(at(1000), at(1030)), Duration::from_secs(3));
        assert_eq!(clock.real(at(1030), at(1000)), Duration::ZERO);
        assert_eq!(FastClock::new(at(1000), 0).at(at(1003)), at(1003));
    }
}
