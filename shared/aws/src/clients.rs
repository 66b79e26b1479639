//! The three clients of the AWS SDK, built once.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use connector_http::TransportError;
use url::Url;

use crate::wire::http_client;

/// How long a call of ours to AWS may take. Short, beside the minutes that an invocation has: what hangs is tried again, three times in
/// all, and then the message comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectTimes {
    /// To connect. Two seconds.
    pub connect: Duration,
    /// For one attempt. Five seconds.
    pub attempt: Duration,
    /// For all attempts together. Fifteen seconds.
    pub operation: Duration,
}

impl Default for ConnectTimes {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            attempt: Duration::from_secs(5),
            operation: Duration::from_secs(15),
        }
    }
}

/// Clients of DynamoDB, SQS and Secrets Manager. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) secrets: aws_sdk_secretsmanager::Client,
}

impl Clients {
    /// As a person's environment says: region, credentials of any kind and, for an emulator, `AWS_ENDPOINT_URL`.
    ///
    /// # Errors
    /// When the HTTP client cannot be built: a build fault.
    pub async fn from_env() -> Result<Self, TransportError> {
        let loader = aws_config::defaults(BehaviorVersion::latest());
        let loader = loader.http_client(http_client(ConnectTimes::default())?);
        Ok(Self::of(&loader.timeout_config(timeouts()).retry_config(retries()).load().await))
    }

    /// For a function: with the credentials of its role, which Lambda keeps in its environment, and no other way to get any. That leaves
    /// all other ways out of its binary.
    ///
    /// # Errors
    /// When the HTTP client cannot be built: a build fault.
    pub fn in_lambda(region: &str, endpoint: Option<&Url>) -> Result<Self, TransportError> {
        let credentials = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
        Ok(Self::of(&prepared(region, endpoint, credentials)?))
    }

    /// For an emulator at `endpoint`, which asks for no credentials.
    ///
    /// # Errors
    /// When the HTTP client cannot be built: a build fault.
    pub fn at(endpoint: &Url, region: &str) -> Result<Self, TransportError> {
        let credentials = Credentials::new("emulator", "emulator", None, None, "emulator");
        Ok(Self::of(&prepared(region, Some(endpoint), SharedCredentialsProvider::new(credentials))?))
    }

    fn of(config: &SdkConfig) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }
}

fn prepared(
    region: &str,
    endpoint: Option<&Url>,
    credentials: SharedCredentialsProvider,
) -> Result<SdkConfig, TransportError> {
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(credentials)
        .http_client(http_client(ConnectTimes::default())?)
        .timeout_config(timeouts())
        .retry_config(retries());
    Ok(match endpoint {
        Some(endpoint) => config.endpoint_url(endpoint.as_str()).build(),
        None => config.build(),
    })
}

fn timeouts() -> TimeoutConfig {
    let times = ConnectTimes::default();
    TimeoutConfig::builder()
        .connect_timeout(times.connect)
        .operation_attempt_timeout(times.attempt)
        .operation_timeout(times.operation)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3)
}
