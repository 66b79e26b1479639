//! Once a minute: wakes what is due and starts the jobs whose time has come.

fn main() {}
