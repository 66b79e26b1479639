//! The one table: its keys, its indexes, and how the emulators and tests make it. In an account `template.yaml` does; a test compares.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use thiserror::Error;

use crate::clients::Clients;
use crate::failure;

/// The name of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName(pub String);

/// A key or the key of an index: its hash attribute, and its range attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySchema {
    /// Name and type (`S` text, `N` number) of the hash attribute.
    pub hash: (&'static str, char),
    /// The same of the range attribute.
    pub range: (&'static str, char),
}

/// The table's own key.
pub const KEY: KeySchema = KeySchema { hash: ("pk", 'S'), range: ("sk", 'S') };

/// What waits for a moment, by moment: rows that are leased, due, or will be. It is spread over [`DUE_SHARDS`] hash values, so that a
/// busy ledger does not write into one partition.
pub const DUE: (&str, KeySchema) = ("due", KeySchema { hash: ("due_shard", 'S'), range: ("due_at", 'N') });

/// Orders by connection and state, by order id; and what of a connection's shelf has an issue, by SKU.
pub const STATE: (&str, KeySchema) = ("state", KeySchema { hash: ("in_state", 'S'), range: ("sk", 'S') });

/// What is held, by connection, by reason and what it waits for: `unknown_part#SKU-1#00000000000000000173`.
pub const HELD: (&str, KeySchema) = ("held", KeySchema { hash: ("held_in", 'S'), range: ("held_by", 'S') });

/// All indexes. Each holds keys only, and only of items that have its attributes; rows are then read from the table itself.
pub const INDEXES: [(&str, KeySchema); 3] = [DUE, STATE, HELD];

/// When an item of the audit trail may be dropped, in seconds since 1970. No other item has it.
pub const EXPIRES: &str = "expires_at";

/// Over how many hash values [`DUE`] is spread.
pub const DUE_SHARDS: u64 = 4;

/// The table could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the table could not be made: {0}")]
pub struct CreateError(pub String);

/// Makes the table, on an emulator; one that is there already is left as it is.
///
/// # Errors
/// [`CreateError`].
pub async fn create(clients: &Clients, table: &TableName) -> Result<(), CreateError> {
    let built = |error: aws_sdk_dynamodb::error::BuildError| CreateError(error.to_string());
    let mut call = clients
        .dynamodb
        .create_table()
        .table_name(&table.0)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(schema(KEY).map_err(built)?));
    let mut named = Vec::new();
    for (name, key) in [("", KEY)].into_iter().chain(INDEXES) {
        for (attribute, kind) in [key.hash, key.range] {
            if named.contains(&attribute) {
                continue;
            }
            named.push(attribute);
            let kind = if kind == 'N' { ScalarAttributeType::N } else { ScalarAttributeType::S };
            let definition =
                AttributeDefinition::builder().attribute_name(attribute).attribute_type(kind).build();
            call = call.attribute_definitions(definition.map_err(built)?);
        }
        if !name.is_empty() {
            let index = GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(schema(key).map_err(built)?))
                .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
                .build();
            call = call.global_secondary_indexes(index.map_err(built)?);
        }
    }
    match call.send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(service)) if service.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(CreateError(failure::words("CreateTable", &table.0, &error))),
    }
}

fn schema(key: KeySchema) -> Result<Vec<KeySchemaElement>, aws_sdk_dynamodb::error::BuildError> {
    [(key.hash.0, KeyType::Hash), (key.range.0, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
        .collect()
}
