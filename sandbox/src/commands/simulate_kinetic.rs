//! `cargo sandbox simulate kinetic`.

use std::process::ExitCode;

use connector_simulators::{KineticConfig, KineticSim, Seed};
use serde_json::json;

use super::ended;
use crate::arguments::BadArgument;
use crate::cli::Simulate;
use crate::{arguments, logs};

/// Runs a company until Ctrl-C.
pub(crate) async fn run(options: Simulate) -> anyhow::Result<ExitCode> {
    logs::init();
    let seed = arguments::seed(options.common.seed.as_deref())?.unwrap_or_else(Seed::built_in);
    let recorder = arguments::recorder(options.common.record.as_deref())?;
    let config = KineticConfig { port: options.port, seed: seed.kinetic, recorder, ..KineticConfig::new() };
    let company =
        KineticSim::start(config).await.map_err(|source| BadArgument::Port { port: options.port, source })?;
    let ended = ended::by_ctrl_c();
    super::print(&if options.common.json { for_machines(&company) } else { for_people(&company) })?;
    ended.await;
    anstream::eprintln!("the company is closed");
    Ok(ExitCode::SUCCESS)
}

fn for_machines(company: &KineticSim) -> String {
    let config = company.config();
    let told = json!({
        "vendor": "kinetic",
        "base_url": company.base_url(),
        "company": config.company,
        "api_key": config.api_key,
        "username": config.username,
        "password": config.password,
    });
    format!("{told}\n")
}

fn for_people(company: &KineticSim) -> String {
    let config = company.config();
    let (user, password, key) = (&config.username, &config.password, &config.api_key);
    let (base, name) = (company.base_url(), &config.company);
    let (parts, customers) = (config.seed.parts.len(), config.seed.customers.len());
    let plants: Vec<&str> = config.plants.iter().map(|(plant, _)| plant.as_str()).collect();
    format!(
        "\
Epicor Kinetic company on loopback; Ctrl-C closes it.

  base URL   {base}
  company    {name}   (sites {plants})
  x-api-key  {key}
  user       {user}
  password   {password}
  holds      {parts} parts, {customers} customers, no orders

Read parts:

  curl -s -u '{user}:{password}' -H 'x-api-key: {key}' \\
    '{base}/api/v2/odata/{name}/Erp.BO.PartSvc/Parts?$select=PartNum,PartDescription,UnitPrice&$top=5'

Begin a sales order as the screen does (nothing is saved yet):

  curl -s -u '{user}:{password}' -H 'x-api-key: {key}' -H 'Content-Type: application/json' \\
    -d '{{\"ds\":{{}}}}' {base}/api/v2/odata/{name}/Erp.BO.SalesOrderSvc/GetNewOrderHed
",
        plants = plants.join(", "),
    )
}
