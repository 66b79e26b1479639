//! What AWS refused, in few words: the operation, on what, and AWS's own code.

use std::fmt::Debug;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// `UpdateItem on ml-connector-prod: ProvisionedThroughputExceededException (…)`. Never the request: it may hold a secret.
pub(crate) fn words<E, R>(operation: &str, on: &str, error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Debug,
    R: Debug,
{
    let said = match error {
        SdkError::TimeoutError(_) => "no answer in time".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "no connection in time".to_owned(),
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(ToString::to_string);
            format!("it could not be reached ({})", cause.unwrap_or_else(|| "no connection".to_owned()))
        }
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("an error without a code");
            match service.err().message() {
                Some(message) => format!("{code}: {message}"),
                None => code.to_owned(),
            }
        }
        SdkError::ResponseError(_) => "the answer could not be read".to_owned(),
        SdkError::ConstructionFailure(_) => "the request could not be built".to_owned(),
        // The SDK's enum may grow.
        other => format!("failed ({})", other.code().unwrap_or("unknown")),
    };
    format!("{operation} on {on}: {said}")
}
