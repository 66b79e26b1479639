//! A connection, ready to be used: its rules read and both clients built.

use std::collections::HashMap;
use std::sync::Arc;

use connector_bigcommerce::BigCommerce;
use connector_domain::ConnectionId;
use connector_http::{Surroundings, Transport, TransportSettings};
use connector_kinetic::{Kinetic, MethodProfiles};
use connector_ports::{
    Connection, Connections, ConnectionsError, Login, Outline, Outlines, Replaced, ShopCredentials,
};
use parking_lot::Mutex;
use secrecy::SecretString;
use thiserror::Error;

use crate::neighbourhood::{Beside, Neighbourhood};
use crate::quota::{Spender, Writers};
use crate::rules::{Problems, Rules};

/// A connection that cannot be used. Orders wait for the correction; none is parked.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// There is no such connection: correct the address of the hook, or create the connection.
    #[error("no connection {0}")]
    Unknown(ConnectionId),
    /// The store of connections could not be read: try again.
    #[error(transparent)]
    Store(ConnectionsError),
    /// Its rules are wrong: correct every line named.
    #[error("rules of connection {connection}: {problems}")]
    Rules {
        /// Whose.
        connection: ConnectionId,
        /// What.
        problems: Problems,
    },
    /// A base URL or another setting of a client is wrong.
    #[error("connection {connection}: {words}")]
    Client {
        /// Whose.
        connection: ConnectionId,
        /// What.
        words: String,
    },
}

/// One store and one Kinetic company.
#[derive(Debug)]
pub struct Connected {
    /// Its id.
    pub id: ConnectionId,
    /// Its rules.
    pub rules: Rules,
    /// Its store.
    pub shop: BigCommerce,
    /// The same store as the API account that was replaced is let into it: for its hooks, and nothing else.
    pub old_account: Option<OldAccount>,
    /// Its Kinetic company.
    pub kinetic: Kinetic,
}

/// An API account that was replaced, for as long as its client secret counts.
#[derive(Debug)]
pub struct OldAccount {
    /// Let in by its token.
    pub shop: BigCommerce,
    /// Since when, until when, and what took its place.
    pub token: Replaced,
}

/// Finds connections and keeps what it built for as long as the stored connection stays the same.
#[derive(Debug)]
pub struct Directory {
    connections: Arc<dyn Connections>,
    neighbourhood: Neighbourhood,
    transport: Transport,
    surroundings: Surroundings,
    spender: Spender,
    writers: Writers,
    built: Mutex<HashMap<ConnectionId, Built>>,
}

#[derive(Debug)]
struct Built {
    from: Arc<Connection>,
    /// With whom it was compared.
    beside: Arc<Beside>,
    connected: Arc<Connected>,
}

impl Directory {
    /// A directory over `connections`, each of which is compared with all `outlines`.
    pub fn new(
        connections: Arc<dyn Connections>,
        outlines: Arc<dyn Outlines>,
        transport: Transport,
        surroundings: Surroundings,
    ) -> Self {
        Self {
            connections,
            neighbourhood: Neighbourhood::new(outlines),
            transport,
            surroundings,
            spender: Spender::default(),
            writers: Writers::default(),
            built: Mutex::default(),
        }
    }

    /// The same for `spender`, and not for orders: its clients pace themselves by that share of the store's quota.
    #[must_use]
    pub fn spending_as(self, spender: Spender) -> Self {
        Self { spender, ..self }
    }

    /// The same where each writer of a connection is a process of its own, and spends only its part of the store's quota.
    #[must_use]
    pub fn with_writers_apart(self) -> Self {
        Self { writers: Writers::Apart, ..self }
    }

    /// The clock and randomness of everything built here.
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// The one stack that everything here speaks through.
    pub(crate) const fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The ids of all connections, in order.
    ///
    /// # Errors
    /// [`ConnectError::Store`].
    pub async fn connections(&self) -> Result<Vec<ConnectionId>, ConnectError> {
        self.connections.list().await.map_err(ConnectError::Store)
    }

    /// The connection `id`, ready to be used.
    ///
    /// # Errors
    /// See [`ConnectError`]. Two connections that share a company and a prefix are refused both: neither could tell its orders from the
    /// other's. The one that ran before is refused as soon as it is seen that the other came: with the first use of that one here, or
    /// when outlines are read anew.
    pub async fn get(&self, id: &ConnectionId) -> Result<Arc<Connected>, ConnectError> {
        let stored = self.stored(id).await?;
        let beside = self.neighbourhood.around(&stored).await.map_err(ConnectError::Store)?;
        let known = self.known(&stored, &beside);
        if let Some((connected, true)) = known {
            return Ok(connected);
        }
        let rules = read_rules(&stored)?;
        beside
            .leaves_room_for(&Outline::from(stored.as_ref()), &rules)
            .map_err(|problems| ConnectError::Rules { connection: id.clone(), problems })?;
        let connected = match known {
            // Only others have changed: its clients keep their sessions, and what they know of quotas.
            Some((connected, _)) => connected,
            None => Arc::new(self.build(&stored, rules)?),
        };
        let built = Built { from: stored, beside, connected: connected.clone() };
        self.built.lock().insert(id.clone(), built);
        Ok(connected)
    }

    /// What was built from `stored`, and whether it was compared with `beside`.
    fn known(&self, stored: &Arc<Connection>, beside: &Arc<Beside>) -> Option<(Arc<Connected>, bool)> {
        let built = self.built.lock();
        let known = built.get(&stored.id).filter(|built| Arc::ptr_eq(&built.from, stored))?;
        Some((known.connected.clone(), Arc::ptr_eq(&known.beside, beside)))
    }

    /// The connection `id` as it is stored, with its secrets.
    pub(crate) async fn stored(&self, id: &ConnectionId) -> Result<Arc<Connection>, ConnectError> {
        match self.connections.get(id).await {
            Ok(connection) => Ok(connection),
            Err(ConnectionsError::Unknown(id)) => Err(ConnectError::Unknown(id)),
            Err(error) => Err(ConnectError::Store(error)),
        }
    }

    fn build(&self, stored: &Connection, rules: Rules) -> Result<Connected, ConnectError> {
        let client = |words: String| ConnectError::Client { connection: stored.id.clone(), words };
        let shop = &stored.credentials.bigcommerce;
        let store = |token| self.store(shop, token, &rules).map_err(|error| client(error.to_string()));
        let current = store(&shop.access_token)?;
        let old_account = match &shop.old.access_token {
            Some(token) => Some(OldAccount { shop: store(&token.secret)?, token: token.clone() }),
            None => None,
        };
        let kinetic = self.kinetic(stored, &rules).map_err(client)?;
        Ok(Connected { id: stored.id.clone(), rules, shop: current, old_account, kinetic })
    }

    fn store(
        &self,
        shop: &ShopCredentials,
        token: &SecretString,
        rules: &Rules,
    ) -> Result<BigCommerce, connector_bigcommerce::SettingsError> {
        let settings = connector_bigcommerce::Settings {
            base_url: shop.base_url.clone(),
            store_hash: shop.store_hash.clone(),
            access_token: token.clone(),
            quota_share: self.spender.part(self.writers, rules),
        };
        BigCommerce::new(settings, self.transport.clone(), self.surroundings.clone())
    }

    fn kinetic(&self, stored: &Connection, rules: &Rules) -> Result<Kinetic, String> {
        let credentials = &stored.credentials.kinetic;
        let profile = if rules.kinetic.check_part_saleable {
            MethodProfiles::part_saleable()
        } else {
            MethodProfiles::dump()
        };
        let settings = connector_kinetic::Settings {
            plant: rules.kinetic.plant.clone(),
            requests_per_second: rules.kinetic.requests_per_second,
            in_flight: rules.kinetic.in_flight,
            profile,
            session: rules.kinetic.session,
            claimed_license: rules.kinetic.claimed_license.clone(),
            ..connector_kinetic::Settings::new(
                credentials.base_url.clone(),
                credentials.company.clone(),
                credentials.api_key.clone(),
                login(&credentials.login),
            )
        };
        let transport = self.trusting(credentials.ca_pem.as_deref())?;
        Kinetic::new(settings, transport, self.surroundings.clone()).map_err(|error| error.to_string())
    }

    /// The transport to a plant: the common one, unless it has an authority of its own, which is then trusted there and nowhere else.
    fn trusting(&self, ca_pem: Option<&str>) -> Result<Transport, String> {
        let Some(pem) = ca_pem else { return Ok(self.transport.clone()) };
        let settings = TransportSettings {
            timeout: self.transport.timeout(),
            extra_ca_pem: Some(pem.as_bytes().to_vec()),
            ..TransportSettings::default()
        };
        Transport::new(&settings).map_err(|error| format!("ca_pem: {error}"))
    }
}

fn login(stored: &Login) -> connector_kinetic::Login {
    match stored.clone() {
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

fn read_rules(stored: &Connection) -> Result<Rules, ConnectError> {
    Rules::parse(&stored.rules)
        .map_err(|problems| ConnectError::Rules { connection: stored.id.clone(), problems })
}

#[cfg(test)]
mod tests;
