//! The owner's side: putting and removing a connection. No function of the deployment may do either.

use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use connector_domain::ConnectionId;
use connector_ports::Connection;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use super::secret::{self, ApiSecret, WebhookSecret};
use super::{Described, HASH, SecretsPrefix};
use crate::clients::Clients;
use crate::failure;
use crate::item::key;
use crate::table::TableName;

/// A connection could not be put or removed. What was done so far stays; do it again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// Puts and removes connections.
#[derive(Debug, Clone)]
pub struct AwsConnectionStore {
    clients: Clients,
    table: TableName,
    prefix: SecretsPrefix,
}

impl AwsConnectionStore {
    /// The connections in `table`, with the secrets under `prefix`.
    pub fn new(clients: &Clients, table: TableName, prefix: SecretsPrefix) -> Self {
        Self { clients: clients.clone(), table, prefix }
    }

    /// Stores a connection, in place of the one with its id: the secrets first, so that nobody finds a connection without them. Functions
    /// that have it already take the new one within five minutes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put(&self, connection: &Connection) -> Result<(), StoreError> {
        let id = &connection.id;
        let written = |error: serde_json::Error| StoreError(error.to_string());
        let webhook = secret::text(&WebhookSecret::from(connection)).map_err(written)?;
        let api = secret::text(&ApiSecret::from(connection)).map_err(written)?;
        self.put_secret(&self.prefix.webhook(id), &webhook).await?;
        self.put_secret(&self.prefix.api(id), &api).await?;
        let item = Described::item(id, connection);
        let put =
            self.clients.dynamodb.put_item().table_name(&self.table.0).set_item(Some(item)).send().await;
        put.map_err(|error| StoreError(failure::words("PutItem", &self.table.0, &error)))?;
        Ok(())
    }

    /// Removes a connection: its entry first, then its secrets, which Secrets Manager keeps for some days more. Its orders stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&self, id: &ConnectionId) -> Result<(), StoreError> {
        let call = self.clients.dynamodb.delete_item().table_name(&self.table.0);
        let deleted = call.set_key(Some(key(HASH, id.as_str()))).send().await;
        deleted.map_err(|error| StoreError(failure::words("DeleteItem", &self.table.0, &error)))?;
        for name in [self.prefix.webhook(id), self.prefix.api(id)] {
            match self.clients.secrets.delete_secret().secret_id(&name).send().await {
                Ok(_) => {}
                Err(error)
                    if matches!(
                        error.as_service_error(),
                        Some(DeleteSecretError::ResourceNotFoundException(_))
                    ) => {}
                Err(error) => return Err(StoreError(failure::words("DeleteSecret", &name, &error))),
            }
        }
        Ok(())
    }

    /// A new value for the secret; it is made if there is none, and brought back if it was deleted lately.
    async fn put_secret(&self, name: &str, value: &SecretString) -> Result<(), StoreError> {
        let secrets = &self.clients.secrets;
        let put = || secrets.put_secret_value().secret_id(name).secret_string(value.expose_secret()).send();
        let Err(error) = put().await else { return Ok(()) };
        match error.as_service_error() {
            Some(PutSecretValueError::ResourceNotFoundException(_)) => {
                let made =
                    secrets.create_secret().name(name).secret_string(value.expose_secret()).send().await;
                made.map_err(|error| StoreError(failure::words("CreateSecret", name, &error)))?;
                Ok(())
            }
            Some(PutSecretValueError::InvalidRequestException(_)) => {
                let back = secrets.restore_secret().secret_id(name).send().await;
                back.map_err(|error| StoreError(failure::words("RestoreSecret", name, &error)))?;
                put().await.map_err(|error| StoreError(failure::words("PutSecretValue", name, &error)))?;
                Ok(())
            }
            Some(_) | None => Err(StoreError(failure::words("PutSecretValue", name, &error))),
        }
    }
}
