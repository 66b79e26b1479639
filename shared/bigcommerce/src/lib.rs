#![doc = include_str!("../README.md")]

mod client;
mod customers;
mod hooks;
mod orders;
mod paging;
mod store;
mod vendor;
pub mod webhook;
mod wire;
mod words;

pub use client::{BigCommerce, Settings, SettingsError};
pub use customers::{Customer, Customers};
pub use hooks::{BlockReason, BlockedDomain, Deliveries, Hook, HookHeaders, HookId, Hooks, NewHook};
pub use orders::{
    Address, AppliedDiscount, Coupon, CouponKind, DiscountTarget, Doubt, Fee, FullOrder, LineKind, Order,
    OrderLine, OrderPage, OrderStatus, OrderSummary, Orders, ProductOption, ShippingAddress, Unreadable,
};
pub use store::{Store, StoreInformation};
