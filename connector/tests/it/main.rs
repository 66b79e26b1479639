//! The command line, run as a person runs it: the real binary against an emulator of AWS and simulators of both vendors.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on may panic")]

mod connections;
mod events;
mod hooks;
mod orders;
mod ping;
mod run;
mod sandbox;
mod vendors;
