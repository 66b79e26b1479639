//! What the clients and the receiver would refuse later is refused here, all of it at once.

use connector_bigcommerce::BigCommerce;
use connector_bigcommerce::webhook::Verifier;
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_kinetic::Kinetic;
use connector_ports::{Connection, KineticCredentials, Login, ShopCredentials};
use connector_sync::rules::Rules;

/// Everything that is wrong with a connection whose file could be read.
pub(super) fn problems(connection: &Connection, surroundings: &Surroundings) -> Vec<String> {
    let rules = match Rules::parse(&connection.rules) {
        Ok(rules) => rules,
        Err(problems) => return problems.0.into_iter().map(|problem| format!("rules: {problem}")).collect(),
    };
    let shop = &connection.credentials.bigcommerce;
    let checks = [
        store(shop, &rules, surroundings),
        webhooks(shop, &rules),
        company(connection, &rules, surroundings),
    ];
    checks.into_iter().flatten().collect()
}

fn store(shop: &ShopCredentials, rules: &Rules, surroundings: &Surroundings) -> Option<String> {
    let settings = connector_bigcommerce::Settings {
        base_url: shop.base_url.clone(),
        store_hash: shop.store_hash.clone(),
        access_token: shop.access_token.clone(),
        quota_share: rules.quota_share,
    };
    let transport = match Transport::new(&TransportSettings::default()) {
        Ok(transport) => transport,
        Err(error) => return Some(format!("bigcommerce: {error}")),
    };
    let built = BigCommerce::new(settings, transport, surroundings.clone());
    built.err().map(|error| format!("bigcommerce: {error}"))
}

fn webhooks(shop: &ShopCredentials, rules: &Rules) -> Option<String> {
    let mut policy = rules.webhooks.clone();
    let mut header_secrets = Vec::new();
    if let Some((name, secret)) = &shop.header {
        policy.custom_header_name.clone_from(name);
        header_secrets.push(secret.clone());
    }
    let built = Verifier::new(policy, &shop.client_secrets, &header_secrets);
    built.err().map(|error| format!("webhooks ([bigcommerce] and rules [webhooks] together): {error}"))
}

fn company(connection: &Connection, rules: &Rules, surroundings: &Surroundings) -> Option<String> {
    let KineticCredentials { base_url, company, api_key, login, ca_pem } =
        connection.credentials.kinetic.clone();
    let settings =
        TransportSettings { extra_ca_pem: ca_pem.map(String::into_bytes), ..TransportSettings::default() };
    let transport = match Transport::new(&settings) {
        Ok(transport) => transport,
        Err(error) => return Some(format!("kinetic.ca_pem: {error}")),
    };
    let settings = connector_kinetic::Settings {
        plant: rules.kinetic.plant.clone(),
        session: rules.kinetic.session,
        claimed_license: rules.kinetic.claimed_license.clone(),
        ..connector_kinetic::Settings::new(base_url, company, api_key, identity(login))
    };
    let built = Kinetic::new(settings, transport, surroundings.clone());
    built.err().map(|error| format!("kinetic: {error}"))
}

fn identity(login: Login) -> connector_kinetic::Login {
    match login {
        Login::Basic { username, password } => connector_kinetic::Login::Basic { username, password },
        Login::Token { username, password } => connector_kinetic::Login::Token { username, password },
        Login::ClientCredentials { token_url, client_id, client_secret, scope, audience } => {
            connector_kinetic::Login::ClientCredentials {
                token_url,
                client_id,
                client_secret,
                scope,
                audience,
            }
        }
    }
}
