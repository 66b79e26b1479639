//! Each failure class as it looks on the wire, and what `Remote` makes of it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on may panic")]

#[path = "wire/answers.rs"]
mod answers;
#[path = "wire/broken.rs"]
mod broken;
#[path = "wire/loans.rs"]
mod loans;
#[path = "wire/setup.rs"]
mod setup;
#[path = "wire/tls.rs"]
mod tls;
