//! What one delivery costs at the edge: verify, parse and the deduplication id, on one core. It prints and asserts nothing.
//!
//! The bound is 20 µs (`cargo bench -p connector-bigcommerce`).

use std::hint::black_box;

use bytes::Bytes;
use connector_bigcommerce::webhook::{RawDelivery, Verifier, VerifyPolicy, WebhookEvent};
use criterion::{BatchSize, Criterion};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

const BODY: &[u8] = br#"{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}"#;
const SECRET: &str = "test_client_secret_value";
const BC: (&str, &str) =
    ("x-bc-signature", "0d7ed0ec42be1255e7b058b17a3eef6935fcf98c050b2fda2fdf8108803c0459");
const STANDARD: [(&str, &str); 3] = [
    ("webhook-id", "msg_test_123"),
    ("webhook-timestamp", "1561479336"),
    ("webhook-signature", "v1,+pAHA0eqymv+z6DwrQzNPyhymyo9hm+Kj60ddUc3aP8="),
];
const OWN: (&str, &str) = ("x-own-header", "a header secret of ours");

/// A delivery that proves itself in all three ways, to a connection that is exchanging its secrets: the dearest genuine one.
fn delivery() -> RawDelivery {
    let headers: HeaderMap = STANDARD
        .into_iter()
        .chain([BC, OWN])
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    RawDelivery { headers, body: Bytes::from_static(BODY) }
}

fn edge(verifier: &Verifier, delivery: RawDelivery, now: Timestamp) -> Option<[u8; 32]> {
    let genuine = verifier.verify(delivery, now).ok()?;
    let event = WebhookEvent::parse(&genuine, "abc123").ok()??;
    Some(event.dedup_id(&genuine))
}

fn bench(criterion: &mut Criterion) {
    let policy = VerifyPolicy { custom_header_name: OWN.0.to_owned(), ..VerifyPolicy::default() };
    let secrets = ["the next secret".into(), SECRET.into()];
    let (Ok(verifier), Ok(now)) =
        (Verifier::new(policy, &secrets, &[OWN.1.into()]), Timestamp::from_second(1_561_479_336))
    else {
        return;
    };
    if edge(&verifier, delivery(), now).is_none() {
        // A refusal is quick: its time would be no answer.
        return;
    }
    criterion.bench_function("webhook edge: verify, parse, deduplicate one delivery", |bencher| {
        bencher.iter_batched(
            delivery,
            |delivery| black_box(edge(&verifier, black_box(delivery), now)),
            BatchSize::SmallInput,
        );
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    bench(&mut criterion);
    criterion.final_summary();
}
