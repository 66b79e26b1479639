//! Whom a login asks for a token, and what it shows (§2.2, §2.3).

use connector_http::{Call, Safety};
use http::HeaderName;
use http::header::{CONTENT_LENGTH, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::desk::Whose;
use super::sensitive;

const USERNAME: HeaderName = HeaderName::from_static("username");
const PASSWORD: HeaderName = HeaderName::from_static("password");

/// A token endpoint and the call by which it lends. To ask twice is safe: it makes a second token, and the first stays good.
pub(super) struct Lender {
    pub(super) base: Url,
    pub(super) call: Call,
    pub(super) whose: Whose,
    /// What it is shown, and must not come back in anybody's words.
    pub(super) secret: SecretString,
}

impl Lender {
    /// The server itself, which lends to a user.
    ///
    /// # Errors
    /// User or password cannot stand in a header.
    pub(super) fn of_server(
        server: &Url,
        username: &str,
        password: &SecretString,
    ) -> Result<Self, InvalidHeaderValue> {
        // In headers, as most clients do it; a form and Basic were seen too. Some web servers refuse a POST without a length.
        let call = Call::post("POST TokenResource.svc", "TokenResource.svc/", Safety::Safe)
            .header(USERNAME, sensitive(username)?)
            .header(PASSWORD, sensitive(password.expose_secret())?)
            .header(CONTENT_LENGTH, HeaderValue::from_static("0"));
        Ok(Self { base: server.clone(), call, whose: Whose::Servers, secret: password.clone() })
    }

    /// An identity provider, which lends to an application.
    pub(super) fn of_provider(
        token_url: &Url,
        client_id: &str,
        client_secret: &SecretString,
        scope: Option<&str>,
        audience: Option<&str>,
    ) -> Self {
        let shown = [
            ("grant_type", Some("client_credentials")),
            ("client_id", Some(client_id)),
            ("client_secret", Some(client_secret.expose_secret())),
            ("scope", scope),
            ("audience", audience),
        ];
        let form: Vec<_> = shown.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let call = Call::post("POST token endpoint", "", Safety::Safe).form(&form);
        Self { base: token_url.clone(), call, whose: Whose::Providers, secret: client_secret.clone() }
    }
}
