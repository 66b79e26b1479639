//! What can be typed about parts, prices and stock.

use clap::Subcommand;

use super::Which;

#[derive(Debug, Subcommand)]
pub(crate) enum ExplainCommand {
    /// Why the store offers as many of a SKU as it does: rows, formula, what is sold, and what follows
    Stock {
        /// The SKU, spelled as the part in Kinetic
        sku: String,
        #[command(flatten)]
        which: Which,
    },
}
