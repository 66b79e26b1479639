//! Epicor Kinetic: a company with parts, customers and sales orders behind REST v2.
//!
//! Names, types and lengths are those of `schema/kinetic.json`; every row that is answered carries all of its columns.
//! What the facts leave unsaid is a switch of [`KineticConfig`].

mod answer;
mod auth;
mod body;
mod catalogue;
mod catalogue_seed;
mod clerk;
mod company;
mod config;
mod customer_seed;
mod customers;
mod dataset;
mod description;
mod filling;
mod logins;
mod odata;
mod office;
mod office_sim;
mod orders;
mod query;
mod refusal;
mod rival;
mod routes;
mod row;
mod schema;
mod seed;
mod sessions;
mod sim;
mod tables;
mod token_api;
mod tokens;
mod view;
mod writes;

pub use body::TooLong;
pub use catalogue_seed::{ListPart, PartCode, PriceBreak, PriceList, Stock, Uom, Warehouse};
pub use config::KineticConfig;
pub use customer_seed::Customer;
pub use description::Described;
pub use logins::{Idp, Logins};
pub use office::{Office, Trace, Uncommitted};
pub use query::Query;
pub use row::{Cell, Row};
pub use seed::{Charge, KineticSeed, Part};
pub use sim::KineticSim;
pub use view::{ChargeView, LineView, OrderView};
