//! Epicor Kinetic: a company with parts, customers and sales orders behind REST v2.
//!
//! Names, types and lengths are those of `schema/kinetic.json`; every row that is answered carries all of its columns.
//! What the facts leave unsaid is a switch of [`KineticConfig`].

mod answer;
mod auth;
mod body;
mod company;
mod config;
mod customers;
mod dataset;
mod odata;
mod orders;
mod refusal;
mod routes;
mod row;
mod schema;
mod seed;
mod sim;
mod view;

pub use body::TooLong;
pub use config::KineticConfig;
pub use row::{Cell, Row};
pub use seed::{Charge, Customer, KineticSeed, Part};
pub use sim::KineticSim;
pub use view::{ChargeView, LineView, OrderView};
