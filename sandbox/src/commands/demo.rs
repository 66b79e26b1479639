//! `cargo sandbox demo`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use connector_http::SystemClock;
use connector_sandbox::demo::LeapClock;
use connector_sandbox::terminal;
use connector_sandbox::terminal::endpoint::Endpoint;
use tokio::process::Command;

use crate::cli::{Common, Demo};

/// The package with the AWS ports. It is a process of its own, built when it is first asked for: whoever does not ask never builds the
/// SDK.
const PACKAGE: &str = "connector-sandbox-aws";

/// Plays the story and tells what came of it.
pub(crate) async fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    let Demo { aws, common: Common { json, record, seed } } = demo;
    match aws {
        None => {
            let clock = LeapClock::on(Arc::new(SystemClock));
            terminal::demo(terminal::Demo { json, record, seed }, clock, None).await
        }
        Some(endpoint) => on_aws(&endpoint, json, record, seed).await,
    }
}

/// The same in the other package's process, with the rest of the arguments.
async fn on_aws(
    endpoint: &Endpoint,
    json: bool,
    record: Option<PathBuf>,
    seed: Option<PathBuf>,
) -> anyhow::Result<ExitCode> {
    anstream::eprintln!("building the AWS ports, which takes some minutes the first time");
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/aws/Cargo.toml");
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", PACKAGE, "--manifest-path", manifest, "--", "demo"]);
    cargo.args(["--aws", endpoint.url().as_str()]);
    if json {
        cargo.arg("--json");
    }
    for (name, file) in [("--record", record), ("--seed", seed)] {
        if let Some(file) = file {
            cargo.arg(name).arg(file);
        }
    }
    // What this cargo was told of this package would have that one build anew what asks for it, and the next run of this one again.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            cargo.env_remove(name);
        }
    }
    let ended = cargo.status().await.with_context(|| {
        format!("cargo could not be started; run it yourself: cargo run --package {PACKAGE} -- demo --aws {endpoint}")
    })?;
    match ended.code().map(u8::try_from) {
        Some(Ok(code)) => Ok(ExitCode::from(code)),
        Some(Err(_)) | None => bail!("the demo on the AWS ports ended before its time ({ended})"),
    }
}
