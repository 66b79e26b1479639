//! One file a command.

pub(crate) mod demo;
mod ended;
pub(crate) mod load;
pub(crate) mod simulate_bigcommerce;
pub(crate) mod simulate_kinetic;
pub(crate) mod up;

use std::io::{ErrorKind, Result, Write as _};

/// Writes to stdout, in colour only on a terminal. A reader that has seen enough is no failure.
fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
