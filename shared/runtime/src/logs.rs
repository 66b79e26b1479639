//! Logs as JSON lines on standard output, where Lambda collects them.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

use crate::vars::{Reader, Vars, VarsError};

/// Begins to log.
///
/// # Errors
/// [`VarsError`] if `LOG_FILTER` is no filter.
pub(crate) fn init(vars: &Vars) -> Result<(), VarsError> {
    let mut reader = Reader::new(vars);
    let asked: Option<Targets> = reader.optional("LOG_FILTER");
    let filter = reader.done(asked)?.unwrap_or_else(usual);
    let lines = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(std::io::stdout);
    // A second start in one process keeps the first.
    drop(registry().with(lines).with(filter).try_init());
    Ok(())
}

/// What is logged unless `LOG_FILTER` says otherwise: what happened to orders, and of libraries only what they warn of.
fn usual() -> Targets {
    let libraries = ["aws_config", "aws_smithy_runtime", "lambda_runtime"];
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_targets(libraries.map(|library| (library, LevelFilter::WARN)))
}
