use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use connector_domain::ManualClock;
use tokio::sync::Notify;

use super::*;

/// Lends numbers, each good for a minute, as soon as it may.
struct Lender {
    clock: ManualClock,
    kept: Kept<u32>,
    asked: AtomicU32,
    may: Notify,
    fails: Option<Class>,
}

impl Lender {
    fn new(fails: Option<Class>) -> Arc<Self> {
        let (clock, asked) = (ManualClock::at(Timestamp::UNIX_EPOCH), AtomicU32::new(0));
        Arc::new(Self { clock, kept: Kept::new(), asked, may: Notify::new(), fails })
    }

    async fn get(&self) -> Result<(u32, u64), CallError> {
        let ask = async {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            self.may.notified().await;
            match self.fails {
                Some(class) => Err(failure(class, number)),
                None => Ok(Fresh { value: number, good_until: self.clock.now() + Duration::from_mins(1) }),
            }
        };
        self.kept.get(&self.clock, ask).await
    }

    /// One caller, who need not wait.
    async fn get_now(&self) -> Result<(u32, u64), CallError> {
        self.may.notify_one();
        self.get().await
    }

    /// So many callers, who all wait before the first answer comes.
    async fn get_together(self: &Arc<Self>, callers: usize) -> Vec<Result<(u32, u64), CallError>> {
        let begun: Vec<_> = (0..callers)
            .map(|_| {
                let lender = self.clone();
                tokio::spawn(async move { lender.get().await })
            })
            .collect();
        // The runtime has one thread: each yield lets every caller go as far as it can.
        for _ in 0..callers {
            tokio::task::yield_now().await;
        }
        let mut came = Vec::new();
        for caller in begun {
            self.may.notify_one();
            came.push(caller.await.unwrap());
        }
        came
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

fn failure(class: Class, attempts: u32) -> CallError {
    CallError {
        vendor: "Kinetic",
        call: "POST TokenResource.svc",
        class,
        status: None,
        cause: "",
        words: String::new(),
        attempts,
        retry_after: None,
    }
}

#[tokio::test]
async fn what_is_good_is_not_asked_for_again() {
    let lender = Lender::new(None);
    assert_eq!(lender.get_now().await, Ok((1, 1)));
    lender.clock.advance(Duration::from_secs(59));
    assert_eq!(lender.get_now().await, Ok((1, 1)));
    lender.clock.advance(Duration::from_secs(1));
    assert_eq!(lender.get_now().await, Ok((2, 2)));
}

#[tokio::test]
async fn callers_who_come_together_ask_once() {
    let lender = Lender::new(None);
    assert_eq!(lender.get_together(20).await, vec![Ok((1, 1)); 20]);
    assert_eq!(lender.asked(), 1);
}

#[tokio::test]
async fn who_was_waiting_gets_the_same_failure_and_who_comes_later_asks_anew() {
    let lender = Lender::new(Some(Class::Unauthorized));
    let came = lender.get_together(20).await;
    assert_eq!(came, vec![Err(failure(Class::Unauthorized, 1)); 20]);
    assert_eq!(lender.get_now().await, Err(failure(Class::Unauthorized, 2)));
    assert_eq!(lender.asked(), 2);
}

#[tokio::test]
async fn somebody_elses_want_of_time_is_no_failure_of_mine() {
    let lender = Lender::new(Some(Class::OutOfTime));
    lender.get_together(3).await;
    assert_eq!(lender.asked(), 3);
}

#[tokio::test]
async fn an_asker_who_goes_away_leaves_the_asking_to_the_next() {
    let lender = Lender::new(None);
    let first = {
        let lender = lender.clone();
        tokio::spawn(async move { lender.get().await })
    };
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(lender.get_now().await, Ok((2, 1)));
}

#[tokio::test]
async fn only_the_one_that_was_used_is_given_up() {
    let lender = Lender::new(None);
    lender.get_now().await.unwrap();
    lender.kept.forget(1);
    assert_eq!(lender.get_now().await, Ok((2, 2)));
    lender.kept.forget(1);
    assert_eq!(lender.get_now().await, Ok((2, 2)));
    assert_eq!(lender.asked(), 2);
}

#[tokio::test]
async fn what_was_taken_is_gone_but_its_text_is_still_known() {
    let lender = Lender::new(None);
    assert_eq!(lender.kept.take(&lender.clock).await, None);
    lender.get_now().await.unwrap();
    assert_eq!(lender.kept.take(&lender.clock).await, Some(1));
    assert_eq!(lender.kept.take(&lender.clock).await, None);
    assert_eq!(lender.kept.newest(), Some(1));
    assert_eq!(lender.get_now().await, Ok((2, 2)));
}
