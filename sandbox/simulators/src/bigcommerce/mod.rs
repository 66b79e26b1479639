//! A BigCommerce store.

/// Placeholder.
#[derive(Debug)]
pub struct BigCommerceConfig;
/// Placeholder.
#[derive(Debug)]
pub struct BigCommerceSim;
