#![doc = include_str!("../README.md")]

pub mod connection;
pub mod demo;
pub mod load;
mod loopback;
pub mod parts_load;
pub mod pipeline;
pub mod shares;
pub mod soak;
mod spoken;
pub mod terminal;
pub mod up;

pub use pipeline::{Inbox, InboxError, Memory, Pipeline, PipelineError, Ports, Receiver, Worked};
