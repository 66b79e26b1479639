#![doc = include_str!("../README.md")]

mod batch;
mod catalog;
mod client;
mod customers;
mod hooks;
mod ids;
mod inventory;
mod listing;
mod orders;
mod paging;
mod price_lists;
mod refusal;
mod store;
mod vendor;
pub mod webhook;
mod wire;
mod words;

pub use batch::Batch;
pub use catalog::*;
pub use client::{BigCommerce, Settings, SettingsError};
pub use customers::{Customer, Customers};
pub use hooks::{BlockReason, BlockedDomain, Deliveries, Hook, HookHeaders, HookId, Hooks, NewHook};
pub use ids::{ChannelId, CustomerGroupId, LocationId, PriceListId, ProductId, VariantId};
pub use inventory::*;
pub use orders::{
    Address, AppliedDiscount, Coupon, CouponKind, DiscountTarget, Doubt, Fee, FullOrder, LineKind, Order,
    OrderLine, OrderPage, OrderStatus, OrderSummary, Orders, ProductOption, ShippingAddress, Unreadable,
};

pub use price_lists::*;
pub use refusal::{FieldError, Refusal};
pub use store::{Store, StoreInformation};
