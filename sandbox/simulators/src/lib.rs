#![doc = include_str!("../README.md")]

pub mod bigcommerce;
mod clock;
mod exchange;
mod fault;
pub mod kinetic;
mod redact;
pub mod seed;
mod server;

pub use bigcommerce::{BigCommerceConfig, BigCommerceSim};
pub use clock::{Hands, SimClock};
pub use exchange::{Exchange, Recorder, Traffic};
pub use fault::{Fault, Faults, Rule, Times};
pub use kinetic::{KineticConfig, KineticSim};
pub use seed::Seed;
pub use server::{Handle, NotSaved, Shell, StartError, serve};
