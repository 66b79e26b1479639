//! Once a minute: wakes what is due and starts the jobs whose time has come.

use connector_runtime::vars::Vars;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    connector_runtime::tick(&Vars::from_env()).await
}
