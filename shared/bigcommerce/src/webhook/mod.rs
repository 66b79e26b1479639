//! The webhook edge: bytes from anywhere become an event of one store, or are refused.
//!
//! Three steps, each of which needs the one before: [`RawDelivery`] → [`Verifier::verify`] → [`VerifiedDelivery`] →
//! [`WebhookEvent::parse`]. Nothing here keeps or prints a body.

mod bc_signature;
mod changed;
mod event;
mod exception;
mod headers;
mod keys;
mod made;
mod policy;
mod scope;
mod standard;
#[cfg(test)]
mod testing;
mod verify;

pub use changed::{PRODUCT_STOCK_UPDATED, PRODUCT_UPDATED, ProductChanged, SKU_STOCK_UPDATED};
pub use event::{ParseError, WebhookEvent};
pub use exception::{DeliveryException, Failing};
pub use made::{Draft, MadeDelivery, SignedBy};
pub use policy::{MethodName, Need, VerifierError, VerifyPolicy};
pub use verify::{Fault, MAX_BODY, RawDelivery, VerifiedDelivery, Verifier, VerifyError};
