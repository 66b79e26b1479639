//! The bearer tokens that were given out, and until when they hold.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;

/// Signs tokens; nobody checks it, as clients take a token as it is and the server knows its own.
const SIGN_KEY: &[u8] = b"simulated-sign-key";

/// Tokens of the server and of the identity provider alike.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    live: BTreeMap<String, Timestamp>,
    issued: usize,
}

impl Tokens {
    /// Makes a token: an HS256 JWT whose `exp` and `iat` are texts, as they were seen live (§2.2).
    pub(crate) fn issue(&mut self, username: &str, lifetime: u32, now: Timestamp) -> String {
        self.issued += 1;
        let lifetime = SignedDuration::from_secs(lifetime.into());
        let until = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        let claims = json!({
            "iss": "epicor", "aud": "epicor", "username": username, "jti": self.issued.to_string(),
            "iat": now.as_second().to_string(), "exp": until.as_second().to_string(),
        });
        let head = json!({"alg": "HS256", "typ": "JWT"});
        let signed = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature(&signed)));
        self.live.retain(|_, until| *until > now);
        self.live.insert(token.clone(), until);
        token
    }

    /// Whether a token was given out here and still held at this moment.
    pub(crate) fn holds(&self, token: &str, at: Timestamp) -> bool {
        self.live.get(token).is_some_and(|until| *until > at)
    }

    /// Ends all tokens.
    pub(crate) fn expire(&mut self) {
        self.live.clear();
    }

    /// How many were given out.
    pub(crate) fn issued(&self) -> usize {
        self.issued
    }
}

fn signature(text: &str) -> Vec<u8> {
    // HMAC takes keys of any length, so there is nothing to go wrong.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SIGN_KEY) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
