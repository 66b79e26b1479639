//! What is special about Kinetic among JSON APIs: its key beside its login, and its refusals.

use std::fmt;

use connector_http::{Judgement, Vendor};
use http::header::InvalidHeaderValue;
use http::{HeaderMap, StatusCode};

use crate::auth::Identity;
use crate::taxonomy::{Refusal, meaning};
use crate::words::{scrubbed, spoken};

/// Kinetic for one company.
pub(crate) struct Company {
    identity: Identity,
}

impl Company {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self { identity }
    }
}

impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Company(…)")
    }
}

impl Vendor for Company {
    fn name(&self) -> &'static str {
        "Kinetic"
    }

    fn authorize(&self, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
        self.identity.sign(headers)
    }

    fn judge(&self, status: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        let spoken = spoken(status.as_u16(), body);
        let text = String::from_utf8_lossy(body);
        let meaning = meaning(Refusal { status: status.as_u16(), kind: &spoken.kind, text: &text });
        let words = self.identity.with_secrets(|secrets| scrubbed(&spoken.words, secrets));
        Judgement { class: meaning.class, cause: meaning.cause, words, retry_after: meaning.retry_after }
    }
}
