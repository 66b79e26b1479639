//! No more than our share of any window, with calls under way.

use futures_util::FutureExt;

use super::tests::{HEADERS, TIMEOUT, answer, clock, count, far, millis, turns, window};
use super::*;

/// So many turns can be had at this moment, all of them under way.
fn at_once<'a>(pacer: &'a Pacer, clock: &dyn Clock) -> Vec<Permit<'a>> {
    let deadline = Deadline::after(clock, TIMEOUT);
    let mut all = Vec::new();
    while let Some(Ok(permit)) = pacer.turn(clock, deadline, TIMEOUT).now_or_never() {
        all.push(permit);
    }
    all
}

#[tokio::test]
async fn before_the_first_answer_one_asks_and_the_others_wait_for_it() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(4));
    let first = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    let mut others: Vec<_> = (0..3).map(|_| Box::pin(pacer.turn(&clock, far(), TIMEOUT))).collect();
    assert!(others.iter_mut().all(|other| other.as_mut().now_or_never().is_none()));
    first.answered(&clock, StatusCode::OK, &window(30, 29, 20_000));
    // Three are our share, and one of them was the first.
    let second = others.remove(0).now_or_never().unwrap().unwrap();
    let third = others.remove(0).now_or_never().unwrap().unwrap();
    drop((second, third));
    assert_eq!(millis(&clock), 0);
    drop(others.remove(0).await.unwrap());
    assert_eq!(millis(&clock), 20_000);
}

#[tokio::test]
async fn a_first_call_without_an_answer_lets_the_next_one_ask_and_is_spent() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(4));
    turns(&pacer, &clock, 1).await;
    answer(&pacer, &clock, StatusCode::BAD_GATEWAY, &HeaderMap::new()).await;
    let third = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    assert!(pacer.turn(&clock, far(), TIMEOUT).now_or_never().is_none());
    third.answered(&clock, StatusCode::OK, &window(30, 27, 20_000));
    turns(&pacer, &clock, 1).await;
    assert_eq!(millis(&clock), 20_000);
}

#[tokio::test]
async fn a_late_answer_of_the_window_before_does_not_begin_the_new_one_again() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(9));
    answer(&pacer, &clock, StatusCode::OK, &window(50, 49, 1_000)).await;
    let late = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    clock.advance(Duration::from_secs(1));
    answer(&pacer, &clock, StatusCode::OK, &window(50, 49, 30_000)).await;
    clock.advance(Duration::from_millis(5));
    // It was sent before the reset, answered before it as well, and took long on its way home.
    late.answered(&clock, StatusCode::OK, &window(50, 48, 1));
    clock.advance(Duration::from_millis(5));
    assert_eq!(at_once(&pacer, &clock).len(), 4, "five are our share, one was spent");
}

#[tokio::test]
async fn a_call_that_comes_in_after_the_reset_is_spent_of_the_new_window() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(9));
    answer(&pacer, &clock, StatusCode::OK, &window(50, 49, 1_000)).await;
    let slow = [
        pacer.turn(&clock, far(), TIMEOUT).await.unwrap(),
        pacer.turn(&clock, far(), TIMEOUT).await.unwrap(),
        pacer.turn(&clock, far(), TIMEOUT).await.unwrap(),
    ];
    clock.advance(Duration::from_secs(1));
    let new = at_once(&pacer, &clock);
    assert_eq!(new.len(), 2, "the three may be of this window");
    for (permit, (left, reset)) in slow.into_iter().zip([(49, 30_000), (48, 30_000), (46, 1)]) {
        permit.answered(&clock, StatusCode::OK, &window(50, left, reset));
    }
    assert_eq!(at_once(&pacer, &clock).len(), 1, "two were, and one was not");
}

#[tokio::test]
async fn a_window_that_begins_earlier_than_presumed_is_believed() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(9));
    answer(&pacer, &clock, StatusCode::OK, &window(50, 49, 1_000)).await;
    // Long after, in the middle of a window of the vendor's.
    clock.advance(Duration::from_secs(100));
    answer(&pacer, &clock, StatusCode::OK, &window(50, 49, 5_000)).await;
    turns(&pacer, &clock, 5).await;
    assert_eq!(millis(&clock), 105_000);
}
