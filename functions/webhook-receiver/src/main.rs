//! Verifies a webhook and enqueues the order it names.

fn main() {}
