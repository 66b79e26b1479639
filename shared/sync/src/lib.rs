#![doc = include_str!("../README.md")]

pub mod connected;
pub mod customers;
pub mod hold;
pub mod job;
pub mod orders;
pub mod personal;
pub mod receive;
pub mod rules;
pub mod wake;
