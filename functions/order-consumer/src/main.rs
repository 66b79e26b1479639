//! Consumes one order of the queue.

fn main() {}
