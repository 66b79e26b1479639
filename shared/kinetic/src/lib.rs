#![doc = include_str!("../README.md")]

mod auth;
mod client;
mod customers;
mod dataset;
mod error;
mod invoke;
pub mod odata;
mod parts;
mod profile;
mod row;
mod sales_orders;
mod settings;
mod taxonomy;
mod vendor;
mod words;

pub use client::Kinetic;
pub use customers::{CustomerFound, Customers, NewCustomer};
pub use error::KineticError;
pub use parts::{PartFound, Parts, PricePer};
pub use profile::{Method, MethodProfiles, Parameter, Preset};
pub use row::{ColumnError, Row};
pub use sales_orders::{
    Anchor, Draft, Found, FoundOrder, NewCharge, NewHeader, NewLine, OneTimeShipTo, OpenOrder, ReadBack,
    ReadCharge, ReadLine, SalesOrders, Saved,
};
pub use settings::{Login, Settings, SettingsError};
