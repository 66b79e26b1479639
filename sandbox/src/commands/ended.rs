//! The end of a command that runs until somebody ends it.

use std::future::Future;
use std::pin::Pin;

use futures_util::FutureExt as _;

/// Completes at Ctrl-C, which is listened for from now on: whoever reads what is printed next may press it at once.
pub(super) fn by_ctrl_c() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let mut pressed = Box::pin(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            // Without signals there is only the end of the process.
            tracing::warn!(%error, "Ctrl-C cannot be listened for: {error}");
            std::future::pending::<()>().await;
        }
    });
    // The first poll is what begins to listen.
    match pressed.as_mut().now_or_never() {
        Some(()) => Box::pin(std::future::ready(())),
        None => pressed,
    }
}
