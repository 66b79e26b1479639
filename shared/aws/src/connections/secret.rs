//! The two secrets of a connection, as JSON.

use connector_domain::Timestamp;
use connector_ports::{Connection, Login, Replaced};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// The form of both secrets; another is refused, never guessed at.
const VERSION: u32 = 1;

/// `…/webhook`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookSecret {
    version: Version,
    #[serde(serialize_with = "exposed_all")]
    pub(super) client_secrets: Vec<SecretString>,
    pub(super) header: Option<Header>,
    /// What was replaced is absent, most of the time: an older version reads the secret then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) old_client_secret: Option<StoredOld>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) old_header: Option<StoredOld>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredOld {
    #[serde(serialize_with = "exposed")]
    value: SecretString,
    since: Timestamp,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) name: String,
    #[serde(serialize_with = "exposed")]
    pub(super) value: SecretString,
}

/// `…/api`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiSecret {
    version: Version,
    #[serde(serialize_with = "exposed")]
    pub(super) access_token: SecretString,
    #[serde(serialize_with = "exposed")]
    pub(super) api_key: SecretString,
    pub(super) login: StoredLogin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) old_access_token: Option<StoredOld>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum StoredLogin {
    Basic {
        username: String,
        #[serde(serialize_with = "exposed")]
        password: SecretString,
    },
    Token {
        username: String,
        #[serde(serialize_with = "exposed")]
        password: SecretString,
    },
    ClientCredentials {
        token_url: Url,
        client_id: String,
        #[serde(serialize_with = "exposed")]
        client_secret: SecretString,
        scope: Option<String>,
        audience: Option<String>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
#[derive(Clone, Copy)]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        let other = || format!("it has version {version}, this connector reads version {VERSION}");
        if version == VERSION { Ok(Self) } else { Err(other()) }
    }
}

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        VERSION
    }
}

impl From<&Connection> for WebhookSecret {
    fn from(connection: &Connection) -> Self {
        let shop = &connection.credentials.bigcommerce;
        let header = shop.header.clone().map(|(name, value)| Header { name, value });
        Self {
            version: Version,
            client_secrets: shop.client_secrets.clone(),
            header,
            old_client_secret: shop.old.client_secret.clone().map(StoredOld::from),
            old_header: shop.old.header.clone().map(StoredOld::from),
        }
    }
}

impl From<&Connection> for ApiSecret {
    fn from(connection: &Connection) -> Self {
        let (shop, kinetic) = (&connection.credentials.bigcommerce, &connection.credentials.kinetic);
        Self {
            version: Version,
            access_token: shop.access_token.clone(),
            api_key: kinetic.api_key.clone(),
            login: kinetic.login.clone().into(),
            old_access_token: shop.old.access_token.clone().map(StoredOld::from),
        }
    }
}

impl From<Replaced> for StoredOld {
    fn from(Replaced { secret, since, until }: Replaced) -> Self {
        Self { value: secret, since, until }
    }
}

impl From<StoredOld> for Replaced {
    fn from(StoredOld { value, since, until }: StoredOld) -> Self {
        Self { secret: value, since, until }
    }
}

impl From<Login> for StoredLogin {
    fn from(login: Login) -> Self {
        match login {
            Login::Basic { username, password } => Self::Basic { username, password },
            Login::Token { username, password } => Self::Token { username, password },
            Login::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                Self::ClientCredentials { token_url, client_id, client_secret, scope, audience }
            }
        }
    }
}

impl From<StoredLogin> for Login {
    fn from(stored: StoredLogin) -> Self {
        match stored {
            StoredLogin::Basic { username, password } => Self::Basic { username, password },
            StoredLogin::Token { username, password } => Self::Token { username, password },
            StoredLogin::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                Self::ClientCredentials { token_url, client_id, client_secret, scope, audience }
            }
        }
    }
}

/// Reads a secret. What is wrong is told by place, never by content: serde's own words repeat what they met.
pub(super) fn parse<T: DeserializeOwned>(text: &SecretString) -> Result<T, String> {
    serde_json::from_str(text.expose_secret()).map_err(|error| {
        format!("it is not as this version writes it (line {}, column {})", error.line(), error.column())
    })
}

/// Writes a secret, to be handed to Secrets Manager.
pub(super) fn text(secret: &impl Serialize) -> Result<SecretString, serde_json::Error> {
    serde_json::to_string(secret).map(SecretString::from)
}

fn exposed<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

fn exposed_all<S: Serializer>(secrets: &[SecretString], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(secrets.iter().map(ExposeSecret::expose_secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_rotation_the_form_is_the_one_before_there_were_any() {
        let before = r#"{"version":1,"client_secrets":["one"],"header":null}"#;
        let read: WebhookSecret = parse(&SecretString::from(before)).unwrap();
        assert_eq!(text(&read).unwrap().expose_secret(), before);
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_told_by_place_and_never_by_content() {
        for wrong in [
            r#"{"version":2,"client_secrets":["hush-1"],"header":null}"#,
            r#"{"version":1,"client_secrets":["hush-1"],"header":null,"hush-2":1}"#,
            r#"{"version":1,"client_secrets":"hush-1"}"#,
            "hush-1",
        ] {
            let told = parse::<WebhookSecret>(&SecretString::from(wrong)).err().unwrap();
            assert!(told.starts_with("it is not as this version writes it (line 1"), "{told}");
            assert!(!told.contains("hush"), "{told}");
        }
    }
}
