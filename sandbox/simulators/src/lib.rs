#![doc = include_str!("../README.md")]

pub mod bigcommerce;
mod clock;
mod dice;
mod exchange;
mod fault;
mod faults;
pub mod kinetic;
mod late;
mod pause;
mod recorder;
mod redact;
pub mod seed;
mod server;
mod traffic;

pub use bigcommerce::{BigCommerceConfig, BigCommerceSim};
pub use clock::{Hands, SimClock};
pub use exchange::Exchange;
pub use fault::{Fault, Rule, Times};
pub use faults::Faults;
pub use kinetic::{KineticConfig, KineticSim};
pub use pause::Pause;
pub use recorder::Recorder;
pub use seed::Seed;
pub use server::{Handle, NotSaved, Shell, StartError, serve};
pub use traffic::Traffic;
