#![doc = include_str!("../README.md")]

mod account;
mod deployment;
mod event;
mod function;

pub use account::Account;
pub use connector_sandbox::connection::RULES;
pub use deployment::{Deployment, STORE};
pub use event::{event, events, queued};
pub use function::Function;
