//! A `BigCommerce` store: orders, customers, catalogue, stock, price lists, hooks and webhooks, on the wire as
//! `docs/facts/bigcommerce.md` tells.
//!
//! Only what the connector needs is here. A documented feature that is missing answers 501 and says so;
//! what the vendor refuses is refused in its own words and shapes.

mod accounts;
mod address;
mod amount;
mod answer;
mod back_office;
mod blocklist;
mod bulk;
mod catalog;
mod config;
mod customer;
mod customers_api;
mod dates;
mod deliver;
mod events;
mod exceptions;
mod guard;
mod habits;
mod hooks;
mod hooks_admin_api;
mod hooks_api;
mod hooks_by_hand;
mod inventory;
mod limiter;
mod line;
mod loss;
mod new_order;
mod orders_api;
mod outbox;
mod price_lists;
mod pump;
mod put_order;
mod query;
mod routes;
pub mod seed;
mod signing;
mod sim;
mod status;
mod store;
mod store_api;
mod totals;
mod wire;

pub use address::Address;
pub use amount::dec;
pub use back_office::BackOffice;
pub use bulk::{Bulk, Busy};
pub use catalog::{OptionValue, Product, Tracking, Variant};
pub use config::{BigCommerceConfig, FeesShape, SignatureEncoding};
pub use customer::Customer;
pub use deliver::{Delivery, DeliveryMode};
pub use events::OrderEvent;
pub use habits::{Habits, Identity, LevelCounts, StockTaken};
pub use limiter::Spending;
pub use line::{Kind, NewLine};
pub use new_order::{Coupon, CouponKind, Fee, NewOrder};
pub use outbox::Sent;
pub use price_lists::{PriceRecord, Tier, TierKind};
pub use seed::BigCommerceSeed;
pub use sim::BigCommerceSim;
pub use status::status_name;
pub use totals::{Taxed, Totals};
