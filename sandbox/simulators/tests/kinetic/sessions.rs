//! Sessions, and the pool of licences.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use connector_simulators::{KineticConfig, Pause};
use serde_json::json;

use crate::desk::{Desk, Reply};

const SESSIONS: &str = "Ice.LIB.SessionModSvc";

async fn login(desk: &Desk) -> String {
    let login = desk.post(SESSIONS, "Login", json!({})).await.ok();
    login["returnObj"].as_str().unwrap().to_owned()
}

async fn within(desk: &Desk, session: &str, verb: &str, path: &str) -> Reply {
    let info = json!({"SessionID": session}).to_string();
    Desk::answer(desk.request(verb, path).header("SessionInfo", info)).await.unwrap()
}

const PARTS: &str = "EPIC06/Erp.BO.PartSvc/Parts";

#[tokio::test]
async fn a_session_lasts_until_it_is_closed() {
    let desk = Desk::new().await;
    let (first, second) = (login(&desk).await, login(&desk).await);
    assert!(first != second && uuid::Uuid::try_parse(&first).is_ok());
    assert_eq!(desk.sim.open_sessions(), 2);
    within(&desk, &first, "GET", PARTS).await.ok();
    let out = within(&desk, &first, "POST", "EPIC06/Ice.LIB.SessionModSvc/Logout").await;
    assert_eq!(out.ok(), json!({}));
    assert_eq!(desk.sim.open_sessions(), 1);
    within(&desk, &first, "GET", PARTS).await.refused(410, "InvalidSessionException");
    within(&desk, &second, "GET", PARTS).await.ok();
    desk.sim.expire_sessions();
    within(&desk, &second, "GET", PARTS).await.refused(410, "InvalidSessionException");
    desk.get("Erp.BO.PartSvc", "Parts", &[]).await.ok();
    desk.post(SESSIONS, "Logout", json!({})).await.refused(410, "InvalidSessionException");
}

#[tokio::test]
async fn headers_that_cannot_be_read_are_refused() {
    let desk = Desk::new().await;
    let with = |name: &'static str, text: &'static str| desk.request("GET", PARTS).header(name, text);
    for request in [
        with("SessionInfo", "6c1d40f2"),
        with("SessionInfo", r#"{"sessionID":"6c1d40f2"}"#),
        with("License", "00000003-9439-4B30-A6F4-6D2FD4B9FD0F"),
        with("License", r#"{"Claimed":"x"}"#),
    ] {
        Desk::answer(request).await.unwrap().unreadable();
    }
    let licensed = with("License", r#"{"ClaimedLicense":"00000003-9439-4B30-A6F4-6D2FD4B9FD0F"}"#);
    Desk::answer(licensed).await.unwrap().ok();
}

#[tokio::test]
async fn an_empty_pool_refuses_whoever_has_no_session_and_takes_its_time() {
    let waits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&waits);
    let empty_pool_pause = Pause::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {})
    });
    let desk = Desk::with(KineticConfig { seats: Some(3), empty_pool_pause, ..KineticConfig::new() }).await;
    let session = login(&desk).await;
    desk.sim.take_seats(1);
    desk.get("Erp.BO.PartSvc", "Parts", &[]).await.ok();
    assert_eq!((desk.sim.pool_refusals(), waits.load(Ordering::Relaxed)), (0, 0));
    desk.sim.take_seats(1);
    let text = desk.get("Erp.BO.PartSvc", "Parts", &[]).await;
    let text = text.refused(400, "Ice.Common.LicenseAccessException");
    assert!(text.contains("Maximum users exceeded"), "{text}");
    desk.post(SESSIONS, "Login", json!({})).await.refused(400, "Ice.Common.LicenseAccessException");
    within(&desk, &session, "GET", PARTS).await.ok();
    assert_eq!((desk.sim.pool_refusals(), waits.load(Ordering::Relaxed)), (2, 2));
    desk.sim.give_seats();
    desk.get("Erp.BO.PartSvc", "Parts", &[]).await.ok();
}
