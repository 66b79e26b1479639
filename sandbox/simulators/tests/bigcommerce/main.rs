//! The simulated store over real HTTP: every rule that a client could trip on.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod blocking;
#[cfg(test)]
mod catalog_by_hand;
#[cfg(test)]
mod catalog_doors;
#[cfg(test)]
mod channel_assignments;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod exceptions;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod idle;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod inventory_lists;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod loss;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod parallel;
#[cfg(test)]
mod price_list_assignments;
#[cfg(test)]
mod price_lists;
#[cfg(test)]
mod price_records;
#[cfg(test)]
mod product_batches;
#[cfg(test)]
mod product_lists;
#[cfg(test)]
mod products;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod stock_and_orders;
#[cfg(test)]
mod stock_lag;
#[cfg(test)]
mod variants;
#[cfg(test)]
mod weather;
#[cfg(test)]
mod writes;
