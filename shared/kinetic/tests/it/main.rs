//! Exact requests and each failure class of every operation, on the wire.

#[cfg(test)]
mod bearers;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod charge;
#[cfg(test)]
mod charge_change;
#[cfg(test)]
mod close;
#[cfg(test)]
mod codes;
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
mod header_change;
#[cfg(test)]
mod lending;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod line;
#[cfg(test)]
mod line_change;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod polite;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod read_back;
#[cfg(test)]
mod remove;
#[cfg(test)]
mod save;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod stale;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod support;
