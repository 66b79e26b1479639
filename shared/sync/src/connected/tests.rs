use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::{ManualClock, SeededRandom};
use connector_ports::memory::MemoryConnections;
use connector_ports::{
    CachedConnections, CachedOutlines, ConnectionSource, Credentials, Freshness, KineticCredentials, Old,
    OutlineSource, ShopCredentials, SourceError,
};

use super::*;

const RULES: &str = include_str!("../../../../docs/rules.example.toml");

/// A store of connections that counts what is read of it.
#[derive(Debug, Default)]
struct Counted {
    stored: MemoryConnections,
    connections: AtomicUsize,
    outlines: AtomicUsize,
}

#[async_trait]
impl ConnectionSource for Counted {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        panic!("nobody needs the list to use a connection")
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, SourceError> {
        self.connections.fetch_add(1, Ordering::SeqCst);
        ConnectionSource::<Connection>::read(&self.stored, id).await
    }
}

#[async_trait]
impl OutlineSource for Counted {
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        self.outlines.fetch_add(1, Ordering::SeqCst);
        self.stored.outlines().await
    }
}

/// One function instance.
struct Instance {
    source: Arc<Counted>,
    clock: ManualClock,
    directory: Directory,
}

impl Instance {
    fn new() -> Self {
        let (source, clock) = (Arc::new(Counted::default()), ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let (now, freshness) = (Arc::new(clock.clone()), Freshness::default());
        let connections: CachedConnections = CachedConnections::new(source.clone(), now.clone(), freshness);
        let outlines = CachedOutlines::new(source.clone(), now.clone(), freshness);
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let surroundings = Surroundings { clock: now, random: Arc::new(SeededRandom::new(1)) };
        let directory = Directory::new(Arc::new(connections), Arc::new(outlines), transport, surroundings);
        Self { source, clock, directory }
    }

    /// A connection whose prefixes both begin with `prefix`.
    fn put(&self, id: &str, prefix: &str) {
        let rules = RULES
            .replace("prefix = \"BC-\"", &format!("prefix = \"{prefix}-\""))
            .replace("cust_id_prefix = \"W\"", &format!("cust_id_prefix = \"{prefix}\""));
        self.put_rules(id, &rules);
    }

    fn put_rules(&self, id: &str, rules: &str) {
        let secret = || "secret".to_owned().into();
        let bigcommerce = ShopCredentials {
            base_url: "https://api.bigcommerce.com/".parse().unwrap(),
            store_hash: "abc123".to_owned(),
            access_token: secret(),
            client_secrets: vec![secret()],
            header: None,
            old: Old::default(),
        };
        let kinetic = KineticCredentials {
            base_url: "https://kinetic.example.com/live/".parse().unwrap(),
            company: "EPIC06".to_owned(),
            api_key: secret(),
            login: Login::Basic { username: "connector".to_owned(), password: secret() },
            ca_pem: None,
        };
        let credentials = Credentials { bigcommerce, kinetic };
        let rules = rules.to_owned();
        self.source.stored.put(Connection { id: id.parse().unwrap(), rules, credentials });
    }

    async fn get(&self, id: &str) -> Result<Arc<Connected>, ConnectError> {
        self.directory.get(&id.parse().unwrap()).await
    }

    async fn is_refused(&self, id: &str) -> bool {
        match self.get(id).await {
            Ok(_) => false,
            Err(ConnectError::Rules { .. }) => true,
            Err(other) => panic!("{other}"),
        }
    }

    fn reads(&self) -> (usize, usize) {
        (self.source.connections.load(Ordering::SeqCst), self.source.outlines.load(Ordering::SeqCst))
    }

    fn grow_stale(&self) {
        self.clock.advance(Freshness::default().time_to_live);
    }
}

/// A prefix for each number below a thousand, of which none runs into another: digits, as letters.
fn letters(number: u32) -> String {
    format!("{number:03}")
        .chars()
        .map(|digit| char::from(b'A' + digit.to_string().parse::<u8>().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_connection_among_a_thousand_is_used_after_two_reads() {
    let instance = Instance::new();
    for number in 0..1000 {
        instance.put(&format!("store-{number}"), &letters(number));
    }
    instance.get("store-0").await.unwrap();
    assert_eq!(instance.reads(), (1, 1), "its own, and the outlines of all");
    for number in 1..10 {
        instance.get(&format!("store-{number}")).await.unwrap();
    }
    assert_eq!(instance.reads(), (10, 1));
    instance.grow_stale();
    for _ in 0..3 {
        instance.get("store-0").await.unwrap();
    }
    assert_eq!(instance.reads(), (11, 2));
}

#[tokio::test]
async fn a_connection_that_comes_later_stops_its_neighbour_as_soon_as_it_is_used() {
    let instance = Instance::new();
    instance.put("a-store", "A");
    instance.put("c-store", "C");
    let (a, c) = (instance.get("a-store").await.unwrap(), instance.get("c-store").await.unwrap());
    instance.clock.advance(Duration::from_secs(1));
    instance.put("b-store", "A");
    assert!(instance.is_refused("b-store").await);
    assert!(instance.is_refused("a-store").await);
    assert!(Arc::ptr_eq(&c, &instance.get("c-store").await.unwrap()), "whoever has room goes on");
    assert_eq!(instance.reads(), (3, 2));

    instance.put("b-store", "B");
    instance.grow_stale();
    assert!(!instance.is_refused("b-store").await);
    assert!(Arc::ptr_eq(&a, &instance.get("a-store").await.unwrap()), "with the clients that it had");
}

#[tokio::test]
async fn a_connection_that_is_used_elsewhere_stops_its_neighbour_when_outlines_are_read_anew() {
    let instance = Instance::new();
    instance.put("a-store", "A");
    instance.get("a-store").await.unwrap();
    instance.put("b-store", "A");
    instance.clock.advance(Duration::from_secs(299));
    assert!(!instance.is_refused("a-store").await);
    instance.clock.advance(Duration::from_secs(1));
    assert!(instance.is_refused("a-store").await);
}

#[tokio::test]
async fn a_connection_that_changes_into_a_clash_is_refused_with_its_neighbour() {
    let instance = Instance::new();
    instance.put("a-store", "A");
    instance.put("b-store", "B");
    instance.get("a-store").await.unwrap();
    instance.clock.advance(Duration::from_mins(4));
    // Outlines are four minutes old when this one is read for the first time.
    instance.put("b-store", "A");
    assert!(instance.is_refused("b-store").await);
    assert!(instance.is_refused("a-store").await);
}

#[tokio::test]
async fn a_neighbour_whose_rules_cannot_be_read_is_in_nobodys_way() {
    let instance = Instance::new();
    instance.put("a-store", "A");
    instance.put_rules("b-store", "prefix = 1");
    assert!(!instance.is_refused("a-store").await);
    assert!(instance.is_refused("b-store").await, "for its rules");
}
