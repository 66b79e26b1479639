//! How long calls take, and what is counted of many.

use std::sync::Arc;

use connector_simulators::{KineticConfig, Pause, Recorder, SimClock};
use jiff::SignedDuration;
use tokio::sync::Barrier;

use crate::desk::Desk;

const TERMS: &str = "EPIC06/Erp.BO.TermsSvc/Terms";

#[tokio::test]
async fn a_story_moves_its_clock_with_each_call() {
    let (clock, hands) = SimClock::manual("2026-03-16T09:30:00Z".parse().unwrap());
    let before = clock.now();
    let pause = Pause::new(move || {
        hands.advance(SignedDuration::from_millis(150));
        Box::pin(async {})
    });
    let desk = Desk::with(KineticConfig { pause, clock: clock.clone(), ..KineticConfig::new() }).await;
    for _ in 0..4 {
        desk.get("Erp.BO.TermsSvc", "Terms", &[]).await.ok();
    }
    assert_eq!(clock.now().duration_since(before), SignedDuration::from_millis(600));
}

#[tokio::test]
async fn a_real_pause_still_answers() {
    let pause = Pause::real(std::time::Duration::from_millis(1));
    let desk = Desk::with(KineticConfig { pause, ..KineticConfig::new() }).await;
    desk.get("Erp.BO.TermsSvc", "Terms", &[]).await.ok();
}

#[tokio::test]
async fn calls_at_the_same_time_wait_at_the_same_time() {
    let barrier = Arc::new(Barrier::new(3));
    // Nobody goes on before three wait: one after the other, none ever would.
    let pause = Pause::new(move || {
        let barrier = Arc::clone(&barrier);
        Box::pin(async move {
            barrier.wait().await;
        })
    });
    let desk = Desk::with(KineticConfig { pause, ..KineticConfig::new() }).await;
    let ask = || Desk::answer(desk.request("GET", TERMS));
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    for reply in [first, second, third] {
        reply.unwrap().ok();
    }
}

#[tokio::test]
async fn a_counting_recorder_keeps_numbers_and_no_exchange() {
    let config = KineticConfig { recorder: Recorder::counting(), ..KineticConfig::new() };
    let desk = Desk::with(config).await;
    let answer = desk.request("POST", "EPIC06/Erp.BO.SalesOrderSvc/GetNewOrderHed").body(r#"{"ds":{}}"#);
    let length = Desk::answer(answer).await.unwrap().ok();
    assert!(length.is_object());
    desk.get("Erp.BO.TermsSvc", "Terms", &[]).await.ok();
    let traffic = desk.sim.traffic();
    assert_eq!((traffic.count("POST", "/GetNewOrderHed$"), traffic.count("GET", "/Terms")), (1, 1));
    assert_eq!(traffic.count("GET", "/GetNewOrderHed$"), 0);
    assert!(traffic.calls().is_empty() && traffic.matching("GET", "").is_empty());
    let (sent, answered) = traffic.bytes("POST", "/GetNewOrderHed$");
    assert!(sent == 9 && answered > 10_000, "{sent} {answered}");
    assert_eq!(traffic.bytes("GET", "/Terms").0, 0);

    let kept = Desk::new().await;
    kept.order("GetNewOrderHed", serde_json::json!({"ds": {}})).await.ok();
    assert_eq!(kept.sim.traffic().bytes("POST", "/GetNewOrderHed$").0, 9);
    let body = kept.sim.traffic().calls()[0].response_body.len();
    assert_eq!(kept.sim.traffic().bytes("POST", "/GetNewOrderHed$").1, u64::try_from(body).unwrap());
    kept.sim.traffic().clear();
    assert_eq!(kept.sim.traffic().count("POST", "/GetNewOrderHed$"), 0);
}
