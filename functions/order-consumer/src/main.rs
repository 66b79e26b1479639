//! Consumes one order of the queue.

use connector_runtime::vars::Vars;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    connector_runtime::order_consumer(&Vars::from_env()).await
}
