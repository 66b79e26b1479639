#![doc = include_str!("../README.md")]

pub mod connection;
pub mod demo;
pub mod load;
mod loopback;
pub mod pipeline;
pub mod up;

pub use pipeline::{Pipeline, PipelineError, Receiver, Worked};
