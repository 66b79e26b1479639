//! Cursors, links and fingerprints in DynamoDB.

use std::fmt;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use connector_domain::ConnectionId;
use connector_ports::{Cursor, Digest, LinkKind, State, StateError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clients::Clients;
use crate::failure;
use crate::item::{Attributes, BadItem, document, key, n, number, read_document};
use crate::table::TableName;

/// [`State`] in DynamoDB.
#[derive(Debug, Clone)]
pub struct AwsState {
    clients: Clients,
    table: TableName,
}

impl AwsState {
    /// The state in `table`.
    pub fn new(clients: &Clients, table: TableName) -> Self {
        Self { clients: clients.clone(), table }
    }

    async fn read(&self, at: Attributes) -> Result<Option<Attributes>, StateError> {
        let call = self.clients.dynamodb.get_item().table_name(&self.table.0).consistent_read(true);
        let got = call.set_key(Some(at)).send().await;
        Ok(got.map_err(|error| self.unavailable("GetItem", &error))?.item)
    }

    async fn document<T: DeserializeOwned>(&self, at: Attributes) -> Result<Option<T>, StateError> {
        match self.read(at).await? {
            Some(item) => read_document(&item, "document").map_err(|error| self.unreadable(&error)),
            None => Ok(None),
        }
    }

    async fn put(&self, mut at: Attributes, value: AttributeValue) -> Result<(), StateError> {
        at.insert("document".to_owned(), value);
        let call = self.clients.dynamodb.put_item().table_name(&self.table.0).set_item(Some(at));
        call.send().await.map_err(|error| self.unavailable("PutItem", &error))?;
        Ok(())
    }

    fn unreadable(&self, error: &BadItem) -> StateError {
        StateError::Unavailable(format!(
            "an item of {} is not as this version writes it: {error}",
            self.table.0
        ))
    }

    fn unavailable<E, R>(&self, operation: &str, error: &SdkError<E, R>) -> StateError
    where
        E: ProvideErrorMetadata + fmt::Debug,
        R: fmt::Debug,
    {
        StateError::Unavailable(failure::words(operation, &self.table.0, error))
    }
}

// A connection's id has no '#', and the kinds are ours: no two of these keys can be the same.

fn cursor_key(connection: &ConnectionId, name: &str) -> Attributes {
    key(&format!("cursor#{connection}#{name}"), "-")
}

fn link_key(connection: &ConnectionId, kind: LinkKind, to: &str) -> Attributes {
    key(&format!("link#{connection}#{}#{to}", kind.as_str()), "-")
}

fn fingerprint_key(connection: &ConnectionId, subject: &str) -> Attributes {
    key(&format!("fingerprint#{connection}#{subject}"), "-")
}

#[async_trait]
impl State for AwsState {
    async fn cursor(&self, connection: &ConnectionId, name: &str) -> Result<Option<Cursor>, StateError> {
        let Some(item) = self.read(cursor_key(connection, name)).await? else { return Ok(None) };
        let bad = |error| self.unreadable(&error);
        let document = read_document(&item, "document").map_err(bad)?.unwrap_or_default();
        let version = number(&item, "version").map_err(bad)?.unwrap_or_default();
        Ok(Some(Cursor { document, version }))
    }

    async fn advance(
        &self,
        connection: &ConnectionId,
        name: &str,
        from: Option<&Cursor>,
        document: Value,
    ) -> Result<Cursor, StateError> {
        let version = from.map_or(1, |cursor| cursor.version.saturating_add(1));
        let mut item = cursor_key(connection, name);
        let text = self::document(&document).map_err(|error| self.unreadable(&error))?;
        item.insert("document".to_owned(), text);
        item.insert("version".to_owned(), n(version));
        let call = self.clients.dynamodb.put_item().table_name(&self.table.0).set_item(Some(item));
        let call = match from {
            None => call.condition_expression("attribute_not_exists(pk)"),
            Some(cursor) => call
                .condition_expression("version = :version")
                .expression_attribute_values(":version", n(cursor.version)),
        };
        match call.send().await {
            Ok(_) => Ok(Cursor { document, version }),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => {
                    Err(StateError::Moved(name.to_owned()))
                }
                Some(_) | None => Err(self.unavailable("PutItem", &error)),
            },
        }
    }

    async fn link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
    ) -> Result<Option<Value>, StateError> {
        self.document(link_key(connection, kind, key)).await
    }

    async fn set_link(
        &self,
        connection: &ConnectionId,
        kind: LinkKind,
        key: &str,
        to: Value,
    ) -> Result<(), StateError> {
        let to = document(&to).map_err(|error| self.unreadable(&error))?;
        self.put(link_key(connection, kind, key), to).await
    }

    async fn fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
    ) -> Result<Option<Digest>, StateError> {
        self.document(fingerprint_key(connection, subject)).await
    }

    async fn set_fingerprint(
        &self,
        connection: &ConnectionId,
        subject: &str,
        fingerprint: Digest,
    ) -> Result<(), StateError> {
        let fingerprint = document(&fingerprint).map_err(|error| self.unreadable(&error))?;
        self.put(fingerprint_key(connection, subject), fingerprint).await
    }
}
