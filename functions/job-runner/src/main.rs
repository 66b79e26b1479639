//! Runs one job of a connection.

fn main() {}
