//! Where tokens are lent, and what its refusals mean (§2.2, §2.3).

use std::fmt;

use async_trait::async_trait;
use connector_domain::Deadline;
use connector_http::{AuthorizeError, Class, Judgement, Stamp, Vendor};
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;

use crate::taxonomy::{Refusal, meaning};
use crate::words::{scrubbed, spoken};

/// A token endpoint. What it is shown stands in the call itself.
pub(super) struct Desk {
    whose: Whose,
    secret: SecretString,
}

/// Who lends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// `TokenResource.svc` of the server that is called.
    Servers,
    /// An identity provider's, which may be another host.
    Providers,
}

impl Desk {
    /// `secret` is what must not come back in anybody's words.
    pub(super) const fn new(whose: Whose, secret: SecretString) -> Self {
        Self { whose, secret }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Desk({:?})", self.whose)
    }
}

#[async_trait]
impl Vendor for Desk {
    fn name(&self) -> &'static str {
        match self.whose {
            Whose::Servers => "Kinetic",
            Whose::Providers => "Kinetic's identity provider",
        }
    }

    async fn authorize(&self, _: &mut HeaderMap, _: Deadline) -> Result<Stamp, AuthorizeError> {
        Ok(Stamp::default())
    }

    fn judge(&self, status: StatusCode, _: &HeaderMap, body: &[u8]) -> Judgement {
        let spoken = spoken(status.as_u16(), body);
        let mut judgement = Judgement {
            words: scrubbed(&oauth(body).unwrap_or(spoken.words), &[&self.secret]),
            ..Judgement::default()
        };
        let text = String::from_utf8_lossy(body);
        let meaning = meaning(Refusal { status: status.as_u16(), kind: &spoken.kind, text: &text });
        (judgement.class, judgement.cause) = match status.as_u16() {
            // The words decide before the status, as they do for every other call of the same server.
            _ if matches!(meaning.cause, "kinetic.no_licence" | "kinetic.bad_credentials") => {
                judgement.retry_after = meaning.retry_after;
                (meaning.class, meaning.cause)
            }
            // The weather: the general table knows it.
            408 | 429 | 500.. => (None, ""),
            // Nobody lends tokens at that address.
            300..=399 | 404 | 405 | 410 => (Some(Class::Forbidden), "kinetic.token_address"),
            // What is left is about who asks, whatever the number: no order is at fault.
            status => {
                let cause = match self.whose {
                    Whose::Servers if matches!(status, 401 | 403) => "kinetic.bad_credentials",
                    Whose::Servers => "kinetic.no_token",
                    Whose::Providers => "kinetic.idp_refused",
                };
                (Some(Class::Unauthorized), cause)
            }
        };
        judgement
    }
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    error_description: Option<String>,
}

/// The refusal of an identity provider: its code, which a person can look up, and what it says beside.
fn oauth(body: &[u8]) -> Option<String> {
    let Refused { error, error_description } = serde_json::from_slice(body).ok()?;
    Some(error_description.map_or_else(|| error.clone(), |words| format!("{error}: {words}")))
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    const WRONG: &str = r#"{"ErrorMessage":"Invalid username or password.","ErrorType":"System.UnauthorizedAccessException"}"#;

    fn judge(whose: Whose, status: u16, body: &str) -> Judgement {
        let desk = Desk::new(whose, "the-secret".into());
        desk.judge(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes())
    }

    #[test_case(401, WRONG => (Some(Class::Unauthorized), "kinetic.bad_credentials"))]
    #[test_case(500, WRONG => (Some(Class::Unauthorized), "kinetic.bad_credentials"); "a wrong password behind 500")]
    #[test_case(401, "" => (Some(Class::Unauthorized), "kinetic.bad_credentials"); "401 without words")]
    #[test_case(403, "<html>" => (Some(Class::Unauthorized), "kinetic.bad_credentials"))]
    #[test_case(400, "Tokens are switched off" => (Some(Class::Unauthorized), "kinetic.no_token"))]
    #[test_case(400, "Maximum users exceeded" => (Some(Class::Throttled), "kinetic.no_licence"))]
    #[test_case(404, "<html>" => (Some(Class::Forbidden), "kinetic.token_address"))]
    #[test_case(302, "" => (Some(Class::Forbidden), "kinetic.token_address"))]
    #[test_case(429, "" => (None, ""))]
    #[test_case(503, "" => (None, ""))]
    fn a_refusal_of_the_server_means(status: u16, body: &str) -> (Option<Class>, &'static str) {
        let judgement = judge(Whose::Servers, status, body);
        (judgement.class, judgement.cause)
    }

    #[test_case(400, r#"{"error":"invalid_client"}"# => (Some(Class::Unauthorized), "kinetic.idp_refused"))]
    #[test_case(401, "" => (Some(Class::Unauthorized), "kinetic.idp_refused"))]
    #[test_case(404, "" => (Some(Class::Forbidden), "kinetic.token_address"))]
    #[test_case(500, r#"{"error":"server_error"}"# => (None, ""))]
    fn a_refusal_of_a_provider_means(status: u16, body: &str) -> (Option<Class>, &'static str) {
        let judgement = judge(Whose::Providers, status, body);
        (judgement.class, judgement.cause)
    }

    #[test]
    fn a_providers_code_stands_before_its_words_and_the_secret_in_neither() {
        let body = r#"{"error":"invalid_client","error_description":"the-secret is wrong"}"#;
        assert_eq!(judge(Whose::Providers, 400, body).words, "invalid_client: [key] is wrong");
        assert_eq!(judge(Whose::Providers, 400, r#"{"error":"invalid_scope"}"#).words, "invalid_scope");
        assert_eq!(judge(Whose::Servers, 401, WRONG).words, "Invalid username or password.");
    }
}
