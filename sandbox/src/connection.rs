//! A connection between a simulated store and a simulated company.

use std::fmt;

use connector_domain::ConnectionId;
use connector_ports::{Connection, Credentials, KineticCredentials, Login, Old, ShopCredentials};
use connector_simulators::{BigCommerceSim, KineticSim};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

/// The rules of the sandbox's connection; they require `X-BC-Signature` of every webhook.
pub const RULES: &str = include_str!("../rules.toml");

/// What the sandbox's connection shows of its company, for those who want a catalogue beside [`RULES`].
pub const CATALOGUE: &str = include_str!("../catalogue.toml");

/// [`RULES`] and [`CATALOGUE`].
pub fn rules_with_catalogue() -> String {
    format!("{RULES}\n{CATALOGUE}")
}

/// The header that the sandbox sets on its hooks, as the connector does when it registers one.
pub const HEADER: &str = "X-Connector-Secret";

/// The value of [`HEADER`].
pub const HEADER_SECRET: &str = "simulated-header-secret-2b77d0";

/// The connection `id` between `shop` and `company` under `rules`, with the credentials that both were started with.
pub fn between(id: ConnectionId, shop: &BigCommerceSim, company: &KineticSim, rules: &str) -> Connection {
    Ends::of(shop, company).connection(id, rules)
}

/// The two ends of a connection with their credentials, which may be told to another process.
#[derive(Clone, Serialize, Deserialize)]
pub struct Ends {
    store_url: Url,
    store_hash: String,
    access_token: String,
    client_secret: String,
    kinetic_url: Url,
    company: String,
    api_key: String,
    username: String,
    password: String,
}

impl Ends {
    /// Of a simulated store and a simulated company, as they were started.
    pub fn of(shop: &BigCommerceSim, company: &KineticSim) -> Self {
        let (store, kinetic) = (shop.config(), company.config());
        Self {
            store_url: shop.base_url().clone(),
            store_hash: store.store_hash.clone(),
            access_token: store.access_token.clone(),
            client_secret: store.client_secret.clone(),
            kinetic_url: company.base_url().clone(),
            company: kinetic.company.clone(),
            api_key: kinetic.api_key.clone(),
            username: kinetic.username.clone(),
            password: kinetic.password.clone(),
        }
    }

    /// The same with the token of another API account of the store.
    #[must_use]
    pub(crate) fn with_access_token(self, access_token: &str) -> Self {
        Self { access_token: access_token.to_owned(), ..self }
    }

    /// The connection `id` between them under `rules`.
    pub fn connection(&self, id: ConnectionId, rules: &str) -> Connection {
        Connection {
            id,
            rules: rules.to_owned(),
            credentials: Credentials {
                bigcommerce: ShopCredentials {
                    base_url: self.store_url.clone(),
                    store_hash: self.store_hash.clone(),
                    access_token: secret(&self.access_token),
                    client_secrets: vec![secret(&self.client_secret)],
                    header: Some((HEADER.to_owned(), secret(HEADER_SECRET))),
                    old: Old::default(),
                },
                kinetic: KineticCredentials {
                    base_url: self.kinetic_url.clone(),
                    company: self.company.clone(),
                    api_key: secret(&self.api_key),
                    login: Login::Basic { username: self.username.clone(), password: secret(&self.password) },
                    ca_pem: None,
                },
            },
        }
    }
}

impl fmt::Debug for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ends({} to {})", self.store_url, self.kinetic_url)
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

#[cfg(test)]
mod tests {
    use connector_sync::rules::Rules;

    use super::*;

    #[test]
    fn the_rules_of_the_sandbox_are_without_a_problem() {
        let rules = Rules::parse(RULES).unwrap();
        assert!(Rules::parse(&rules_with_catalogue()).unwrap().stock.publish);
        assert_eq!(rules.webhooks.bc_signature, connector_bigcommerce::webhook::Need::Required);
    }
}
