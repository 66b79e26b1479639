//! The sandbox on the AWS ports.

fn main() {}
