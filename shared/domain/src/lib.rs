#![doc = include_str!("../README.md")]

mod address;
mod clock;
mod deadline;
pub mod exact;
mod ids;
mod money;
mod random;
mod text;

pub use address::{CountryCode, Email};
pub use clock::{BoxFuture, Clock, ManualClock};
pub use deadline::Deadline;
pub use ids::{ConnectionId, CustNum, ExternalRef, IdError, OrderId, OrderNum, ShopperId, Sku};
pub use jiff::Timestamp;
pub use money::{CurrencyCode, Money, Quantity};
pub use random::{Random, SeededRandom};
pub use text::{Cut, Text};
