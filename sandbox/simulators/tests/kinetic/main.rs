//! The simulated company over real HTTP with raw JSON: the whole chain, and each thing that it refuses.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod refusals;
