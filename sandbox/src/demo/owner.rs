//! The store's owner, who registers the connector's hook over the store's API.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use connector_domain::Deadline;
use connector_http::{
    AuthorizeError, Call, CallError, Judgement, Pacer, Policy, Remote, Safety, Stamp, Surroundings,
    Transport, Vendor,
};
use connector_simulators::BigCommerceSim;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use url::Url;

use crate::connection::{HEADER, HEADER_SECRET};

/// Every event of every order.
pub(super) const SCOPE: &str = "store/order/*";

/// Knows the store's token.
#[derive(Debug)]
struct Owner(HeaderValue);

#[async_trait]
impl Vendor for Owner {
    fn name(&self) -> &'static str {
        "BigCommerce"
    }

    async fn authorize(&self, headers: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        headers.insert("x-auth-token", self.0.clone());
        Ok(Stamp::default())
    }

    fn judge(&self, _: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        Judgement { words: String::from_utf8_lossy(body).into_owned(), ..Judgement::default() }
    }
}

/// Registers a hook for all order events that points to `destination`, with the connector's own secret header.
pub(super) async fn register_hook(
    shop: &BigCommerceSim,
    destination: &Url,
    transport: Transport,
    surroundings: Surroundings,
) -> Result<(), HookError> {
    let mut token = HeaderValue::from_str(&shop.config().access_token)?;
    token.set_sensitive(true);
    let clock = surroundings.clock.clone();
    // A single call: the slowest pacer there is lets it pass at once.
    let pacer = Pacer::fixed(NonZeroU32::MIN, NonZeroU32::MIN, clock.clone());
    let owner = Arc::new(Owner(token));
    let api = Remote::new(shop.base_url().clone(), owner, transport, pacer, Policy::default(), surroundings);
    let hook = json!({
        "scope": SCOPE,
        "destination": destination,
        "headers": { HEADER: HEADER_SECRET },
        "is_active": true,
    });
    let path = format!("stores/{}/v3/hooks", shop.config().store_hash);
    let call = Call::post("POST /v3/hooks", path, Safety::Unsafe).body(hook.to_string());
    api.send(&call, Deadline::after(clock.as_ref(), Duration::from_mins(1))).await?;
    Ok(())
}

/// The hook could not be registered.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The simulator was started with a token that cannot stand in a header.
    #[error("the store's token cannot stand in a header")]
    Token(#[from] http::header::InvalidHeaderValue),
    /// The store refused, or could not be reached.
    #[error(transparent)]
    Call(#[from] CallError),
}
