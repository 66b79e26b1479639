//! Epicor Kinetic: a company with parts, customers and sales orders behind REST v2.
//!
//! Names, types and lengths are those of `schema/kinetic.json`; every row that is answered carries all of its columns.
//! What the facts leave unsaid is a switch of [`KineticConfig`].

mod answer;
mod auth;
mod body;
mod clerk;
mod company;
mod config;
mod customers;
mod dataset;
mod description;
mod logins;
mod odata;
mod orders;
mod refusal;
mod rival;
mod routes;
mod row;
mod schema;
mod seed;
mod sessions;
mod sim;
mod token_api;
mod tokens;
mod view;

pub use body::TooLong;
pub use config::KineticConfig;
pub use description::Described;
pub use logins::{Idp, Logins};
pub use row::{Cell, Row};
pub use seed::{Charge, Customer, KineticSeed, Part};
pub use sim::KineticSim;
pub use view::{ChargeView, LineView, OrderView};
