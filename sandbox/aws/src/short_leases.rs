//! Claims and leases of seconds, for whoever is killed on purpose and does not want to wait for minutes.

use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ConnectionId, OrderId, Timestamp};
use connector_ports::{
    AuditEvent, Claim, ClaimOutcome, Lease, Leases, LeasesError, Ledger, LedgerError, LedgerRow, OrderKey,
    OrderState, Progress, StateName, TrailEntry, WriteBack,
};
use connector_sync::orders::audit::REMOTE_TIME_OUT;

/// What it wraps, with shorter leases; everything else goes on untouched.
#[derive(Debug)]
pub(crate) struct ShortLeases<T> {
    pub(crate) inner: T,
    /// The longest call to a vendor, in place of the product's.
    pub(crate) remote: Duration,
    /// The longest lease.
    pub(crate) longest: Duration,
}

impl<T> ShortLeases<T> {
    /// A claim is the time left and the longest call to a vendor; here that call is shorter.
    fn claimed(&self, lease: Duration) -> Duration {
        lease.saturating_sub(REMOTE_TIME_OUT).saturating_add(self.remote)
    }
}

#[async_trait]
impl Ledger for ShortLeases<Box<dyn Ledger>> {
    async fn claim(&self, key: &OrderKey, lease: Duration) -> Result<ClaimOutcome, LedgerError> {
        self.inner.claim(key, self.claimed(lease)).await
    }

    async fn checkpoint(
        &self,
        claim: &Claim,
        progress: &Progress,
        events: Vec<AuditEvent>,
        lease: Duration,
    ) -> Result<(), LedgerError> {
        self.inner.checkpoint(claim, progress, events, self.claimed(lease)).await
    }

    async fn complete(
        &self,
        claim: Claim,
        state: OrderState,
        progress: Progress,
        events: Vec<AuditEvent>,
    ) -> Result<(), LedgerError> {
        self.inner.complete(claim, state, progress, events).await
    }

    async fn release(&self, claim: Claim) -> Result<(), LedgerError> {
        self.inner.release(claim).await
    }

    async fn write_back(&self, key: &OrderKey, outcome: WriteBack) -> Result<(), LedgerError> {
        self.inner.write_back(key, outcome).await
    }

    async fn get(&self, key: &OrderKey) -> Result<Option<LedgerRow>, LedgerError> {
        self.inner.get(key).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<OrderKey>, LedgerError> {
        self.inner.due(now, limit).await
    }

    async fn list(
        &self,
        connection: &ConnectionId,
        state: Option<StateName>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.inner.list(connection, state, after, limit).await
    }

    async fn held(
        &self,
        connection: &ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        self.inner.held(connection, reason, after, limit).await
    }

    async fn trail(&self, key: &OrderKey) -> Result<Vec<TrailEntry>, LedgerError> {
        self.inner.trail(key).await
    }
}

#[async_trait]
impl Leases for ShortLeases<Box<dyn Leases>> {
    async fn acquire(&self, key: &str, ttl: Duration) -> Result<Option<Lease>, LeasesError> {
        self.inner.acquire(key, ttl.min(self.longest)).await
    }

    async fn renew(&self, lease: &mut Lease, ttl: Duration) -> Result<(), LeasesError> {
        self.inner.renew(lease, ttl.min(self.longest)).await
    }

    async fn release(&self, lease: Lease) -> Result<(), LeasesError> {
        self.inner.release(lease).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use connector_domain::ManualClock;
    use connector_ports::memory::{MemoryLeases, MemoryLedger};

    use super::*;

    fn clock() -> ManualClock {
        ManualClock::at("2026-04-01T03:30:00Z".parse().unwrap())
    }

    fn short<T>(inner: T) -> ShortLeases<T> {
        ShortLeases { inner, remote: Duration::from_secs(3), longest: Duration::from_secs(11) }
    }

    #[tokio::test]
    async fn a_claim_outlives_the_time_left_by_the_shorter_call_only() {
        let clock = clock();
        let ledger: Box<dyn Ledger> = Box::new(MemoryLedger::new(Arc::new(clock.clone())));
        let ledger = short(ledger);
        let key = OrderKey { connection: "main-store".parse().unwrap(), order: OrderId(7) };
        let lease = Duration::from_secs(8) + REMOTE_TIME_OUT;
        assert!(matches!(ledger.claim(&key, lease).await.unwrap(), ClaimOutcome::Granted(..)));
        clock.advance(Duration::from_millis(10_999));
        assert!(matches!(ledger.claim(&key, lease).await.unwrap(), ClaimOutcome::Busy(_)));
        clock.advance(Duration::from_millis(1));
        assert!(matches!(ledger.claim(&key, lease).await.unwrap(), ClaimOutcome::Granted(..)));
    }

    #[tokio::test]
    async fn no_lease_is_longer_than_the_longest() {
        let clock = clock();
        let leases: Box<dyn Leases> = Box::new(MemoryLeases::new(Arc::new(clock.clone())));
        let leases = short(leases);
        assert!(leases.acquire("shopper", Duration::from_mins(5)).await.unwrap().is_some());
        clock.advance(Duration::from_millis(10_999));
        assert!(leases.acquire("shopper", Duration::from_mins(5)).await.unwrap().is_none());
        clock.advance(Duration::from_millis(1));
        assert!(leases.acquire("shopper", Duration::from_mins(5)).await.unwrap().is_some());
    }
}
