//! Late requests, chance and slowness at the shop's door.

use std::collections::BTreeSet;

use connector_simulators::{Fault, Pause, Recorder};
use jiff::SignedDuration;
use serde_json::json;

use crate::shop::{Shop, answer, small_order};

#[tokio::test]
async fn a_late_write_is_applied_at_its_moment_and_counts_against_no_later_quota() {
    let shop = Shop::with(|config| config.quota = 1).await;
    let id = shop.sim.place_order(small_order());
    shop.sim.faults().add(Fault::CommitLate(SignedDuration::from_secs(5)).once().on("PUT", "/orders/"));
    let put = shop.request("PUT", &format!("v2/orders/{id}")).json(&json!({"staff_notes": "late"}));
    answer(put).await.err().expect("the client sees no answer");
    assert_eq!(shop.sim.order(id).unwrap()["staff_notes"], "");
    assert_eq!(shop.sim.late_commits(), 1);
    shop.hands.advance(SignedDuration::from_secs(5));
    let read = shop.get(&format!("v2/orders/{id}")).await;
    assert_eq!((read.status, &read.json()["staff_notes"]), (200, &"late".into()));
    assert_eq!(read.json()["date_modified"], "Tue, 31 Mar 2026 21:40:16 +0000");
    assert_eq!(shop.sim.late_commits(), 0);
}

#[tokio::test]
async fn a_test_that_looks_sees_what_is_due() {
    let shop = Shop::open().await;
    let id = shop.sim.place_order(small_order());
    shop.sim.faults().add(Fault::CommitLate(SignedDuration::from_secs(5)).once());
    answer(shop.request("DELETE", &format!("v2/orders/{id}")))
        .await
        .err()
        .expect("the client sees no answer");
    shop.hands.advance(SignedDuration::from_secs(5));
    assert_eq!(shop.sim.order(id).unwrap()["is_deleted"], true);
}

#[tokio::test]
async fn bad_weather_mixes_the_shops_own_kinds() {
    let shop = Shop::with(|config| config.quota = 10_000).await;
    shop.sim.faults().weather(100, 5);
    let mut kinds = BTreeSet::new();
    for _ in 0..60 {
        let answer = answer(shop.request("GET", "v2/time")).await.ok();
        kinds.insert(answer.map(|answer| answer.status));
    }
    assert_eq!(kinds, BTreeSet::from([None, Some(200), Some(429), Some(500), Some(503)]), "200 is garbled");
    assert_eq!(shop.sim.faults().fired(), 60);
    shop.sim.faults().clear();
    shop.sim.faults().seed(1);
    shop.sim.faults().add(Fault::Status { status: 503, body: None }.percent(30));
    let mut struck = 0;
    for _ in 0..100 {
        struck += usize::from(shop.get("v2/time").await.status == 503);
    }
    assert!((20..=40).contains(&struck), "{struck}");
}

#[tokio::test]
async fn the_shops_clock_moves_with_each_call() {
    let (clock, hands) = connector_simulators::SimClock::manual(crate::shop::START.parse().unwrap());
    let pause = Pause::new(move || {
        hands.advance(SignedDuration::from_secs(1));
        Box::pin(async {})
    });
    let shop = Shop::with(|config| {
        config.clock = clock;
        config.pause = pause;
        config.recorder = Recorder::counting();
    })
    .await;
    assert_eq!(shop.get("v2/time").await.json()["time"], 1_774_993_212);
    assert_eq!(shop.get("v2/time").await.json()["time"], 1_774_993_213);
    assert_eq!(shop.sim.traffic().count("GET", "/v2/time$"), 2);
    let answered = 2 * u64::try_from(r#"{"time":1774993212}"#.len()).unwrap();
    assert_eq!(shop.sim.traffic().bytes("GET", "/v2/time$"), (0, answered));
    assert!(shop.sim.traffic().calls().is_empty());
}
