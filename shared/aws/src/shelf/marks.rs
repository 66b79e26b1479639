//! Marks: one item a product, written by the receiver of webhooks, which may write nothing else of the shelf.

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use connector_domain::{ConnectionId, Timestamp};
use connector_ports::{Mark, ShelfError};

use super::AwsShelf;
use crate::item::{Attributes, BadItem, bad, key, moment, text, timestamp};

const MARKED_AT: &str = "marked_at";

// A connection's id has no '#'.
pub(super) fn marks_pk(connection: &ConnectionId) -> String {
    format!("marks#{connection}")
}

/// Always twenty digits, so that products sort as numbers.
fn mark_key(connection: &ConnectionId, product: u64) -> Attributes {
    key(&marks_pk(connection), &format!("{product:020}"))
}

pub(super) fn mark(item: &Attributes) -> Result<Mark, BadItem> {
    let product = text(item, "sk")?.parse().map_err(|error| bad("sk", error))?;
    let at = timestamp(item, MARKED_AT)?.ok_or_else(|| bad(MARKED_AT, "is missing"))?;
    Ok(Mark { product, at })
}

impl AwsShelf {
    pub(super) async fn put_mark(
        &self,
        connection: &ConnectionId,
        product: u64,
        at: Timestamp,
    ) -> Result<(), ShelfError> {
        let mut item = mark_key(connection, product);
        item.insert(MARKED_AT.to_owned(), moment(at));
        let call = self.clients.dynamodb.put_item().table_name(&self.table.0).set_item(Some(item));
        call.send().await.map_err(|error| self.unavailable("PutItem", &error))?;
        Ok(())
    }

    /// Deletes a mark, if it is still as it was read.
    pub(super) async fn remove_mark(&self, connection: &ConnectionId, mark: &Mark) -> Result<(), ShelfError> {
        let call = self.clients.dynamodb.delete_item().table_name(&self.table.0);
        let call = call
            .set_key(Some(mark_key(connection, mark.product)))
            .condition_expression("marked_at = :at")
            .expression_attribute_values(":at", moment(mark.at));
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(self.unavailable("DeleteItem", &error)),
        }
    }
}
