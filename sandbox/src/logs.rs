//! What the connector itself logs, on stderr.

use tracing_subscriber::EnvFilter;

/// Logs what `RUST_LOG` asks for, and says whether it asks for anything. Without it nothing is logged: what the story
/// provokes on purpose (a refused delivery, a held order) would only hide its table.
pub(crate) fn init() -> bool {
    let Ok(filter) = EnvFilter::try_from_default_env() else { return false };
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    to_stderr.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init().is_ok()
}
