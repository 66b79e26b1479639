//! What is special about Kinetic among JSON APIs: its key beside its login, its session, and its refusals.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use connector_domain::Deadline;
use connector_http::{AuthorizeError, Judgement, Lent, Stamp, Vendor};
use http::{HeaderMap, StatusCode};

use crate::auth::{Identity, Sessions};
use crate::taxonomy::{Refusal, meaning};
use crate::words::{scrubbed, spoken};

/// Kinetic for one company.
pub(crate) struct Company {
    identity: Arc<Identity>,
    sessions: Option<Arc<Sessions>>,
}

impl Company {
    /// Without `sessions` the server makes a session for each call.
    pub(crate) const fn new(identity: Arc<Identity>, sessions: Option<Arc<Sessions>>) -> Self {
        Self { identity, sessions }
    }

    /// Which loan a refusal is about, if a new one would mend it. It is a loan's fault only where nothing else is named: a wrong API key and a
    /// missing permission are 401 as well (§2.4).
    fn stale(&self, status: StatusCode, kind: &str, cause: &str) -> Option<Lent> {
        let by_token = self.identity.has_token() && status == StatusCode::UNAUTHORIZED;
        match cause {
            "kinetic.session_expired" if self.sessions.is_some() => Some(Lent::Session),
            "kinetic.bad_credentials" | "kinetic.token_refused" if by_token => Some(Lent::Token),
            // Not Kinetic's own words: what stands before it looks at tokens too.
            "kinetic.unauthorized" if by_token && kind.is_empty() => Some(Lent::Token),
            _ => None,
        }
    }
}

impl fmt::Debug for Company {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Company(…)")
    }
}

#[async_trait]
impl Vendor for Company {
    fn name(&self) -> &'static str {
        "Kinetic"
    }

    async fn authorize(&self, headers: &mut HeaderMap, deadline: Deadline) -> Result<Stamp, AuthorizeError> {
        // First, because its login may find that the token is stale.
        let session = match &self.sessions {
            Some(sessions) => sessions.name(headers, deadline).await?,
            None => 0,
        };
        Ok(Stamp { token: self.identity.sign(headers, deadline).await?, session })
    }

    fn judge(&self, status: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        let spoken = spoken(status.as_u16(), body);
        let text = String::from_utf8_lossy(body);
        let meaning = meaning(Refusal { status: status.as_u16(), kind: &spoken.kind, text: &text });
        let stale = self.stale(status, &spoken.kind, meaning.cause);
        // With a token no password was shown, so none can be wrong.
        let cause = if stale == Some(Lent::Token) { "kinetic.token_refused" } else { meaning.cause };
        let mut secrets = self.identity.secrets();
        secrets.extend(self.sessions.as_ref().and_then(|sessions| sessions.secret()));
        let secrets: Vec<_> = secrets.iter().collect();
        let words = scrubbed(&spoken.words, &secrets);
        Judgement { class: meaning.class, cause, words, retry_after: meaning.retry_after, stale }
    }

    fn forget(&self, stale: Lent, used: Stamp) {
        match (stale, &self.sessions) {
            (Lent::Token, _) => self.identity.forget(used.token),
            (Lent::Session, Some(sessions)) => sessions.forget(used.session),
            (Lent::Session, None) => {}
        }
    }
}
