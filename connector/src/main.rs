//! The command line of the deployment: connections, ping, hooks, orders, events.

fn main() {}
