//! Verifies a webhook and enqueues the order it names.

use connector_runtime::vars::Vars;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    connector_runtime::webhook_receiver(&Vars::from_env()).await
}
