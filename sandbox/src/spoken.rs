//! A process of our own that is spoken to in lines: what it is told goes to its input, what it says comes from its output.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The running process. Dropping it kills it; if this process dies, its input ends, and it should end by itself.
#[derive(Debug)]
pub(crate) struct Spoken {
    process: Child,
    input: Option<ChildStdin>,
    said: Lines<BufReader<ChildStdout>>,
}

impl Spoken {
    /// Starts `program` with a subcommand, and tells it the first line.
    pub(crate) async fn start(program: &Path, subcommand: &str, first: &str) -> io::Result<Self> {
        let mut process = Command::new(program)
            .arg(subcommand)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("it has no pipes"))?;
        let mut spoken = Self { process, input: Some(input), said: BufReader::new(output).lines() };
        spoken.say(first).await?;
        Ok(spoken)
    }

    /// Tells it a line; nothing once its input has ended.
    pub(crate) async fn say(&mut self, line: &str) -> io::Result<()> {
        let Some(input) = &mut self.input else { return Ok(()) };
        input.write_all(format!("{line}\n").as_bytes()).await?;
        input.flush().await
    }

    /// The next line it says; how it ended, if it says no more. Nothing is lost if this is not awaited to its end.
    pub(crate) async fn hear(&mut self) -> io::Result<Result<String, ExitStatus>> {
        match self.said.next_line().await? {
            Some(line) => Ok(Ok(line)),
            None => self.process.wait().await.map(Err),
        }
    }

    /// Ends its input.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    /// Waits until it has ended.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.process.wait().await
    }
}
