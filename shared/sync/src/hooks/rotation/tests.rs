use std::sync::Arc;

use connector_bigcommerce::NewHook;
use connector_bigcommerce::webhook::{Draft, RawDelivery, SignedBy};
use connector_domain::{Clock as _, ManualClock};
use connector_ports::memory::MemoryConnections;
use connector_ports::{
    CachedConnections, Connection, Credentials, Freshness, KineticCredentials, Login, OVERLAP,
};
use test_case::test_case;

use super::*;
use crate::doors::Doors;

const RULES: &str = include_str!("../../../../../docs/rules.example.toml");
const HERE: &str = "https://x.example.com/webhooks/main-store";
const NAME: &str = "X-Connector-Secret";

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(minutes * 60).unwrap()
}

fn connection() -> Connection {
    let secret = |text: &str| SecretString::from(text);
    let bigcommerce = ShopCredentials {
        base_url: "https://api.bigcommerce.com/".parse().unwrap(),
        store_hash: "abc123".to_owned(),
        access_token: secret("token"),
        client_secrets: vec![secret("client")],
        header: Some((NAME.to_owned(), secret("first"))),
        old: Old::default(),
    };
    let kinetic = KineticCredentials {
        base_url: "https://kinetic.example.com/live/".parse().unwrap(),
        company: "EPIC06".to_owned(),
        api_key: secret("key"),
        login: Login::Basic { username: "connector".to_owned(), password: secret("password") },
        ca_pem: None,
    };
    let rules = RULES.to_owned();
    Connection { id: "main-store".parse().unwrap(), rules, credentials: Credentials { bigcommerce, kinetic } }
}

/// A rotation at the worst moment: a receiver has just read what was before. Deliveries bear at each minute what the audit would have
/// hooks bear then.
#[tokio::test]
async fn no_hook_bears_a_header_that_a_receiver_with_a_full_cache_does_not_know() {
    let clock = ManualClock::at(at(0));
    let source = MemoryConnections::default();
    let mut connection = connection();
    source.put(connection.clone());
    let source = Arc::new(source);
    let cached = CachedConnections::new(source.clone(), Arc::new(clock.clone()), Freshness::default());
    let doors = Doors::new(Arc::new(cached), Arc::new(clock.clone()));
    doors.get(&connection.id).await.unwrap();
    let shop = &mut connection.credentials.bigcommerce;
    shop.header = Some((NAME.to_owned(), "second".into()));
    shop.old.header = Some(Replaced::at(clock.now(), "first".into()));
    source.put(connection.clone());
    let shop = &connection.credentials.bigcommerce;
    let mut borne = Vec::new();
    for _ in 0..40 {
        let (name, secret) = header(shop, clock.now()).unwrap();
        let draft = Draft {
            scope: "store/order/created",
            data: serde_json::json!({"type": "order", "id": 7}),
            store_hash: "abc123",
            id: 7,
            now: clock.now(),
        };
        let ways = [SignedBy::StandardWebhooks, SignedBy::BcSignature("X-BC-Signature")];
        let made = draft.signed(&"client".into(), &ways).unwrap().with_header(&name, &secret);
        let raw = RawDelivery { headers: made.header_map().unwrap(), body: made.body.into() };
        let door = doors.get(&connection.id).await.unwrap();
        door.verifier.verify(raw, clock.now()).unwrap();
        borne.push(HookHeaders::of(NAME, "second".into()).are(&headers(shop, clock.now())));
        clock.advance(Duration::from_mins(1));
    }
    assert_eq!(borne.iter().position(|new| *new), Some(15));
    assert!(borne.iter().skip(15).all(|new| *new));
}

#[test_case(at(0), at(14), false; "nothing yet")]
#[test_case(at(0), at(15), true; "receivers know")]
#[test_case(at(15), at(29), false; "it was done")]
#[test_case(at(29), at(31), true; "the old hooks may go")]
#[test_case(at(31), at(3000), false; "all was done")]
fn an_audit_is_called_when_a_rotation_has_something_to_do(last: Timestamp, now: Timestamp, called: bool) {
    let old = Old { access_token: Some(Replaced::at(at(0), "old".into())), ..Old::default() };
    assert_eq!(calls(&old, last, now), called);
    assert!(!calls(&Old::default(), last, now));
}

#[test]
fn the_new_accounts_hooks_wait_for_the_receivers() {
    let old = Old { client_secret: Some(Replaced::at(at(0), "old".into())), ..Old::default() };
    assert_eq!(unknown_until(&old, at(14)), Some(at(15)));
    assert_eq!(unknown_until(&old, at(15)), None);
    assert_eq!(unknown_until(&Old::default(), at(0)), None);
}

fn hook(scope: &str, minute: i64) -> Hook {
    let new = NewHook {
        scope: scope.to_owned(),
        destination: HERE.to_owned(),
        headers: HookHeaders::of(NAME, "first".into()),
    };
    let NewHook { scope, destination, headers } = new;
    Hook { id: HookId(1), scope, destination, headers, is_active: true, updated_at: Some(at(minute)) }
}

fn off(hook: Hook) -> Hook {
    Hook { is_active: false, ..hook }
}

#[test_case(&[hook("store/order/*", 15)], 31, true; "all is told")]
#[test_case(&[hook("store/order/*", 15)], 29, false; "too soon")]
#[test_case(&[hook("store/order/*", 25)], 31, false; "only just set up")]
#[test_case(&[hook("store/order/created", 15)], 31, false; "some is not told")]
#[test_case(&[off(hook("store/order/*", 15))], 31, false; "switched off")]
#[test_case(&[], 31, false; "nothing is told")]
fn the_old_hooks_go_when_the_new_ones_have_stood_for_a_while(found: &[Hook], minute: i64, over: bool) {
    let headers = HookHeaders::of(NAME, "first".into());
    let wanted = Wanted::usual("main-store".parse().unwrap(), HERE.parse().unwrap(), headers);
    let token = Replaced::at(at(0), "old".into());
    assert_eq!(is_taken_over(&token, &wanted, found, at(minute)), over);
    assert!(OVERLAP > KNOWN * 2);
}
