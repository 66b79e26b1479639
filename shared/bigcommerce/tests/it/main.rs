//! What the client says on the wire and makes of every answer, and whether the edge agrees with the standard's own library.

#[cfg(test)]
mod catalog;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod information;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod price_lists;
#[cfg(test)]
mod support;
