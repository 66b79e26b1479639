//! The end of a command that runs until somebody ends it.

/// Completes at Ctrl-C.
pub(super) async fn by_ctrl_c() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        // Without signals there is only the end of the process.
        tracing::warn!(%error, "Ctrl-C cannot be listened for: {error}");
        std::future::pending::<()>().await;
    }
}
