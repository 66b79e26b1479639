//! Exact requests and each failure class of every operation, on the wire.

#[cfg(test)]
mod charge;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod door;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod find;
#[cfg(test)]
mod header;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod line;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod polite;
#[cfg(test)]
mod read_back;
#[cfg(test)]
mod save;
#[cfg(test)]
mod support;
