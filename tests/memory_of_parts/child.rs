//! One size of a catalogue, through all of its jobs.

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{ConnectionId, Deadline, ManualClock, SeededRandom, Timestamp};
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_ports::{Connection, Credentials, KineticCredentials, Login, Old, ShopCredentials};
use connector_sandbox::Pipeline;
use connector_sandbox::connection::RULES;
use connector_sync::catalogue::{Catalogue, CatalogueJob};
use connector_sync::job::Patience;
use url::Url;

use crate::calls::{Calls, Taken};
use crate::goods::Goods;
use crate::shelf::{Put, Records, WITH_LISTS};
use crate::{company, store};

/// Long enough for all of a job: what is cut off is another story.
const LONG: Duration = Duration::from_hours(20);

/// So often stock is due, so that it does not come between the pages of the other jobs.
const A_DAY: Duration = Duration::from_hours(24);

const BY_QUERY: &str = r#"
[catalogue]
publish = true
channels = [1]
[stock]
publish = true
minutes = 1440
warehouses = { MAIN = 1 }
formula = "demand"
baq = "MLC-PartWhse"
[sweep]
hours = 1
"#;

const ROW_BY_ROW: &str = r#"
[catalogue]
publish = true
[stock]
publish = true
warehouses = { MAIN = 1 }
formula = "allocated"
"#;

const LISTS: &str = r#"
[catalogue]
publish = true
[prices]
base = "BASE"
lists = { DIST = "Distributors" }
"#;

/// Everything that runs in this process.
struct Stage {
    clock: ManualClock,
    pipeline: Pipeline,
    shelf: Records,
    /// What Kinetic has, and the store shows.
    now: Arc<Goods>,
    calls: Calls,
    ends: (Url, Url),
}

/// What a job did.
struct Played {
    sent: usize,
    put: Put,
    calls: Taken,
}

/// Plays all jobs over so many parts, and tells after each what this process has had of memory at most.
pub(crate) async fn play(parts: u32, mut tell: impl FnMut(&str)) {
    let stage = Stage::set(parts).await;
    let many = usize::try_from(parts).unwrap();
    let (by_query, row_by_row, with_lists) = (
        stage.connect("query", BY_QUERY),
        stage.connect("rows", ROW_BY_ROW),
        stage.connect(WITH_LISTS, LISTS),
    );

    stage.now.restock();
    let stock = stage.run(CatalogueJob::Stock, &by_query).await;
    stage.shelf.published.restock();
    stock.wrote(&[(store::LEVELS, (many / 2_000, many))]);
    stock.published(many);
    assert_eq!(stock.calls.calls(company::QUERY), many / 1_000, "whole pages");
    tell("stock by query, every level changed");

    let parts_at_rest = stage.run(CatalogueJob::Parts, &by_query).await;
    parts_at_rest.did_nothing();
    assert_eq!(parts_at_rest.calls.calls(company::PARTS), many / 250, "all pages");
    tell("parts, nothing to change");

    stage.now.reprice();
    let priced = stage.run(CatalogueJob::Parts, &by_query).await;
    stage.shelf.published.reprice();
    let (of_products, of_variants) = (many / 5 * 4, many / 5);
    priced.wrote(&[
        (store::OF_PRODUCTS, (of_products / 10, of_products)),
        (store::OF_VARIANTS, (of_variants / 50, of_variants)),
    ]);
    priced.published(many);
    stage.unchanged(CatalogueJob::Parts, &by_query, &[company::PARTS]).await;
    tell("parts, every price changed");

    stage.run(CatalogueJob::Sweep, &by_query).await.did_nothing();
    stage.clock.advance(Duration::from_hours(1));
    let sweep = stage.run(CatalogueJob::Sweep, &by_query).await;
    sweep.did_nothing();
    let pages = [company::PARTS, company::KEYS].map(|what| sweep.calls.calls(what));
    assert_eq!(
        pages,
        [many / 1_000, many / 1_000 + 1],
        "all parts, and all keys of them up to an empty page"
    );
    let seen = [store::PRODUCTS, store::ITEMS].map(|what| sweep.calls.calls(what));
    assert!(seen.iter().all(|calls| *calls >= many / 250), "all of the store: {seen:?}");
    tell("sweep at night, nothing wrong");

    let rows = stage.run(CatalogueJob::Stock, &row_by_row).await;
    rows.did_nothing();
    let pages = rows.calls.calls(company::SEARCHES);
    assert!(pages > many / 1_000, "all rows, up to an empty page: {pages}");
    tell("stock row by row, nothing to change");

    stage.now.reprice();
    let lists = stage.run(CatalogueJob::Prices, &with_lists).await;
    stage.shelf.published.reprice();
    lists.wrote(&[
        (store::OF_PRODUCTS, (of_products / 10, of_products)),
        (store::RECORDS, (many / 1_000, many)),
        (store::OF_VARIANTS, (of_variants / 50, of_variants)),
    ]);
    lists.published(2 * many);
    assert_eq!(lists.calls.calls(company::LIST_PARTS), 2 * many / 1_000, "whole pages of both lists");
    stage.unchanged(CatalogueJob::Prices, &with_lists, &[company::LISTS, company::LIST_PARTS]).await;
    tell("prices of two lists, every one changed");

    stage.clock.advance(A_DAY);
    stage.unchanged(CatalogueJob::Stock, &by_query, &[company::QUERY]).await;
}

impl Stage {
    async fn set(parts: u32) -> Self {
        let clock = ManualClock::at("2026-01-05T06:00:00Z".parse::<Timestamp>().unwrap());
        let (now, calls) = (Arc::new(Goods::new(parts)), Calls::default());
        let company = company::start(now.clone(), calls.clone()).await;
        let shop = store::start(now.clone(), calls.clone()).await;
        let surroundings =
            Surroundings { clock: Arc::new(clock.clone()), random: Arc::new(SeededRandom::new(1)) };
        let transport = Transport::new(&TransportSettings::default()).unwrap();
        let pipeline = Pipeline::new(surroundings, transport, Patience::default());
        let shelf = Records::of(Arc::new(Goods::new(parts)));
        Self { clock, pipeline, shelf, now, calls, ends: (shop, company) }
    }

    /// A connection with rules and a company of its own, between the same two ends.
    fn connect(&self, id: &str, rules: &str) -> ConnectionId {
        let id: ConnectionId = id.parse().unwrap();
        let bigcommerce = ShopCredentials {
            base_url: self.ends.0.clone(),
            store_hash: "store".to_owned(),
            access_token: "token".into(),
            client_secrets: Vec::new(),
            header: None,
            old: Old::default(),
        };
        let kinetic = KineticCredentials {
            base_url: self.ends.1.clone(),
            company: id.to_string(),
            api_key: "key".into(),
            login: Login::Basic { username: "connector".to_owned(), password: "password".into() },
            ca_pem: None,
        };
        let credentials = Credentials { bigcommerce, kinetic };
        self.pipeline.connect(Connection { id: id.clone(), rules: format!("{RULES}\n{rules}"), credentials });
        id
    }

    /// Runs a job at its next time, to its end.
    async fn run(&self, job: CatalogueJob, connection: &ConnectionId) -> Played {
        self.clock.advance(Duration::from_mins(10));
        let catalogue = Catalogue { shelf: &self.shelf, ..self.pipeline.catalogue() };
        let ran = catalogue.run(job, connection, Deadline::after(&self.clock, LONG)).await.unwrap();
        assert!(!ran.more, "it came to its end");
        Played { sent: ran.sent, put: self.shelf.taken(), calls: self.calls.take() }
    }

    /// Runs a job when nothing has changed: it asks for each of these sets once, whatever the catalogue's size.
    async fn unchanged(&self, job: CatalogueJob, connection: &ConnectionId, sets: &[&str]) {
        let played = self.run(job, connection).await;
        played.did_nothing();
        let calls: Vec<_> = sets.iter().map(|set| (*set, played.calls.calls(set))).collect();
        assert!(calls.iter().all(|(_, calls)| *calls == 1), "one call for each set: {calls:?}");
    }
}

impl Played {
    /// That the calls that wrote to the store are these and no others.
    fn wrote(&self, expected: &[(&str, (usize, usize))]) {
        self.calls.wrote(expected);
    }

    /// That so many changes went out, and each stands on the shelf.
    fn published(&self, changes: usize) {
        let Put { changes: noted, issues, .. } = self.put;
        assert_eq!((self.sent, noted, issues), (changes, changes, 0), "{:?}", self.put);
    }

    /// That it only looked.
    fn did_nothing(&self) {
        self.wrote(&[]);
        assert_eq!((self.sent, self.put), (0, Put::default()));
    }
}
