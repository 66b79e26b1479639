#![doc = include_str!("../README.md")]

pub mod breaker;
pub mod catalogue;
pub mod connected;
pub mod customers;
pub mod dead_letters;
pub mod doors;
pub mod hold;
pub mod hooks;
pub mod job;
pub mod jobs;
mod neighbourhood;
pub mod orders;
pub mod personal;
pub mod poll;
pub mod quota;
pub mod receive;
pub mod replay;
pub mod rules;
pub mod tick;
pub mod unblock;
pub mod wake;
