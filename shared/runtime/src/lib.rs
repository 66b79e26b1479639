#![doc = include_str!("../README.md")]

pub mod catalogue;
mod compose;
pub mod config;
pub mod consumer;
mod invocation;
mod logs;
pub mod metrics;
pub mod receiver;
pub mod runner;
mod settled;
mod start;
pub mod ticker;
pub mod vars;

pub use invocation::Invocation;
pub use start::{catalog_poller, job_runner, order_consumer, tick, webhook_receiver};
