//! Credentials that a vendor lends and can lend anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{Deadline, ManualClock, Timestamp};
use connector_http::{
    AuthorizeError, Call, CallError, Class, Judgement, Lent, Safety, Stamp, TransportSettings, Vendor,
};
use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, StatusCode};
use test_case::test_case;
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::Setup;

const SAFETIES: [Safety; 3] = [Safety::Safe, Safety::Idempotent, Safety::Unsafe];

/// Lends numbered tokens, and says of a 401 "stale" and of a 410 which loan they are about.
#[derive(Debug)]
struct Library {
    clock: ManualClock,
    token: AtomicU64,
    session: AtomicU64,
    asked: AtomicU64,
    /// From this time of asking on, lending fails in this class.
    fails: Option<(u64, Class)>,
    /// How long the giving up takes.
    slow: Duration,
}

#[async_trait]
impl Vendor for Library {
    fn name(&self) -> &'static str {
        "Library"
    }

    async fn authorize(&self, headers: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some((_, class)) = self.fails.filter(|(from, _)| asked >= *from) {
            return Err(lending_failed(class).into());
        }
        let (token, session) = (self.token.load(Ordering::SeqCst), self.session.load(Ordering::SeqCst));
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}"))?);
        Ok(Stamp { token, session })
    }

    fn judge(&self, status: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        let (class, stale) = match status.as_u16() {
            401 if body == b"stale" => (None, Some(Lent::Token)),
            410 => (Some(Class::Unauthorized), Some(Lent::Session)),
            // A loan is never the reason of a refusal of another class.
            503 => (None, Some(Lent::Token)),
            _ => (None, None),
        };
        Judgement { class, stale, ..Judgement::default() }
    }

    fn forget(&self, stale: Lent, used: Stamp) {
        let (kept, used) = match stale {
            Lent::Token => (&self.token, used.token),
            Lent::Session => (&self.session, used.session),
        };
        let _ = kept.compare_exchange(used, used + 1, Ordering::SeqCst, Ordering::SeqCst);
        self.clock.advance(self.slow);
    }
}

fn lending_failed(class: Class) -> CallError {
    CallError {
        vendor: "Library",
        call: "POST /token",
        class,
        status: None,
        cause: "library.closed",
        words: "closed".to_owned(),
        attempts: 1,
        retry_after: None,
    }
}

struct Scene {
    server: MockServer,
    setup: Setup,
    library: Arc<Library>,
}

impl Scene {
    async fn new(fails: Option<(u64, Class)>, slow: Duration) -> Self {
        let server = MockServer::start().await;
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let (token, session, asked) = (AtomicU64::new(1), AtomicU64::new(1), AtomicU64::new(0));
        let library = Arc::new(Library { clock: clock.clone(), token, session, asked, fails, slow });
        let setup = Setup::of(&server.uri(), &TransportSettings::default(), clock, library.clone());
        Self { server, setup, library }
    }

    async fn lending() -> Self {
        Self::new(None, Duration::ZERO).await
    }

    async fn answers(&self, answer: ResponseTemplate, times: u64) {
        Mock::given(any()).respond_with(answer).up_to_n_times(times).mount(&self.server).await;
    }

    /// How many successes were heard after one more call.
    async fn send(&self, safety: Safety) -> Result<u64, CallError> {
        let call = Call::post("POST /orders", "/orders", safety);
        self.setup.remote.send(&call, self.setup.far()).await?;
        Ok(self.setup.remote.heard())
    }

    async fn sent(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }

    fn asked(&self) -> u64 {
        self.library.asked.load(Ordering::SeqCst)
    }
}

fn stale() -> ResponseTemplate {
    ResponseTemplate::new(401).set_body_string("stale")
}

#[tokio::test]
async fn a_call_with_a_stale_loan_is_sent_once_more_with_a_new_one_whatever_it_is() {
    for safety in SAFETIES {
        let scene = Scene::lending().await;
        let by = |token| Mock::given(header("authorization", token));
        by("Bearer 1").respond_with(stale()).expect(1).mount(&scene.server).await;
        by("Bearer 2").respond_with(ResponseTemplate::new(200)).expect(1).mount(&scene.server).await;
        scene.send(safety).await.unwrap();
        assert_eq!(scene.setup.slept(), Duration::ZERO, "{safety:?}");
    }
}

#[tokio::test]
async fn a_second_refusal_in_a_row_is_given_to_the_caller() {
    let scene = Scene::lending().await;
    scene.answers(stale(), 9).await;
    let error = scene.send(Safety::Safe).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Unauthorized, 2));
    assert_eq!(scene.sent().await, 2);
    assert_eq!(scene.library.token.load(Ordering::SeqCst), 2, "the new loan is kept for the next caller");
}

#[tokio::test]
async fn each_kind_of_loan_is_given_up_once() {
    let scene = Scene::lending().await;
    scene.answers(stale(), 1).await;
    scene.answers(ResponseTemplate::new(410), 1).await;
    scene.answers(stale(), 1).await;
    let error = scene.send(Safety::Unsafe).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::Unauthorized, 3));
    assert_eq!(scene.sent().await, 3);
}

#[test_case(401, "wrong"; "a refusal of what cannot be lent")]
#[test_case(403, "stale"; "a permission")]
#[tokio::test]
async fn another_refusal_is_not_sent_again(status: u16, body: &str) {
    let scene = Scene::lending().await;
    scene.answers(ResponseTemplate::new(status).set_body_string(body), 9).await;
    scene.send(Safety::Safe).await.unwrap_err();
    assert_eq!(scene.sent().await, 1);
    assert_eq!(scene.library.token.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_is_given_up_where_the_call_may_have_happened() {
    let scene = Scene::lending().await;
    scene.answers(ResponseTemplate::new(503), 9).await;
    let error = scene.send(Safety::Unsafe).await.unwrap_err();
    assert_eq!((error.class, scene.sent().await), (Class::Unavailable, 1));
    assert_eq!(scene.library.token.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stale_loan_takes_no_attempt_from_what_follows() {
    let scene = Scene::lending().await;
    scene.answers(stale(), 1).await;
    scene.answers(ResponseTemplate::new(500), 9).await;
    let error = scene.send(Safety::Safe).await.unwrap_err();
    assert_eq!((error.class, error.attempts), (Class::ServerError, 3));
}

#[tokio::test]
async fn without_a_loan_nothing_is_sent_and_the_lender_is_asked_once() {
    for (class, told) in [
        (Class::Unauthorized, Class::Unauthorized),
        (Class::Throttled, Class::Throttled),
        (Class::Unavailable, Class::NotSent),
        (Class::Ambiguous, Class::NotSent),
        (Class::Rejected, Class::Forbidden),
    ] {
        for safety in SAFETIES {
            let scene = Scene::new(Some((1, class)), Duration::ZERO).await;
            let error = scene.send(safety).await.unwrap_err();
            assert_eq!((error.class, error.call, error.cause), (told, "POST /token", "library.closed"));
            assert_eq!((scene.sent().await, scene.asked()), (0, 1));
        }
    }
}

#[tokio::test]
async fn what_may_have_happened_is_told_even_if_the_next_attempt_finds_no_loan() {
    let scene = Scene::new(Some((2, Class::Unauthorized)), Duration::ZERO).await;
    scene.answers(ResponseTemplate::new(502), 9).await;
    let error = scene.send(Safety::Idempotent).await.unwrap_err();
    assert_eq!((error.class, error.status, scene.asked()), (Class::Unavailable, Some(502), 2));
    let scene = Scene::new(Some((2, Class::Unauthorized)), Duration::ZERO).await;
    scene.answers(ResponseTemplate::new(429), 9).await;
    let error = scene.send(Safety::Unsafe).await.unwrap_err();
    assert_eq!((error.class, error.call), (Class::Unauthorized, "POST /token"));
}

#[tokio::test]
async fn no_time_for_the_second_attempt_is_no_fault_of_the_credentials() {
    let scene = Scene::new(None, Duration::from_mins(15)).await;
    scene.answers(stale(), 9).await;
    let error = scene.send(Safety::Unsafe).await.unwrap_err();
    assert_eq!((error.class, scene.sent().await), (Class::OutOfTime, 1));
}

#[tokio::test]
async fn a_call_that_does_not_fit_borrows_nothing() {
    let scene = Scene::lending().await;
    let near = Deadline::after(&scene.setup.clock, Duration::from_secs(29));
    let call = Call::get("GET /orders", "/orders");
    let error = scene.setup.remote.send(&call, near).await.unwrap_err();
    assert_eq!((error.class, scene.asked()), (Class::OutOfTime, 0));
}

#[tokio::test]
async fn only_successes_are_heard_and_clones_count_together() {
    let scene = Scene::lending().await;
    scene.answers(ResponseTemplate::new(204), 2).await;
    scene.answers(ResponseTemplate::new(400), 9).await;
    let clone = scene.setup.remote.clone();
    assert_eq!(clone.heard(), 0);
    assert_eq!(scene.send(Safety::Safe).await.unwrap(), 1);
    assert_eq!(scene.send(Safety::Safe).await.unwrap(), 2);
    scene.send(Safety::Safe).await.unwrap_err();
    assert_eq!(clone.heard(), 2);
}

#[tokio::test]
async fn a_call_without_a_path_goes_to_the_base_as_it_is() {
    for base in ["http://host/connect/token", "http://host/connect/token/", "http://host/token?tenant=7"] {
        let call = Call::post("POST token", "", Safety::Safe);
        assert_eq!(Setup::at(base).remote.url(&call).unwrap().as_str(), base);
    }
}
