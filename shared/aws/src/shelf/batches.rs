//! Many items in a call. DynamoDB may leave some undone: because it is throttled, or because its answer would be too long.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use connector_ports::ShelfError;

use super::AwsShelf;
use crate::item::Attributes;

/// The most keys of one `BatchGetItem`.
const READS: usize = 100;

/// The most items of one `BatchWriteItem`.
const WRITES: usize = 25;

/// How often a batch is sent at most. With the pauses between them that is six seconds: a table that is throttled for longer will not have
/// recovered while a function waits for it.
const ROUNDS: u32 = 8;

/// The pause before what was left undone is sent again; it doubles each time, as AWS asks.
const PAUSE: Duration = Duration::from_millis(50);

impl AwsShelf {
    /// The items that there are of these keys, in no order. No key may be there twice.
    pub(super) async fn read(&self, keys: Vec<Attributes>) -> Result<Vec<Attributes>, ShelfError> {
        let mut found = Vec::with_capacity(keys.len());
        for batch in keys.chunks(READS) {
            let (mut wanted, mut round) = (batch.to_vec(), 0);
            loop {
                let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let keys = keys.map_err(|error| ShelfError::Unavailable(error.to_string()))?;
                let call = self.clients.dynamodb.batch_get_item().request_items(&self.table.0, keys);
                let got = call.send().await.map_err(|error| self.unavailable("BatchGetItem", &error))?;
                found.extend(got.responses.into_iter().flat_map(HashMap::into_values).flatten());
                let left = got.unprocessed_keys.into_iter().flat_map(HashMap::into_values);
                wanted = left.flat_map(|left| left.keys).collect();
                if wanted.is_empty() {
                    break;
                }
                self.pause("BatchGetItem", wanted.len(), &mut round).await?;
            }
        }
        Ok(found)
    }

    /// Writes these items in place of those there were, in batches that follow one another. No key may be there twice.
    pub(super) async fn write(&self, items: Vec<Attributes>) -> Result<(), ShelfError> {
        let built = |item| {
            let put = PutRequest::builder().set_item(Some(item)).build();
            put.map(|put| WriteRequest::builder().put_request(put).build())
        };
        let items: Result<Vec<_>, _> = items.into_iter().map(built).collect();
        let items = items.map_err(|error| ShelfError::Unavailable(error.to_string()))?;
        for batch in items.chunks(WRITES) {
            let (mut left, mut round) = (batch.to_vec(), 0);
            loop {
                let call = self.clients.dynamodb.batch_write_item().request_items(&self.table.0, left);
                let done = call.send().await.map_err(|error| self.unavailable("BatchWriteItem", &error))?;
                left = done.unprocessed_items.into_iter().flat_map(HashMap::into_values).flatten().collect();
                if left.is_empty() {
                    break;
                }
                self.pause("BatchWriteItem", left.len(), &mut round).await?;
            }
        }
        Ok(())
    }

    /// Waits before the next round, or gives up if that was the last.
    async fn pause(&self, operation: &str, left: usize, round: &mut u32) -> Result<(), ShelfError> {
        let pause = PAUSE.saturating_mul(2_u32.saturating_pow(*round));
        *round = round.saturating_add(1);
        if *round >= ROUNDS {
            let table = &self.table.0;
            let words = format!("{operation} on {table}: {left} items were left undone {ROUNDS} times");
            return Err(ShelfError::Unavailable(words));
        }
        self.clock.sleep(pause).await;
        Ok(())
    }
}
