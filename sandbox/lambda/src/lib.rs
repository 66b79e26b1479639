#![doc = include_str!("../README.md")]

mod account;
mod function;

pub use account::Account;
pub use function::{Function, event, events};
