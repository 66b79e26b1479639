//! Runs the emulator until standard input ends or Ctrl-C; with `--python` prints the Python beside it instead.

use std::io::{self, Write as _};

use connector_emulator::{Emulator, Settings, python};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some("--python") {
        writeln!(io::stdout(), "{}", python()?.display())?;
        return Ok(());
    }
    let port = argument.map(|port| port.parse()).transpose()?;
    let emulator = Emulator::start(&Settings { port, log: None })?;
    writeln!(io::stdout(), "{}", emulator.url())?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
