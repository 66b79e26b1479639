//! What the client says on the wire, and what it makes of every answer.

mod customers;
mod failures;
mod orders;
mod support;
