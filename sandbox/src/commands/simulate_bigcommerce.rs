//! `cargo sandbox simulate bigcommerce`.

use std::process::ExitCode;
use std::time::Duration;

use connector_domain::Clock as _;
use connector_http::SystemClock;
use connector_simulators::{BigCommerceConfig, BigCommerceSim, Seed};
use futures_util::future::select;
use serde_json::json;

use super::ended;
use crate::arguments::BadArgument;
use crate::cli::Simulate;
use crate::{arguments, logs};

/// How often due webhooks are delivered.
const DELIVERIES: Duration = Duration::from_millis(200);

/// Runs a store until Ctrl-C.
pub(crate) async fn run(options: Simulate) -> anyhow::Result<ExitCode> {
    logs::init();
    let seed = arguments::seed(options.common.seed.as_deref())?.unwrap_or_else(Seed::built_in);
    let recorder = arguments::recorder(options.common.record.as_deref())?;
    let config = BigCommerceConfig { port: options.port, ..BigCommerceConfig::new().recorder(recorder) };
    let store = BigCommerceSim::start(config)
        .await
        .map_err(|source| BadArgument::Port { port: options.port, source })?;
    let orders = store.load(seed.bigcommerce);
    let told = if options.common.json { for_machines(&store, &orders) } else { for_people(&store, &orders) };
    let ended = ended::by_ctrl_c();
    super::print(&told)?;
    let deliveries = async {
        loop {
            store.drain_hooks().await;
            SystemClock.sleep(DELIVERIES).await;
        }
    };
    select(std::pin::pin!(deliveries), ended).await;
    anstream::eprintln!("the store is closed");
    Ok(ExitCode::SUCCESS)
}

fn api(store: &BigCommerceSim) -> String {
    format!("{}stores/{}", store.base_url(), store.config().store_hash)
}

fn for_machines(store: &BigCommerceSim, orders: &[u64]) -> String {
    let config = store.config();
    let told = json!({
        "vendor": "bigcommerce",
        "base_url": store.base_url(),
        "api_url": api(store),
        "store_hash": config.store_hash,
        "access_token": config.access_token,
        "client_id": config.client_id,
        "client_secret": config.client_secret,
        "orders": orders,
    });
    format!("{told}\n")
}

fn for_people(store: &BigCommerceSim, orders: &[u64]) -> String {
    let config = store.config();
    let (token, secret, header) = (&config.access_token, &config.client_secret, &config.signature_header);
    let (api, base) = (api(store), store.base_url());
    let first = orders.first().copied().unwrap_or(config.first_order_id);
    let numbers: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let numbers = if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") };
    let (quota, window) = (config.quota, config.window.as_secs());
    format!(
        "\
BigCommerce store on loopback; Ctrl-C closes it.

  base URL       {base}
  store hash     {hash}
  X-Auth-Token   {token}
  client id      {client}
  client secret  {secret}   (signs webhooks: {header} and Standard Webhooks)
  orders         {numbers}
  quota          {quota} requests in {window} s

Read an order:

  curl -s -H 'X-Auth-Token: {token}' -H 'Accept: application/json' \\
    {api}/v2/orders/{first}

Listen for webhooks in another terminal:

  python3 -c 'import http.server as s; H = s.BaseHTTPRequestHandler; H.do_POST = lambda r: (print(r.headers, r.rfile.read(int(r.headers[\"content-length\"])).decode()), r.send_response(200), r.end_headers()); s.HTTPServer((\"127.0.0.1\", 9000), H).serve_forever()'

Register a webhook; any http://127.0.0.1 or https://…:443 address may be told:

  curl -s -X POST -H 'X-Auth-Token: {token}' -H 'Content-Type: application/json' \\
    -d '{{\"scope\":\"store/order/*\",\"destination\":\"http://127.0.0.1:9000/webhooks/main-store\"}}' \\
    {api}/v3/hooks

Change an order (here: to Awaiting Shipment), which sends two webhooks, updated and statusUpdated; placing one over the API is not simulated:

  curl -s -X PUT -H 'X-Auth-Token: {token}' -H 'Content-Type: application/json' \\
    -d '{{\"status_id\":9}}' {api}/v2/orders/{first}
",
        hash = config.store_hash,
        client = config.client_id,
    )
}
