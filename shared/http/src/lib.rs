#![doc = include_str!("../README.md")]

mod answer;
mod call;
mod class;
mod clock;
mod error;
mod pacer;
mod pages;
pub mod policy;
mod random;
mod remote;
mod surroundings;
mod transport;
mod vendor;

pub use answer::{Answer, absent};
pub use call::{Call, Safety};
pub use class::Class;
pub use clock::SystemClock;
pub use error::CallError;
pub use pacer::{Pacer, RateHeaders};
pub use pages::{Page, pages};
pub use policy::Policy;
pub use random::SystemRandom;
pub use remote::Remote;
pub use surroundings::Surroundings;
pub use transport::{Incoming, Lost, Outgoing, Transport, TransportError, TransportSettings};
pub use vendor::{AuthorizeError, Judgement, Lent, Stamp, Vendor};
