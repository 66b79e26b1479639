//! Whether our own endpoint lets in what the store would send, asked before the store is told to deliver.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_bigcommerce::webhook::{Draft, MadeDelivery, Need, SignedBy, VerifyPolicy};
use connector_domain::{Deadline, Random};
use connector_http::{
    AuthorizeError, Call, Class, Judgement, Pacer, Policy, Remote, Safety, Stamp, Surroundings, Transport,
    Vendor,
};
use connector_ports::Doorway;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

/// A scope that the store has no event of: the receiver takes it, and nobody acts on it.
const NOBODYS: &str = "store/connector/trial";

/// The store wants its answer within a second; a cold start takes longer.
const TIMEOUT: Duration = Duration::from_secs(10);

const ONE: NonZeroU32 = NonZeroU32::MIN;

/// What our own endpoint said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Endpoint {
    /// It was not asked: nothing had to be armed.
    NotAsked,
    /// It let in what the store would send.
    Answers,
    /// It did not answer, or refused.
    Refuses {
        /// What it, or the way there, said, and what to do.
        words: String,
    },
}

/// Our endpoint as a vendor: what lets us in stands in the call.
#[derive(Debug)]
struct Receiver;

#[async_trait]
impl Vendor for Receiver {
    fn name(&self) -> &'static str {
        "our own endpoint"
    }

    async fn authorize(&self, _: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        Ok(Stamp::default())
    }

    fn judge(&self, _: StatusCode, _: &HeaderMap, _: &[u8]) -> Judgement {
        Judgement::default()
    }
}

/// Sends a delivery of our own to `destination`, with every proof that the store might bring (`docs/facts/bigcommerce.md` §2.5).
///
/// A 200 says that the address, the connection's id and our secrets are right there. It does not say which proofs the store really brings.
pub(super) async fn ask(
    destination: &Url,
    doorway: &Doorway,
    policy: &VerifyPolicy,
    transport: &Transport,
    surroundings: &Surroundings,
    deadline: Deadline,
) -> Endpoint {
    let now = surroundings.clock.now();
    let Some(made) = made(doorway, policy, now, surroundings.random.as_ref()) else {
        return refuses("nothing can be signed: put the connection again with bigcommerce.client_secrets");
    };
    let Some(headers) = made.header_map() else {
        return refuses("the secret header cannot be sent: put the connection again with another");
    };
    let name = "POST /webhooks/{connection}";
    let mut call = Call::post(name, "", Safety::Idempotent).body(made.body).timeout(TIMEOUT);
    for (name, value) in &headers {
        call = call.header(name.clone(), value.clone());
    }
    let pacer = Pacer::fixed(ONE, ONE, surroundings.clock.clone());
    // Who does not answer twice is asked again by the next audit.
    let policy = Policy { attempts: 2, ..Policy::default() };
    let remote = Remote::new(
        destination.clone(),
        Arc::new(Receiver),
        transport.clone(),
        pacer,
        policy,
        surroundings.clone(),
    );
    match remote.send(&call, deadline).await {
        Ok(answer) if answer.status == StatusCode::OK => Endpoint::Answers,
        Ok(answer) => refuses(&format!(
            "{destination} answered {}, a receiver answers 200: look what stands at that address",
            answer.status.as_u16()
        )),
        Err(error) => refuses(&format!("{error}; {}", todo(error.class))),
    }
}

fn refuses(words: &str) -> Endpoint {
    Endpoint::Refuses { words: words.to_owned() }
}

fn made(
    doorway: &Doorway,
    policy: &VerifyPolicy,
    now: connector_domain::Timestamp,
    random: &dyn Random,
) -> Option<MadeDelivery> {
    let standard = (policy.standard != Need::Off).then_some(SignedBy::StandardWebhooks);
    let header = policy.bc_signature_header.as_str();
    let ours = (policy.bc_signature != Need::Off).then_some(SignedBy::BcSignature(header));
    let ways: Vec<_> = standard.into_iter().chain(ours).collect();
    let store_hash = doorway.store_hash.as_str();
    let draft = Draft { scope: NOBODYS, data: json!({}), store_hash, id: random.next_u128(), now };
    let made = draft.signed(doorway.client_secrets.first()?, &ways).ok()?;
    Some(match &doorway.header {
        Some((name, secret)) => made.with_header(name, secret),
        None => made,
    })
}

const fn todo(class: Class) -> &'static str {
    match class {
        Class::Unauthorized => {
            "the receiver knows other secrets than are stored: it reads them anew within five minutes; if it still refuses then, put the connection again"
        }
        Class::NotFound | Class::Forbidden | Class::Rejected | Class::Conflict => {
            "look whether the address is the receiver's, and whether the connection is stored where it runs"
        }
        Class::NotSent | Class::Ambiguous | Class::OutOfTime => {
            "look whether the receiver is deployed, and its name and certificate valid"
        }
        Class::Throttled | Class::Unavailable | Class::ServerError | Class::Unreadable => {
            "look into the receiver's log"
        }
    }
}
