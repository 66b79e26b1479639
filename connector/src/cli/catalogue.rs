//! What can be typed about parts, prices and stock.

use clap::{Args, Subcommand};

use super::Which;

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Read all parts and all stock, and say what would be written to the store; nothing is
    Plan(CatalogPlan),
    /// Read everything anew and publish what differs, as at first: after Kinetic's database was replaced. Without --yes it is only told what that means
    Restart {
        #[command(flatten)]
        which: Which,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
    /// List the SKUs that something is wrong with, and what to do
    Issues {
        /// So many SKUs at most
        #[arg(long, value_name = "NUMBER", default_value_t = 200)]
        limit: usize,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CatalogPlan {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Show so many things; all are counted
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(crate) limit: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExplainCommand {
    /// Why a SKU costs what it costs in the store: rows, lists, and what one makes
    Price {
        /// The SKU, spelled as the part in Kinetic
        sku: String,
        #[command(flatten)]
        which: Which,
    },
    /// Why the store offers as many of a SKU as it does: rows, formula, what is sold, and what follows
    Stock {
        /// The SKU, spelled as the part in Kinetic
        sku: String,
        #[command(flatten)]
        which: Which,
    },
}
