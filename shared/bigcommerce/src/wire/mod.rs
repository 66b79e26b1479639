//! How BigCommerce writes values, and how to read them without a float and without surprise.

pub(crate) mod canonical;
pub(crate) mod date;
pub(crate) mod lenient;
pub(crate) mod money;
pub(crate) mod read;
