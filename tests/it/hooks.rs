//! The audit of hooks: what is not as wanted is found and mended, and an order placed after it arrives by a webhook.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connector_bigcommerce::{Hook, HookHeaders, HookId, NewHook};
use connector_domain::Deadline;
use connector_sandbox::connection::{HEADER, HEADER_SECRET, RULES, between};
use connector_simulators::Fault;
use connector_sync::connected::Connected;
use connector_sync::hooks::{Audit, Auditor, Endpoint, Mode, audit};
use connector_sync::job::{Failure, Patience};
use connector_sync::jobs::{Figure, Ran};
use test_case::test_case;
use url::Url;

use crate::basket::gloves;
use crate::world::{MAIN, World, id};

/// What was mended, what is wrong, and what is blocked.
pub(crate) type Seen = (u64, u64, u64);

impl World {
    /// Where this world's receiver is.
    pub(crate) fn door(&self) -> Url {
        self.receiver.base_url.join("webhooks/").unwrap()
    }

    pub(crate) fn soon(&self) -> Deadline {
        Deadline::after(&self.clock, Duration::from_mins(15))
    }

    pub(crate) async fn connected(&self) -> Arc<Connected> {
        self.pipeline.directory().get(&id(MAIN)).await.unwrap()
    }

    /// Runs the job once, if its time has come.
    pub(crate) async fn try_audit(&self, door: &Url) -> Result<Ran, Failure> {
        let (state, directory, patience) =
            (self.pipeline.state(), self.pipeline.directory(), &Patience::default());
        let auditor = Auditor { state, directory, patience, door: Some(door) };
        auditor.run(&id(MAIN), self.soon()).await
    }

    /// The same `wait` later, when it must go well.
    pub(crate) async fn audit_after(&self, wait: Duration, door: &Url) -> Option<Seen> {
        self.clock.advance(wait);
        let figures = self.try_audit(door).await.unwrap().figures;
        let of = |figure| figures.iter().find(|seen| seen.0 == figure).map(|seen| seen.1);
        Some((of(Figure::HooksMended)?, of(Figure::HooksWrong)?, of(Figure::DomainsBlocked)?))
    }

    /// The hooks that the store keeps.
    pub(crate) async fn hooks(&self) -> Vec<Hook> {
        self.connected().await.shop.hooks().list(self.soon()).await.unwrap()
    }

    /// Changes the hook for orders by hand.
    pub(crate) async fn change_hook(&self, change: impl FnOnce(&mut NewHook)) {
        let hook = self.hooks().await.pop().unwrap();
        let mut wanted = hook.as_it_is();
        change(&mut wanted);
        self.connected().await.shop.hooks().update(hook.id, &wanted, self.soon()).await.unwrap();
    }

    /// An order placed now arrives by a webhook, each event once.
    pub(crate) async fn a_webhook_brings_an_order(&self) -> u64 {
        let order = self.shop.place_order(gloves());
        let sent = self.shop.drain_hooks().await;
        assert!(!sent.is_empty() && sent.iter().all(|sent| sent.status == Some(200)), "{sent:?}");
        let events: BTreeSet<_> = sent.iter().map(|sent| (&sent.scope, sent.order_id)).collect();
        assert_eq!(events.len(), sent.len(), "an event came twice: {sent:?}");
        self.settle().await;
        self.is_synced(order).await;
        order
    }
}

/// A moment.
pub(crate) const NOW: Duration = Duration::ZERO;

/// Longer than an audit takes to be due again when all was well.
pub(crate) const AN_HOUR: Duration = Duration::from_mins(61);

/// Longer than an audit takes to be due again when something was wrong.
pub(crate) const FIVE_MINUTES: Duration = Duration::from_mins(6);

/// An address where nobody listens yet.
async fn unused() -> u16 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

#[derive(Debug, Clone, Copy)]
enum Spoilt {
    SwitchedOff,
    Deleted,
    Doubled,
    PointedElsewhere,
    OtherSecret,
}

async fn spoil(world: &World, spoilt: Spoilt) {
    let orders = world.hooks().await.pop().unwrap();
    match spoilt {
        Spoilt::SwitchedOff => assert!(world.shop.switch_off_hook(orders.id.0)),
        Spoilt::Deleted => {
            world.connected().await.shop.hooks().delete(orders.id, world.soon()).await.unwrap();
        }
        Spoilt::Doubled => {
            world.shop.add_hook("store/order/created", &world.address(), &[(HEADER, HEADER_SECRET)]);
        }
        Spoilt::PointedElsewhere => {
            world
                .change_hook(|hook| hook.destination = "https://old.example.com/webhooks/main-store".into())
                .await;
        }
        Spoilt::OtherSecret => {
            world.change_hook(|hook| hook.headers = HookHeaders::of(HEADER, "of-somebody-else".into())).await;
        }
    }
}

#[test_case(Spoilt::SwitchedOff, 1, "was switched off"; "switched off")]
#[test_case(Spoilt::Deleted, 5, "nobody told main-store of"; "deleted")]
#[test_case(Spoilt::Doubled, 1, "it was deleted"; "doubled")]
#[test_case(Spoilt::PointedElsewhere, 1, "led to https://old.example.com"; "pointed elsewhere")]
#[test_case(Spoilt::OtherSecret, 1, "brought other headers"; "with another secret")]
#[tokio::test]
async fn a_hook_that_was_spoilt_is_mended_and_an_order_arrives_by_it(
    spoilt: Spoilt,
    mended: u64,
    told: &str,
) {
    let world = World::new().await;
    let door = world.door();
    assert_eq!(world.audit_after(NOW, &door).await, Some((0, 0, 0)));
    spoil(&world, spoilt).await;
    assert_eq!(world.audit_after(FIVE_MINUTES, &door).await, None, "it is not due yet");
    assert_eq!(world.audit_after(AN_HOUR, &door).await, Some((mended, 0, 0)));
    world.a_webhook_brings_an_order().await;
    assert_eq!(world.logs.count("WARN", told), usize::try_from(mended).unwrap(), "{told}");
    assert_eq!(world.logs.count("ERROR", ""), 0);
    assert_eq!(world.audit_after(AN_HOUR, &door).await, Some((0, 0, 0)));
    assert!(!world.logs.text().contains("of-somebody-else") && !world.logs.text().contains(HEADER_SECRET));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_strangers_hook_is_told_once_and_left_alone() {
    let world = World::new().await;
    let theirs: Url = "https://flows.example.org/catch/a-secret-of-theirs".parse().unwrap();
    let stranger = world.shop.add_hook("store/order/created", &theirs, &[]);
    for _ in 0..2 {
        assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((0, 0, 0)));
    }
    let kept = world.hooks().await.into_iter().find(|hook| hook.id == HookId(stranger)).unwrap();
    assert_eq!((kept.destination.as_str(), kept.is_active), (theirs.as_str(), true));
    assert_eq!(world.logs.count("INFO", "leads to flows.example.org: it is not main-store's"), 1);
    let said = world.logs.text();
    assert!(!said.lines().any(|line| line.contains("connector_sync") && line.contains("a-secret-of-theirs")));
    world.ends(&[]).await;
}

#[tokio::test]
async fn nothing_is_armed_while_our_endpoint_is_down_and_all_is_when_it_is_back() {
    let world = World::new().await;
    let port = unused().await;
    let door: Url = format!("http://127.0.0.1:{port}/webhooks/").parse().unwrap();
    let before = world.hooks().await.pop().unwrap().destination;
    for _ in 0..3 {
        assert_eq!(world.audit_after(FIVE_MINUTES, &door).await, Some((0, 2, 0)));
        assert_eq!(world.hooks().await.pop().unwrap().destination, before);
    }
    let refused = "does not take what the store would send";
    assert_eq!(world.logs.count("ERROR", refused), 1, "it is told once");
    let _receiver = world.pipeline.receiver(port).await.unwrap();
    assert_eq!(world.audit_after(FIVE_MINUTES, &door).await, Some((2, 0, 0)));
    assert_eq!(world.logs.count("INFO", "no problem any more: endpoint"), 1);
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn nothing_is_armed_where_the_receiver_knows_other_secrets() {
    let world = World::new().await;
    for hook in world.hooks().await {
        world.shop.switch_off_hook(hook.id.0);
    }
    // Another deployment, which knows the store's connection by another secret.
    let other = World::new().await;
    let mut theirs = between(id(MAIN), &other.shop, &other.company, RULES);
    theirs.credentials.bigcommerce.client_secrets = vec!["another-secret-8842".into()];
    other.pipeline.connect(theirs);
    assert_eq!(world.audit_after(NOW, &other.door()).await, Some((0, 2, 0)));
    // The last world's logs are those of this thread.
    assert_eq!(other.logs.count("ERROR", "the receiver knows other secrets than are stored"), 1);
    assert!(world.hooks().await.iter().all(|hook| !hook.is_active));
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_trial_of_our_endpoint_is_no_order() {
    let world = World::new().await;
    let (connected, directory) = (world.connected().await, world.pipeline.directory());
    let told: Audit = audit(directory, &connected, &world.door(), Mode::Look, world.soon()).await.unwrap();
    assert_eq!(told.endpoint, Endpoint::Answers);
    assert!(world.pipeline.queue().is_empty());
    assert!(told.is_good() && told.steps.is_empty() && told.unseen.contains("DeliveriesRefused"));
    let wire = serde_json::to_value(&told).unwrap();
    assert_eq!(serde_json::from_value::<Audit>(wire.clone()).unwrap().found, told.found);
    assert!(!wire.to_string().contains(HEADER_SECRET), "{wire}");
    world.ends(&[]).await;
}

#[test_case(422, 1; "a refusal, for which a person is called")]
#[test_case(503, 0; "weather, for which nobody is")]
#[tokio::test]
async fn what_the_store_did_not_do_is_counted_and_done_at_the_next_run(status: u16, called: usize) {
    let world = World::new().await;
    world.shop.switch_off_hook(world.hooks().await.pop().unwrap().id.0);
    world.shop.faults().add(Fault::Status { status, body: None }.always().on("PUT", "/v3/hooks"));
    assert_eq!(world.audit_after(NOW, &world.door()).await, Some((0, 1, 0)));
    assert_eq!(world.logs.count("ERROR", "could not be mended: BigCommerce"), called);
    assert_eq!(world.logs.count("ERROR", ""), called);
    world.shop.faults().clear();
    assert_eq!(world.audit_after(FIVE_MINUTES, &world.door()).await, Some((1, 0, 0)));
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_plan_that_the_store_would_refuse_is_told_once_with_what_to_do() {
    let world = World::new().await;
    spoil(&world, Spoilt::Deleted).await;
    for number in 0..10 {
        let theirs = format!("https://flows{number}.example.org/").parse().unwrap();
        world.shop.add_hook("store/order/archived", &theirs, &[]);
    }
    assert_eq!(world.audit_after(NOW, &world.door()).await, Some((4, 1, 0)));
    assert_eq!(world.audit_after(FIVE_MINUTES, &world.door()).await, Some((0, 1, 0)));
    assert_eq!(world.logs.count("ERROR", "the store keeps ten hooks of a scope"), 1);
    assert_eq!(world.logs.count("ERROR", ""), 1);
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_wrong_token_is_tried_by_one_audit_a_step() {
    let world = World::new().await;
    let mut wrong = between(id(MAIN), &world.shop, &world.company, RULES);
    wrong.credentials.bigcommerce.access_token = "an-old-token".into();
    world.pipeline.connect(wrong);
    let failed = world.try_audit(&world.door()).await;
    assert!(matches!(failed, Err(Failure::Shop(_))), "{failed:?}");
    world.clock.advance(Duration::from_secs(10));
    assert_eq!(world.try_audit(&world.door()).await.unwrap(), Ran::default(), "it is due in five minutes");
    let calls = world.shop.traffic().calls().len();
    // An order meets the same before the next audit.
    world.clock.advance(FIVE_MINUTES);
    let order = world.shop.place_order(gloves());
    world.settle().await;
    assert!(world.shop.traffic().calls().len() > calls);
    let calls = world.shop.traffic().calls().len();
    assert_eq!(world.try_audit(&world.door()).await.unwrap(), Ran::default(), "out of order");
    assert_eq!(world.shop.traffic().calls().len(), calls);
    world.connect_again(RULES);
    world.later(Duration::from_mins(31)).await;
    assert_eq!(world.audit_after(FIVE_MINUTES, &world.door()).await, Some((0, 0, 0)));
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_address_of_the_owners_own_wins_over_the_deployments() {
    let world = World::new().await;
    let own = world.pipeline.receiver(0).await.unwrap();
    let rules = RULES.replace("[webhooks]", &format!("[webhooks]\nurl = \"{}\"", own.base_url));
    world.connect_again(&rules);
    assert_eq!(world.audit_after(NOW, &world.door()).await, Some((2, 0, 0)));
    assert_eq!(world.hooks().await.pop().unwrap().destination, own.address(&id(MAIN)).unwrap().as_str());
    world.a_webhook_brings_an_order().await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn two_deployments_that_point_a_hook_to_and_fro_are_told_of() {
    let world = World::new().await;
    let theirs = "https://staging.example.com/webhooks/main-store";
    for round in 0..2 {
        world.change_hook(|hook| hook.destination = theirs.into()).await;
        assert_eq!(world.audit_after(AN_HOUR, &world.door()).await, Some((1, 0, 0)));
        assert_eq!(world.logs.count("ERROR", "pointed elsewhere again and again"), round);
    }
    world.ends(&[]).await;
}
