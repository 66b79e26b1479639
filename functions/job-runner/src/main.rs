//! Runs one job of a connection.

use connector_runtime::vars::Vars;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    connector_runtime::job_runner(&Vars::from_env()).await
}
