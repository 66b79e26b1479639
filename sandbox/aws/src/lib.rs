#![doc = include_str!("../README.md")]

pub mod account;
pub mod consumer;
mod inbox;
pub mod kill;
mod ports;
mod short_leases;

pub use account::Account;
pub use ports::Aws;
