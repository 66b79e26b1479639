//! Orders of the store, v2.

mod address;
mod endpoint;
mod extras;
mod full;
mod line;
mod listed;
mod order;
mod status;

pub use address::{Address, ShippingAddress};
pub use endpoint::Orders;
pub use extras::{Coupon, CouponKind, Fee};
pub use full::{Doubt, FullOrder, Unreadable};
pub use line::{AppliedDiscount, DiscountTarget, LineKind, OrderLine, ProductOption};
pub use listed::{OrderPage, OrderSummary};
pub use order::Order;
pub use status::OrderStatus;
