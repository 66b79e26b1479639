#![doc = include_str!("../README.md")]

mod customers;
mod orders;
pub mod webhook;
mod wire;

pub use customers::Customer;
pub use orders::{
    Address, AppliedDiscount, Coupon, CouponKind, DiscountTarget, Doubt, Fee, FullOrder, LineKind, Order,
    OrderLine, OrderStatus, ProductOption, ShippingAddress, Unreadable,
};
