//! The parent's end of a consumer.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::consumer::{Assignment, Told};

/// A running consumer. Dropping it kills it; if this process dies, its input ends and it ends by itself.
#[derive(Debug)]
pub(super) struct Consumer {
    child: Child,
    _input: ChildStdin,
    told: UnboundedReceiver<Told>,
}

impl Consumer {
    pub(super) async fn start(program: &Path, assignment: &Assignment) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("work")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (mut input, output) = pipes.context("a consumer has no pipes")?;
        input.write_all(format!("{}\n", serde_json::to_string(assignment)?).as_bytes()).await?;
        input.flush().await?;
        let (tell, told) = unbounded_channel();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                // The line at which it was killed may be torn.
                let Ok(line) = serde_json::from_str(&line) else { continue };
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, _input: input, told })
    }

    /// What it has told and was not heard yet.
    ///
    /// # Errors
    /// It ended by itself.
    pub(super) fn heard(&mut self) -> Result<Vec<Told>> {
        if let Some(status) = self.child.try_wait()? {
            anyhow::bail!("a consumer ended by itself ({status}); RUST_LOG=warn shows what it says");
        }
        let mut heard = Vec::new();
        while let Ok(told) = self.told.try_recv() {
            heard.push(told);
        }
        Ok(heard)
    }

    /// Kills it with `SIGKILL`, and returns what it had told until then.
    pub(super) async fn kill(mut self) -> Result<Vec<Told>> {
        self.child.start_kill()?;
        self.child.wait().await?;
        let mut heard = Vec::new();
        while let Some(told) = self.told.recv().await {
            heard.push(told);
        }
        Ok(heard)
    }
}
