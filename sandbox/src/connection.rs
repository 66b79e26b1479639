//! A connection between a simulated store and a simulated company.

use connector_domain::ConnectionId;
use connector_ports::{Connection, Credentials, KineticCredentials, Login, ShopCredentials};
use connector_simulators::{BigCommerceSim, KineticSim};
use secrecy::SecretString;

/// The rules of the sandbox's connection; they require `X-BC-Signature` of every webhook.
pub const RULES: &str = include_str!("../rules.toml");

/// The header that the sandbox sets on its hooks, as the connector does when it registers one.
pub const HEADER: &str = "X-Connector-Secret";

/// The value of [`HEADER`].
pub const HEADER_SECRET: &str = "simulated-header-secret-2b77d0";

/// The connection `id` between `shop` and `company` under `rules`, with the credentials that both were started with.
pub fn between(id: ConnectionId, shop: &BigCommerceSim, company: &KineticSim, rules: &str) -> Connection {
    let (store, kinetic) = (shop.config(), company.config());
    Connection {
        id,
        rules: rules.to_owned(),
        credentials: Credentials {
            bigcommerce: ShopCredentials {
                base_url: shop.base_url().clone(),
                store_hash: store.store_hash.clone(),
                access_token: secret(&store.access_token),
                client_secrets: vec![secret(&store.client_secret)],
                header: Some((HEADER.to_owned(), secret(HEADER_SECRET))),
            },
            kinetic: KineticCredentials {
                base_url: company.base_url().clone(),
                company: kinetic.company.clone(),
                api_key: secret(&kinetic.api_key),
                login: Login::Basic {
                    username: kinetic.username.clone(),
                    password: secret(&kinetic.password),
                },
            },
        },
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
        assert_eq!(rules.webhooks.bc_signature, connector_bigcommerce::webhook::Need::Required);
    }
}
