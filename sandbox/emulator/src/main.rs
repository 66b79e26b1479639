//! Runs the emulator until standard input ends or Ctrl-C.

use std::io::{self, Write as _};

use connector_emulator::{Emulator, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map(|port| port.parse()).transpose()?;
    let emulator = Emulator::start(&Settings { port, log: None })?;
    writeln!(io::stdout(), "{}", emulator.url())?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
