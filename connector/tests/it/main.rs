//! The command line, run as a person runs it: the real binary against an emulator of AWS and simulators of both vendors.

#[cfg(test)]
mod connections;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod events;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod ping;
#[cfg(test)]
mod removal;
#[cfg(test)]
mod rotations;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod vendors;
