//! The simulated company over real HTTP with raw JSON: the whole chain, and each thing that it refuses.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod clerk;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod editing;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod late;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod revisions;
#[cfg(test)]
mod rival;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shipping;
#[cfg(test)]
mod size;
#[cfg(test)]
mod stock;
