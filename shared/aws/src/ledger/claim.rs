//! Claiming an order, and marking one that somebody else has.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use connector_domain::Timestamp;
use connector_ports::{Claim, ClaimOutcome, LedgerError, LedgerRow, OrderKey, OrderState, StateName};

use super::AwsLedger;
use super::entry::{Entry, in_state, item_key, shard};
use crate::failure;
use crate::item::{Attributes, document, moment, n, s};

/// Takes the lease if the row is free or its lease has lapsed, and makes the row if there is none. Of what a state is made of it touches
/// nothing.
const CLAIM: &str = "SET lease_until = :until, due_at = :until, due_shard = :shard, \
    #state = if_not_exists(#state, :new), in_state = if_not_exists(in_state, :in_new), \
    first_seen = if_not_exists(first_seen, :now), changed_at = if_not_exists(changed_at, :now) \
    REMOVE again ADD fence :one, version :one";
const CLAIMABLE: &str = "attribute_not_exists(lease_until) OR lease_until <= :now";

/// Marks a row that is still under the claim that was in the way.
const MARK: &str = "SET again = :true ADD version :one";
const STILL_THEIRS: &str = "fence = :fence AND lease_until > :now";

/// What a try to claim came to.
enum Tried {
    /// The item as it was before; `None` if there was none.
    Taken(Option<Attributes>),
    /// The item that is in the way.
    Busy(Attributes),
    /// Nothing: the item is being written at this moment.
    Conflict,
}

impl AwsLedger {
    /// Claims until `until`, or marks the row of whoever has it.
    ///
    /// DynamoDB cannot do one of two things in one write. Marking is therefore a second write, which only counts while the same claim is
    /// still there; if its holder has finished meanwhile, the claim is tried again. So a mark is never lost, and never too late.
    pub(super) async fn claim_or_mark(
        &self,
        order: &OrderKey,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<ClaimOutcome, LedgerError> {
        for _ in 0..super::ROUNDS {
            match self.take(order, now, until).await? {
                Tried::Taken(before) => return self.granted(order, before, now),
                Tried::Busy(item) => {
                    let held = self.entry(&item)?;
                    if let Some(busy_until) = held.row.lease_until
                        && self.mark(order, held.fence, now).await?
                    {
                        return Ok(ClaimOutcome::Busy(busy_until));
                    }
                }
                Tried::Conflict => {}
            }
        }
        Err(self.contended(order))
    }

    fn granted(
        &self,
        order: &OrderKey,
        before: Option<Attributes>,
        now: Timestamp,
    ) -> Result<ClaimOutcome, LedgerError> {
        let (row, fence) = match before {
            Some(item) => {
                let Entry { row, fence, .. } = self.entry(&item)?;
                (row, fence)
            }
            None => (LedgerRow::new(order.clone(), now), 0),
        };
        Ok(ClaimOutcome::Granted(Claim::granted(order.clone(), fence.saturating_add(1)), row))
    }

    async fn take(&self, order: &OrderKey, now: Timestamp, until: Timestamp) -> Result<Tried, LedgerError> {
        let new = document(&OrderState::New).map_err(|error| self.unreadable(&error))?;
        let sent = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.table.0)
            .set_key(Some(item_key(order)))
            .condition_expression(CLAIMABLE)
            .update_expression(CLAIM)
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":until", moment(until))
            .expression_attribute_values(":now", moment(now))
            .expression_attribute_values(":shard", s(shard(order.order)))
            .expression_attribute_values(":new", new)
            .expression_attribute_values(":in_new", s(in_state(&order.connection, StateName::New)))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(done) => Ok(Tried::Taken(done.attributes)),
            Err(error) if in_conflict(&error) => Ok(Tried::Conflict),
            Err(error) => match refused(&error) {
                Some(item) => Ok(Tried::Busy(item)),
                None => Err(self.unavailable("UpdateItem", &error)),
            },
        }
    }

    /// Whether the mark was written.
    async fn mark(&self, order: &OrderKey, fence: u64, now: Timestamp) -> Result<bool, LedgerError> {
        let sent = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.table.0)
            .set_key(Some(item_key(order)))
            .condition_expression(STILL_THEIRS)
            .update_expression(MARK)
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":fence", n(fence))
            .expression_attribute_values(":now", moment(now))
            .expression_attribute_values(":one", n(1))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if in_conflict(&error) || refused(&error).is_some() => Ok(false),
            Err(error) => Err(self.unavailable("UpdateItem", &error)),
        }
    }

    pub(super) fn unavailable<E, R>(&self, operation: &str, error: &SdkError<E, R>) -> LedgerError
    where
        E: aws_sdk_dynamodb::error::ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        LedgerError::Unavailable(failure::words(operation, &self.table.0, error))
    }
}

/// Whether a transaction is at the item, as every write of a claim's holder is; it is over in a moment.
fn in_conflict<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    matches!(error.as_service_error(), Some(UpdateItemError::TransactionConflictException(_)))
}

/// The item that the condition met, if it was the condition that failed.
fn refused<R>(error: &SdkError<UpdateItemError, R>) -> Option<Attributes> {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            Some(failed.item.clone().unwrap_or_default())
        }
        Some(_) | None => None,
    }
}
