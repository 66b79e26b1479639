//! Whether a connection that was read anew is the one that was read before.
//!
//! Secrets cannot be compared by `==`, and a part that is forgotten here would never take effect: so each is named, and a new one does not
//! compile until it is decided.

use secrecy::{ExposeSecret, SecretString};

use std::fmt::Debug;

use crate::connections::{
    Connection, Credentials, Doorway, KineticCredentials, Login, Old, Replaced, ShopCredentials,
};

/// What a cache of connections can hold.
pub trait Stored: Debug + Clone + Send + Sync + 'static {
    /// Whether both are the same in everything, secrets included.
    fn is_same_as(&self, other: &Self) -> bool;
}

impl Stored for Connection {
    fn is_same_as(&self, other: &Self) -> bool {
        let Self { id, rules, credentials: Credentials { bigcommerce, kinetic } } = self;
        *id == other.id
            && *rules == other.rules
            && bigcommerce.is_same_as(&other.credentials.bigcommerce)
            && kinetic.is_same_as(&other.credentials.kinetic)
    }
}

impl Stored for Doorway {
    fn is_same_as(&self, other: &Self) -> bool {
        let Self { id, rules, store_hash, client_secrets, old_client_secret, header, old_header } = self;
        *id == other.id
            && *rules == other.rules
            && *store_hash == other.store_hash
            && all_same(client_secrets, &other.client_secrets)
            && same_replaced(old_client_secret.as_ref(), other.old_client_secret.as_ref())
            && same_header(header.as_ref(), other.header.as_ref())
            && same_replaced(old_header.as_ref(), other.old_header.as_ref())
    }
}

impl ShopCredentials {
    fn is_same_as(&self, other: &Self) -> bool {
        let Self { base_url, store_hash, access_token, client_secrets, header, old } = self;
        *base_url == other.base_url
            && *store_hash == other.store_hash
            && same(access_token, &other.access_token)
            && all_same(client_secrets, &other.client_secrets)
            && same_header(header.as_ref(), other.header.as_ref())
            && old.is_same_as(&other.old)
    }
}

impl Old {
    fn is_same_as(&self, other: &Self) -> bool {
        let Self { header, client_secret, access_token } = self;
        same_replaced(header.as_ref(), other.header.as_ref())
            && same_replaced(client_secret.as_ref(), other.client_secret.as_ref())
            && same_replaced(access_token.as_ref(), other.access_token.as_ref())
    }
}

impl KineticCredentials {
    fn is_same_as(&self, other: &Self) -> bool {
        let Self { base_url, company, api_key, login, ca_pem } = self;
        *base_url == other.base_url
            && *company == other.company
            && same(api_key, &other.api_key)
            && login.is_same_as(&other.login)
            && *ca_pem == other.ca_pem
    }
}

impl Login {
    fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Basic { username, password },
                Self::Basic { username: other_name, password: other_password },
            )
            | (
                Self::Token { username, password },
                Self::Token { username: other_name, password: other_password },
            ) => username == other_name && same(password, other_password),
            (
                Self::ClientCredentials { token_url, client_id, client_secret, scope, audience },
                Self::ClientCredentials {
                    token_url: other_url,
                    client_id: other_id,
                    client_secret: other_secret,
                    scope: other_scope,
                    audience: other_audience,
                },
            ) => {
                token_url == other_url
                    && client_id == other_id
                    && same(client_secret, other_secret)
                    && scope == other_scope
                    && audience == other_audience
            }
            (Self::Basic { .. } | Self::Token { .. } | Self::ClientCredentials { .. }, _) => false,
        }
    }
}

/// Compares two stored secrets. Neither comes from outside, so the time it takes tells nobody anything.
fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret() == b.expose_secret()
}

fn all_same(some: &[SecretString], others: &[SecretString]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(a, b)| same(a, b))
}

fn same_header(one: Option<&(String, SecretString)>, other: Option<&(String, SecretString)>) -> bool {
    match (one, other) {
        (Some((name, value)), Some((other_name, other_value))) => {
            name == other_name && same(value, other_value)
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn same_replaced(one: Option<&Replaced>, other: Option<&Replaced>) -> bool {
    match (one, other) {
        (Some(Replaced { secret, since, until }), Some(other)) => {
            same(secret, &other.secret) && *since == other.since && *until == other.until
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
