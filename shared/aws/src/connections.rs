//! Connections: rules and addresses in the table, secrets in two secrets of Secrets Manager (`docs/decisions/0017`).

mod all;
mod secret;
mod store;

use std::fmt;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use connector_domain::ConnectionId;
use connector_ports::{
    Connection, ConnectionSource, Credentials, Doorway, KineticCredentials, Old, Outline, OutlineSource,
    Replaced, ShopCredentials, SourceError,
};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

pub use self::store::{AwsConnectionStore, StoreError};

use self::secret::{ApiSecret, WebhookSecret};
use crate::clients::Clients;
use crate::failure;
use crate::item::{Attributes, BadItem, bad, key, s, text};
use crate::table::TableName;

/// Under which all connections are listed.
const HASH: &str = "connections";

/// What the names of this deployment's secrets begin with: `ml-connector/prod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretsPrefix(pub String);

impl SecretsPrefix {
    /// The secret that the receiver of webhooks may read.
    pub fn webhook(&self, connection: &ConnectionId) -> String {
        format!("{}/{connection}/webhook", self.0)
    }

    /// The secret with what opens the vendors' doors.
    pub fn api(&self, connection: &ConnectionId) -> String {
        format!("{}/{connection}/api", self.0)
    }
}

/// Where both sources read.
#[derive(Debug, Clone)]
struct Place {
    clients: Clients,
    table: TableName,
    prefix: SecretsPrefix,
}

/// Every connection with all its credentials; and their outlines, for which no secret is read.
#[derive(Debug, Clone)]
pub struct AwsConnections(Place);

/// Of every connection what checks a webhook: it never reads the other secret.
#[derive(Debug, Clone)]
pub struct AwsDoorways(Place);

impl AwsConnections {
    /// The connections in `table`, with the secrets under `prefix`.
    pub fn new(clients: &Clients, table: TableName, prefix: SecretsPrefix) -> Self {
        Self(Place { clients: clients.clone(), table, prefix })
    }
}

impl AwsDoorways {
    /// As [`AwsConnections::new`].
    pub fn new(clients: &Clients, table: TableName, prefix: SecretsPrefix) -> Self {
        Self(Place { clients: clients.clone(), table, prefix })
    }
}

/// What of a connection is no secret, as the table holds it.
#[derive(Debug)]
struct Described {
    rules: String,
    shop_url: Url,
    store_hash: String,
    kinetic_url: Url,
    company: String,
    ca_pem: Option<String>,
}

impl Described {
    fn read(item: &Attributes) -> Result<Self, BadItem> {
        let url = |name| text(item, name)?.parse().map_err(|error: url::ParseError| bad(name, error));
        let ca_pem =
            if item.contains_key("kinetic_ca_pem") { Some(text(item, "kinetic_ca_pem")?) } else { None };
        Ok(Self {
            rules: text(item, "rules")?.to_owned(),
            shop_url: url("bigcommerce_url")?,
            store_hash: text(item, "store_hash")?.to_owned(),
            kinetic_url: url("kinetic_url")?,
            company: text(item, "company")?.to_owned(),
            ca_pem: ca_pem.map(str::to_owned),
        })
    }

    fn item(id: &ConnectionId, connection: &Connection) -> Attributes {
        let Credentials { bigcommerce, kinetic } = &connection.credentials;
        let mut item = key(HASH, id.as_str());
        for (name, value) in [
            ("rules", connection.rules.as_str()),
            ("bigcommerce_url", bigcommerce.base_url.as_str()),
            ("store_hash", &bigcommerce.store_hash),
            ("kinetic_url", kinetic.base_url.as_str()),
            ("company", &kinetic.company),
        ] {
            item.insert(name.to_owned(), s(value));
        }
        if let Some(pem) = &kinetic.ca_pem {
            item.insert("kinetic_ca_pem".to_owned(), s(pem));
        }
        item
    }
}

impl Place {
    async fn described(&self, id: &ConnectionId) -> Result<Option<Described>, SourceError> {
        let call = self.clients.dynamodb.get_item().table_name(&self.table.0).consistent_read(true);
        let got = call.set_key(Some(key(HASH, id.as_str()))).send().await;
        let item = got.map_err(|error| self.unavailable("GetItem", &error))?.item;
        item.map(|item| Described::read(&item).map_err(|error| self.unreadable(&error))).transpose()
    }

    async fn secret<T: DeserializeOwned>(&self, name: &str) -> Result<T, SourceError> {
        let got = self.clients.secrets.get_secret_value().secret_id(name).send().await;
        let text = match got {
            Ok(got) => SecretString::from(got.secret_string.unwrap_or_default()),
            Err(error) => {
                // A function that may read only this stage's secrets is denied one that is not there; one on its way out is invalid.
                let gone = error.as_service_error().is_some_and(|error| {
                    error.is_resource_not_found_exception()
                        || error.is_invalid_request_exception()
                        || error.code() == Some("AccessDeniedException")
                });
                let hint = if gone { "; put the connection again" } else { "" };
                return Err(SourceError(format!("{}{hint}", failure::words("GetSecretValue", name, &error))));
            }
        };
        secret::parse(&text)
            .map_err(|words| SourceError(format!("secret {name}: {words}; put the connection again")))
    }

    fn unreadable(&self, error: &BadItem) -> SourceError {
        SourceError(format!("a connection in {} is not as this version writes it: {error}", self.table.0))
    }

    fn unavailable<E, R>(&self, operation: &str, error: &SdkError<E, R>) -> SourceError
    where
        E: ProvideErrorMetadata + fmt::Debug,
        R: fmt::Debug,
    {
        SourceError(failure::words(operation, &self.table.0, error))
    }
}

#[async_trait]
impl ConnectionSource<Connection> for AwsConnections {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        self.0.list().await
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Connection>, SourceError> {
        let Some(described) = self.0.described(id).await? else { return Ok(None) };
        let webhook: WebhookSecret = self.0.secret(&self.0.prefix.webhook(id)).await?;
        let api: ApiSecret = self.0.secret(&self.0.prefix.api(id)).await?;
        let WebhookSecret { client_secrets, header, old_client_secret, old_header, .. } = webhook;
        let old = Old {
            header: old_header.map(Replaced::from),
            client_secret: old_client_secret.map(Replaced::from),
            access_token: api.old_access_token.map(Replaced::from),
        };
        let bigcommerce = ShopCredentials {
            base_url: described.shop_url,
            store_hash: described.store_hash,
            access_token: api.access_token,
            client_secrets,
            header: header.map(|header| (header.name, header.value)),
            old,
        };
        let kinetic = KineticCredentials {
            base_url: described.kinetic_url,
            company: described.company,
            api_key: api.api_key,
            login: api.login.into(),
            ca_pem: described.ca_pem,
        };
        let credentials = Credentials { bigcommerce, kinetic };
        Ok(Some(Connection { id: id.clone(), rules: described.rules, credentials }))
    }
}

#[async_trait]
impl OutlineSource for AwsConnections {
    async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        self.0.outlines().await
    }
}

#[async_trait]
impl ConnectionSource<Doorway> for AwsDoorways {
    async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        self.0.list().await
    }

    async fn read(&self, id: &ConnectionId) -> Result<Option<Doorway>, SourceError> {
        let Some(described) = self.0.described(id).await? else { return Ok(None) };
        let webhook: WebhookSecret = self.0.secret(&self.0.prefix.webhook(id)).await?;
        Ok(Some(Doorway {
            id: id.clone(),
            rules: described.rules,
            store_hash: described.store_hash,
            client_secrets: webhook.client_secrets,
            old_client_secret: webhook.old_client_secret.map(Replaced::from),
            header: webhook.header.map(|header| (header.name, header.value)),
            old_header: webhook.old_header.map(Replaced::from),
        }))
    }
}
