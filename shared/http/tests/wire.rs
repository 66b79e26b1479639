//! Each failure class as it looks on the wire, and what `Remote` makes of it.

#[path = "wire/answers.rs"]
mod answers;
#[path = "wire/broken.rs"]
mod broken;
#[path = "wire/setup.rs"]
mod setup;
