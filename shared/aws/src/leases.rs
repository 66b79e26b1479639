//! Leases in DynamoDB: one item a name, which stays when the lease is over, so that the fence goes on growing.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use connector_domain::{Clock, Deadline, Timestamp};
use connector_ports::{Lease, Leases, LeasesError};

use crate::clients::Clients;
use crate::failure;
use crate::item::{key, moment, n, number};
use crate::table::TableName;

const FREE: &str = "attribute_not_exists(lease_until) OR lease_until <= :now";
const OURS: &str = "fence = :fence AND lease_until > :now";

/// [`Leases`] in DynamoDB. They lapse on the clock it was given.
#[derive(Debug, Clone)]
pub struct AwsLeases {
    clients: Clients,
    table: TableName,
    clock: Arc<dyn Clock>,
}

impl AwsLeases {
    /// The leases in `table`.
    pub fn new(clients: &Clients, table: TableName, clock: Arc<dyn Clock>) -> Self {
        Self { clients: clients.clone(), table, clock }
    }

    fn update(&self, name: &str, condition: &str, expression: &str) -> UpdateItemFluentBuilder {
        self.clients
            .dynamodb
            .update_item()
            .table_name(&self.table.0)
            .set_key(Some(key(&format!("lease#{name}"), "-")))
            .condition_expression(condition)
            .update_expression(expression)
            .expression_attribute_values(":now", moment(self.clock.now()))
    }

    fn end(&self, ttl: Duration) -> Timestamp {
        Deadline::after(self.clock.as_ref(), ttl).moment()
    }

    fn unavailable<E, R>(&self, error: &SdkError<E, R>) -> LeasesError
    where
        E: ProvideErrorMetadata + fmt::Debug,
        R: fmt::Debug,
    {
        LeasesError::Unavailable(failure::words("UpdateItem", &self.table.0, error))
    }
}

#[async_trait]
impl Leases for AwsLeases {
    async fn acquire(&self, name: &str, ttl: Duration) -> Result<Option<Lease>, LeasesError> {
        let until = self.end(ttl);
        let sent = self
            .update(name, FREE, "SET lease_until = :until ADD fence :one")
            .expression_attribute_values(":until", moment(until))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match sent {
            Ok(done) => {
                let fence = number(&done.attributes.unwrap_or_default(), "fence");
                let fence = fence.map_err(|error| LeasesError::Unavailable(error.to_string()))?;
                Ok(Some(Lease::granted(name.to_owned(), fence.unwrap_or_default(), until)))
            }
            Err(error) if refused(&error) => Ok(None),
            Err(error) => Err(self.unavailable(&error)),
        }
    }

    async fn renew(&self, lease: &mut Lease, ttl: Duration) -> Result<(), LeasesError> {
        let until = self.end(ttl);
        let sent = self
            .update(lease.key(), OURS, "SET lease_until = :until")
            .expression_attribute_values(":until", moment(until))
            .expression_attribute_values(":fence", n(lease.fence()))
            .send()
            .await;
        match sent {
            Ok(_) => {
                lease.extend(until);
                Ok(())
            }
            Err(error) if refused(&error) => Err(LeasesError::Lost(lease.key().to_owned())),
            Err(error) => Err(self.unavailable(&error)),
        }
    }

    async fn release(&self, lease: Lease) -> Result<(), LeasesError> {
        let update = self.update(lease.key(), OURS, "REMOVE lease_until");
        match update.expression_attribute_values(":fence", n(lease.fence())).send().await {
            Ok(_) => Ok(()),
            Err(error) if refused(&error) => Err(LeasesError::Lost(lease.key().to_owned())),
            Err(error) => Err(self.unavailable(&error)),
        }
    }
}

fn refused<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}
