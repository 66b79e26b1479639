//! Logs as JSON lines on standard output, where Lambda collects them.

use tracing_subscriber::EnvFilter;

use crate::vars::{Reader, Vars, VarsError};

/// What is logged unless `LOG_FILTER` says otherwise.
const FILTER: &str = "info,aws_config=warn,aws_smithy_runtime=warn,lambda_runtime=warn";

/// Begins to log.
///
/// # Errors
/// [`VarsError`] if `LOG_FILTER` is no filter.
pub(crate) fn init(vars: &Vars) -> Result<(), VarsError> {
    let mut reader = Reader::new(vars);
    let filter: Option<EnvFilter> = reader.optional("LOG_FILTER");
    let filter = reader.done(filter)?.unwrap_or_else(|| EnvFilter::new(FILTER));
    let lines = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stdout);
    // A second start in one process keeps the first.
    drop(lines.try_init());
    Ok(())
}
