use std::num::NonZeroU32;

use connector_domain::{ManualClock, Timestamp};
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue};

use super::*;

pub(super) const HEADERS: RateHeaders = RateHeaders {
    quota: "x-rate-limit-requests-quota",
    left: "x-rate-limit-requests-left",
    reset_ms: "x-rate-limit-time-reset-ms",
    window_ms: "x-rate-limit-time-window-ms",
    retry_after_s: "x-retry-after",
};
pub(super) const TIMEOUT: Duration = Duration::from_secs(1);

pub(super) fn count(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

pub(super) fn clock() -> ManualClock {
    ManualClock::at(Timestamp::UNIX_EPOCH)
}

pub(super) fn far() -> Deadline {
    Deadline::at(Timestamp::UNIX_EPOCH + Duration::from_mins(15))
}

fn headers(pairs: &[(&'static str, u64)]) -> HeaderMap {
    pairs.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from(value))).collect()
}

pub(super) fn window(quota: u64, left: u64, reset_ms: u64) -> HeaderMap {
    headers(&[
        (HEADERS.quota, quota),
        (HEADERS.left, left),
        (HEADERS.reset_ms, reset_ms),
        (HEADERS.window_ms, 30_000),
    ])
}

pub(super) fn millis(clock: &ManualClock) -> i64 {
    clock.now().as_millisecond()
}

pub(super) async fn turns(pacer: &Pacer, clock: &ManualClock, n: u32) {
    for _ in 0..n {
        pacer.turn(clock, far(), TIMEOUT).await.unwrap();
    }
}

/// Has one request answered.
pub(super) async fn answer(pacer: &Pacer, clock: &ManualClock, status: StatusCode, headers: &HeaderMap) {
    pacer.turn(clock, far(), TIMEOUT).await.unwrap().answered(clock, status, headers);
}

#[tokio::test]
async fn a_fixed_pace_lets_a_burst_through_and_then_one_by_one() {
    let clock = clock();
    let pacer = Pacer::fixed(count(5), count(9), Arc::new(clock.clone()));
    turns(&pacer, &clock, 5).await;
    assert_eq!(millis(&clock), 0);
    turns(&pacer, &clock, 10).await;
    assert_eq!(millis(&clock), 2000);
}

#[tokio::test]
async fn a_turn_that_comes_too_late_is_refused_at_once() {
    let clock = clock();
    let pacer = Pacer::fixed(count(1), count(9), Arc::new(clock.clone()));
    turns(&pacer, &clock, 1).await;
    let near = Deadline::after(&clock, Duration::from_millis(1999));
    assert_eq!(pacer.turn(&clock, near, TIMEOUT).await.unwrap_err(), TooLate(Duration::from_secs(1)));
    assert_eq!(millis(&clock), 0);
}

#[tokio::test]
async fn no_more_are_in_flight_than_agreed() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 100, count(2));
    answer(&pacer, &clock, StatusCode::OK, &HeaderMap::new()).await;
    let first = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    let _second = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    let mut third = Box::pin(pacer.turn(&clock, far(), TIMEOUT));
    assert!(third.as_mut().now_or_never().is_none());
    drop(first);
    assert!(third.now_or_never().unwrap().is_ok());
}

#[tokio::test]
async fn a_place_that_comes_free_after_the_deadline_is_not_taken() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 100, count(1));
    let first = pacer.turn(&clock, far(), TIMEOUT).await.unwrap();
    let mut second = Box::pin(pacer.turn(&clock, Deadline::after(&clock, TIMEOUT), TIMEOUT));
    assert!(second.as_mut().now_or_never().is_none());
    clock.advance(Duration::from_millis(1));
    drop(first);
    assert_eq!(second.now_or_never().unwrap().unwrap_err(), TooLate(Duration::ZERO));
}

#[tokio::test]
async fn without_headers_nothing_is_held_back() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(2));
    answer(&pacer, &clock, StatusCode::OK, &HeaderMap::new()).await;
    answer(&pacer, &clock, StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new()).await;
    turns(&pacer, &clock, 1000).await;
    assert_eq!(millis(&clock), 0);
}

#[tokio::test]
async fn only_our_share_of_a_window_is_spent() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 40, count(2));
    answer(&pacer, &clock, StatusCode::OK, &window(150, 149, 20_000)).await;
    turns(&pacer, &clock, 59).await;
    assert_eq!(millis(&clock), 0);
    turns(&pacer, &clock, 1).await;
    assert_eq!(millis(&clock), 20_000);
    // The next window is presumed to be like the last until an answer says otherwise.
    turns(&pacer, &clock, 60).await;
    assert_eq!(millis(&clock), 50_000);
}

#[tokio::test]
async fn what_we_spent_is_not_forgotten_by_answers_of_the_same_window() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 10, count(2));
    for sent in 1..=15 {
        let left = window(150, 100, 30_000 - u64::try_from(sent * 10).unwrap());
        answer(&pacer, &clock, StatusCode::OK, &left).await;
        assert_eq!(millis(&clock), (sent - 1) * 10);
        clock.advance(Duration::from_millis(10));
    }
    turns(&pacer, &clock, 1).await;
    assert!(millis(&clock) >= 29_990, "{}", millis(&clock));
}

#[tokio::test]
async fn a_window_that_others_emptied_is_waited_out() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 100, count(2));
    answer(&pacer, &clock, StatusCode::OK, &window(150, 0, 7_000)).await;
    turns(&pacer, &clock, 1).await;
    assert_eq!(millis(&clock), 7_000);
}

#[tokio::test]
async fn a_quota_that_drops_within_the_window_lowers_our_share() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 50, count(2));
    answer(&pacer, &clock, StatusCode::OK, &window(100, 99, 10_000)).await;
    turns(&pacer, &clock, 4).await;
    answer(&pacer, &clock, StatusCode::OK, &window(10, 9, 10_000)).await;
    assert_eq!(millis(&clock), 0);
    turns(&pacer, &clock, 1).await;
    assert_eq!(millis(&clock), 10_000);
}

#[tokio::test]
async fn a_429_stops_everybody_until_the_longer_of_both_times_told() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 100, count(2));
    let told = headers(&[(HEADERS.reset_ms, 2_500), (HEADERS.retry_after_s, 4)]);
    answer(&pacer, &clock, StatusCode::TOO_MANY_REQUESTS, &told).await;
    turns(&pacer, &clock, 1).await;
    assert_eq!(millis(&clock), 4_000);
}

#[tokio::test]
async fn a_success_that_names_the_reset_stops_nobody() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 100, count(2));
    answer(&pacer, &clock, StatusCode::OK, &window(150, 35, 2_500)).await;
    assert!(pacer.turn(&clock, far(), TIMEOUT).now_or_never().unwrap().is_ok());
    assert_eq!(millis(&clock), 0);
}

#[tokio::test]
async fn even_the_smallest_share_lets_one_request_through() {
    let clock = clock();
    let pacer = Pacer::learned(HEADERS, 1, count(2));
    answer(&pacer, &clock, StatusCode::OK, &window(20, 20, 1_000)).await;
    turns(&pacer, &clock, 2).await;
    assert!(millis(&clock) <= 31_000);
}

#[test]
fn headers_that_are_no_numbers_tell_nothing() {
    let mut odd = HeaderMap::new();
    odd.insert(HEADERS.reset_ms, HeaderValue::from_static("soon"));
    assert_eq!(HEADERS.told(&odd), None);
    assert_eq!(HEADERS.told(&headers(&[(HEADERS.reset_ms, 1500)])), Some(Duration::from_millis(1500)));
}
