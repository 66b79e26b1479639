#![doc = include_str!("../README.md")]

mod client;
mod customers;
mod orders;
mod paging;
mod vendor;
pub mod webhook;
mod wire;
mod words;

pub use client::{BigCommerce, Settings, SettingsError};
pub use customers::{Customer, Customers};
pub use orders::{
    Address, AppliedDiscount, Coupon, CouponKind, DiscountTarget, Doubt, Fee, FullOrder, LineKind, Order,
    OrderLine, OrderStatus, Orders, ProductOption, ShippingAddress, Unreadable,
};
