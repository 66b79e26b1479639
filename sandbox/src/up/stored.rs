//! A connection as the command line and the sandbox tell each other of it, with its credentials.

use connector_domain::{ConnectionId, Timestamp};
use connector_ports::{Connection, Credentials, KineticCredentials, Login, Old, Replaced, ShopCredentials};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

/// A connection without its id.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    rules: String,
    bigcommerce: Shop,
    kinetic: Company,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shop {
    base_url: Url,
    store_hash: String,
    access_token: String,
    client_secrets: Vec<String>,
    header: Option<(String, String)>,
    #[serde(default)]
    old_header: Option<StoredOld>,
    #[serde(default)]
    old_client_secret: Option<StoredOld>,
    #[serde(default)]
    old_access_token: Option<StoredOld>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOld {
    value: String,
    since: Timestamp,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    base_url: Url,
    id: String,
    api_key: String,
    login: Identity,
    ca_pem: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
enum Identity {
    Basic {
        username: String,
        password: String,
    },
    Token {
        username: String,
        password: String,
    },
    ClientCredentials {
        token_url: Url,
        client_id: String,
        client_secret: String,
        scope: Option<String>,
        audience: Option<String>,
    },
}

impl Stored {
    pub(super) fn of(connection: &Connection) -> Self {
        let Credentials { bigcommerce, kinetic } = connection.credentials.clone();
        let plain = |secret: &SecretString| secret.expose_secret().to_owned();
        Self {
            rules: connection.rules.clone(),
            bigcommerce: Shop {
                base_url: bigcommerce.base_url,
                store_hash: bigcommerce.store_hash,
                access_token: plain(&bigcommerce.access_token),
                client_secrets: bigcommerce.client_secrets.iter().map(plain).collect(),
                header: bigcommerce.header.map(|(name, value)| (name, plain(&value))),
                old_header: bigcommerce.old.header.map(StoredOld::of),
                old_client_secret: bigcommerce.old.client_secret.map(StoredOld::of),
                old_access_token: bigcommerce.old.access_token.map(StoredOld::of),
            },
            kinetic: Company {
                base_url: kinetic.base_url,
                id: kinetic.company,
                api_key: plain(&kinetic.api_key),
                login: Identity::of(kinetic.login),
                ca_pem: kinetic.ca_pem,
            },
        }
    }

    pub(super) fn connection(self, id: ConnectionId) -> Connection {
        let Self { rules, bigcommerce, kinetic } = self;
        let bigcommerce = ShopCredentials {
            base_url: bigcommerce.base_url,
            store_hash: bigcommerce.store_hash,
            access_token: bigcommerce.access_token.into(),
            client_secrets: bigcommerce.client_secrets.into_iter().map(SecretString::from).collect(),
            header: bigcommerce.header.map(|(name, value)| (name, value.into())),
            old: Old {
                header: bigcommerce.old_header.map(StoredOld::replaced),
                client_secret: bigcommerce.old_client_secret.map(StoredOld::replaced),
                access_token: bigcommerce.old_access_token.map(StoredOld::replaced),
            },
        };
        let kinetic = KineticCredentials {
            base_url: kinetic.base_url,
            company: kinetic.id,
            api_key: kinetic.api_key.into(),
            login: kinetic.login.login(),
            ca_pem: kinetic.ca_pem,
        };
        Connection { id, rules, credentials: Credentials { bigcommerce, kinetic } }
    }
}

impl StoredOld {
    fn of(Replaced { secret, since, until }: Replaced) -> Self {
        Self { value: secret.expose_secret().to_owned(), since, until }
    }

    fn replaced(self) -> Replaced {
        Replaced { secret: self.value.into(), since: self.since, until: self.until }
    }
}

impl Identity {
    fn of(login: Login) -> Self {
        let plain = |secret: SecretString| secret.expose_secret().to_owned();
        match login {
            Login::Basic { username, password } => Self::Basic { username, password: plain(password) },
            Login::Token { username, password } => Self::Token { username, password: plain(password) },
            Login::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                let client_secret = plain(client_secret);
                Self::ClientCredentials { token_url, client_id, client_secret, scope, audience }
            }
        }
    }

    fn login(self) -> Login {
        match self {
            Self::Basic { username, password } => Login::Basic { username, password: password.into() },
            Self::Token { username, password } => Login::Token { username, password: password.into() },
            Self::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
                let client_secret = client_secret.into();
                Login::ClientCredentials { token_url, client_id, client_secret, scope, audience }
            }
        }
    }
}
