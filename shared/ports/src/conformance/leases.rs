//! What all leases guarantee.

use std::sync::Arc;

use connector_domain::{Clock, ManualClock};
use tokio::task::JoinSet;

use super::samples::{BLINK, LEASE, MANY, almost};
use crate::leases::{Lease, Leases, LeasesError};

const KEY: &str = "customer/main-store/7";

/// Leases of which none is held, and the clock they lapse on.
#[derive(Debug, Clone)]
pub struct LeasesSubject {
    /// The leases.
    pub leases: Arc<dyn Leases>,
    /// Their clock.
    pub clock: ManualClock,
}

/// One test a sentence of [`Leases`]; each evaluates `$subject`, a [`LeasesSubject`] of which nothing is held.
#[macro_export]
macro_rules! leases_suite {
    ($subject:expr) => {
        $crate::one_test_a_sentence! { leases, $subject;
            of_many_concurrent_acquires_one_is_granted,
            of_many_concurrent_acquires_of_a_lapsed_lease_one_is_granted,
            names_are_leased_apart,
            a_released_lease_is_granted_again_with_a_higher_fence,
            a_lapsed_lease_is_granted_again_with_a_higher_fence,
            a_renewed_lease_lapses_later,
            a_lapsed_lease_is_neither_renewed_nor_released,
            a_superseded_lease_is_neither_renewed_nor_released,
        }
    };
}

/// Until the moment that was asked for.
pub async fn of_many_concurrent_acquires_one_is_granted(subject: LeasesSubject) {
    let granted = many(&subject).await;
    assert_eq!(granted.len(), 1);
    assert!(granted.iter().all(|lease| lease.until() == subject.clock.now() + LEASE && lease.key() == KEY));
}

/// The moment of lapsing is the most contended one.
pub async fn of_many_concurrent_acquires_of_a_lapsed_lease_one_is_granted(subject: LeasesSubject) {
    let lapsed = acquired(&subject).await;
    subject.clock.advance(LEASE);
    let granted = many(&subject).await;
    assert_eq!(granted.len(), 1);
    assert!(granted.iter().all(|lease| lease.fence() > lapsed.fence()));
}

/// A name that begins with another is another.
pub async fn names_are_leased_apart(subject: LeasesSubject) {
    for key in [KEY, "customer/main-store/77", "customer/main-store", "customer/other-store/7"] {
        assert!(subject.leases.acquire(key, LEASE).await.unwrap().is_some(), "{key}");
        assert!(subject.leases.acquire(key, LEASE).await.unwrap().is_none(), "{key}");
    }
}

/// At once, long before it would have lapsed.
pub async fn a_released_lease_is_granted_again_with_a_higher_fence(subject: LeasesSubject) {
    let first = acquired(&subject).await;
    let fence = first.fence();
    subject.leases.release(first).await.unwrap();
    assert!(acquired(&subject).await.fence() > fence);
}

/// At the very moment, and not before.
pub async fn a_lapsed_lease_is_granted_again_with_a_higher_fence(subject: LeasesSubject) {
    let first = acquired(&subject).await;
    subject.clock.advance(almost(LEASE));
    assert!(subject.leases.acquire(KEY, LEASE).await.unwrap().is_none());
    subject.clock.advance(BLINK);
    assert!(acquired(&subject).await.fence() > first.fence());
}

/// Counted from the renewal, under the same fence.
pub async fn a_renewed_lease_lapses_later(subject: LeasesSubject) {
    let mut lease = acquired(&subject).await;
    let fence = lease.fence();
    subject.clock.advance(LEASE / 2);
    subject.leases.renew(&mut lease, 2 * LEASE).await.unwrap();
    assert_eq!((lease.until(), lease.fence()), (subject.clock.now() + 2 * LEASE, fence));
    subject.clock.advance(LEASE);
    assert!(subject.leases.acquire(KEY, LEASE).await.unwrap().is_none());
    subject.clock.advance(LEASE);
    assert!(acquired(&subject).await.fence() > fence);
}

/// Even if nobody else has come since; and its end stays where it was.
pub async fn a_lapsed_lease_is_neither_renewed_nor_released(subject: LeasesSubject) {
    let lease = acquired(&subject).await;
    subject.clock.advance(LEASE);
    refused(&subject, lease).await;
    assert!(subject.leases.acquire(KEY, LEASE).await.unwrap().is_some());
}

/// The one who has it now keeps it.
pub async fn a_superseded_lease_is_neither_renewed_nor_released(subject: LeasesSubject) {
    let lease = acquired(&subject).await;
    subject.clock.advance(LEASE);
    let mut theirs = acquired(&subject).await;
    refused(&subject, lease).await;
    assert!(subject.leases.acquire(KEY, LEASE).await.unwrap().is_none());
    assert_eq!(subject.leases.renew(&mut theirs, LEASE).await, Ok(()));
}

async fn refused(subject: &LeasesSubject, mut lease: Lease) {
    let (until, lost) = (lease.until(), Err(LeasesError::Lost(KEY.to_owned())));
    assert_eq!(subject.leases.renew(&mut lease, LEASE).await, lost);
    assert_eq!(lease.until(), until);
    assert_eq!(subject.leases.release(lease).await, lost);
}

async fn acquired(subject: &LeasesSubject) -> Lease {
    subject.leases.acquire(KEY, LEASE).await.unwrap().expect("the lease is free")
}

async fn many(subject: &LeasesSubject) -> Vec<Lease> {
    let mut acquires = JoinSet::new();
    for _ in 0..MANY {
        let leases = subject.leases.clone();
        acquires.spawn(async move { leases.acquire(KEY, LEASE).await.unwrap() });
    }
    acquires.join_all().await.into_iter().flatten().collect()
}
