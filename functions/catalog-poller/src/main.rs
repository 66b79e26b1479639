//! Runs one job of a connection's catalogue.

use connector_runtime::vars::Vars;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    connector_runtime::catalog_poller(&Vars::from_env()).await
}
