//! What the connector itself logs, on stderr.

use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

/// Logs what `RUST_LOG` asks for, and says whether it asks for anything. Without it nothing is logged: what the story
/// provokes on purpose (a refused delivery, a held order) would only hide its table.
pub fn init() -> bool {
    let Ok(filter) = EnvFilter::try_from_default_env() else { return false };
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    to_stderr.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init().is_ok()
}

/// As [`init`]; `also` hears everything, whatever is asked for.
pub fn init_with(also: impl Layer<Registry> + Send + Sync) -> bool {
    let asked = EnvFilter::try_from_default_env().ok();
    let to_stderr = asked.map(|filter| {
        let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(ansi).with_filter(filter)
    });
    let logging = to_stderr.is_some();
    if let Err(error) = tracing_subscriber::registry().with(also).with(to_stderr).try_init() {
        anstream::eprintln!("nothing is logged or counted: {error}");
    }
    logging
}
