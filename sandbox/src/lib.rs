#![doc = include_str!("../README.md")]

pub mod connection;
pub mod demo;
mod loopback;
pub mod pipeline;

pub use pipeline::{Pipeline, PipelineError, Receiver, Worked};
