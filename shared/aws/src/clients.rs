//! The three clients of the AWS SDK, built once.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use url::Url;

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
    /// As the environment says: region, credentials and, for an emulator, `AWS_ENDPOINT_URL`. Nothing is called yet.
    pub async fn from_env() -> Self {
        Self::of(&prepared(aws_config::defaults(BehaviorVersion::latest())).load().await)
    }

    /// For an emulator at `endpoint`, which asks for no credentials.
    pub async fn at(endpoint: &Url, region: &str) -> Self {
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(endpoint.as_str())
            .credentials_provider(Credentials::new("emulator", "emulator", None, None, "emulator"));
        Self::of(&prepared(loader).load().await)
    }

    fn of(config: &SdkConfig) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }
}

fn prepared(loader: ConfigLoader) -> ConfigLoader {
    let times = ConnectTimes::default();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(times.connect)
        .operation_attempt_timeout(times.attempt)
        .operation_timeout(times.operation)
        .build();
    loader
        .http_client(Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
}
