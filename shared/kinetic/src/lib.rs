#![doc = include_str!("../README.md")]

mod auth;
mod baq;
mod client;
mod codes;
mod customers;
mod dataset;
mod description;
mod error;
mod invoke;
pub mod odata;
mod parts;
mod prices;
mod profile;
mod row;
mod sales_orders;
mod settings;
mod stock;
mod taxonomy;
mod vendor;
mod words;

pub use auth::Login;
pub use baq::{Baq, BaqBreakRow, BaqId, BaqIdError, BaqStockRow};
pub use client::Kinetic;
pub use codes::{CodeTable, Codes};
pub use customers::{CustomerDraft, CustomerFound, Customers, LookAlike, NewCustomer};
pub use description::{Description, ServiceDescription};
pub use error::KineticError;
pub use odata::changes::{Changed, Changes, KeyRow, Since};
pub use odata::root::{RootSet, SysRevId};
pub use odata::{RawFilter, RawFilterError};
pub use parts::more::{BarCode, UnitRow};
pub use parts::rows::{PartPlantRow, PartRow};
pub use parts::{PartFound, Parts, PricePer};
pub use prices::{ListPartRow, PriceBreak, PriceListRow};
pub use profile::{Method, MethodProfiles, Parameter, Preset};
pub use row::{ColumnError, Row};
pub use sales_orders::{
    Anchor, Bearer, Closed, Draft, Found, FoundOrder, HeaderChange, LineTarget, NewCharge, NewHeader,
    NewLine, OneTimeShipTo, OpenOrder, OpenRows, ReadBack, ReadCharge, ReadHeader, ReadLine, ReadShipTo,
    SalesOrders, Saved, StoredCharge, StoredLine,
};
pub use settings::{Settings, SettingsError};
pub use stock::{Stock, StockKey, StockRow};
