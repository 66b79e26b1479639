//! Data to start with, as `--seed FILE` reads it.

use serde::{Deserialize, Serialize};

use crate::bigcommerce::BigCommerceSeed;

/// A seed file: a part for each simulator, either of which may be absent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// The shop.
    pub bigcommerce: BigCommerceSeed,
}
