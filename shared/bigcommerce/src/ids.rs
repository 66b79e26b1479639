//! Numbers that the store gave, as types.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number!(
    /// A product.
    ProductId
);
number!(
    /// A variant; a product without options has one of its own, the base variant.
    VariantId
);
number!(
    /// A place where stock is.
    LocationId
);
number!(
    /// A sales channel; 1 is the default storefront.
    ChannelId
);
number!(
    /// A price list.
    PriceListId
);
number!(
    /// A group of shoppers.
    CustomerGroupId
);

/// Numbers as a filter takes them.
pub(crate) fn list(ids: impl IntoIterator<Item = impl fmt::Display>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}
