//! What can be asked for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use connector_sandbox::terminal::endpoint::Endpoint;

/// The whole connector on this machine, between a simulated store and a simulated company.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo sandbox", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a command: those of `demo`.
    #[command(flatten)]
    demo: Demo,
}

impl Cli {
    /// The command; `demo` if none was named.
    pub(crate) fn chosen(self) -> Command {
        self.command.unwrap_or(Command::Demo(self.demo))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a story: web orders become Kinetic sales orders, three days without webhooks are made good, parts, prices and stock reach the store (this is the default).
    ///
    /// With --seed FILE store and company start with the file's data; what the story needs and the file does not have is
    /// added, and the file's own orders are played after the story's.
    ///
    /// Exit status 0 only if every outcome and every check holds, 1 if one does not, 2 for bad usage.
    Demo(Demo),
    /// Run one of the two systems alone, until Ctrl-C.
    Simulate {
        #[command(subcommand)]
        vendor: Vendor,
    },
    /// Run store, company and connector until Ctrl-C, and print what to try with curl.
    ///
    /// The store takes --port, company, webhook receiver and status page the three ports after it. The store's orders were
    /// placed before the connector came, which hears of them as soon as somebody tells it. A status page shows the ledger:
    /// GET /orders, GET /orders/{id}. With --json: one object with all addresses and secrets of the sandbox, then nothing
    /// but a line for each order that comes into another state.
    Up(Simulate),
    /// Put many orders on the connector, which runs as a process of its own, and measure it.
    ///
    /// Every order travels as a signed webhook. At the end store, Kinetic and ledger are read and added up: nothing lost,
    /// nothing twice, totals equal to the cent. Exit status 0 only if it adds up.
    Load(Load),
    /// Let weeks of bad days pass on a clock that nobody waits for, and see whether everything adds up.
    ///
    /// Orders, edits, cancellations, clerks' changes, outages, lost webhooks, spoilt hooks, kills and jumps of the clock are drawn from the
    /// seed. At the end store, Kinetic, ledger and logs are read. Exit status 0 only if all of it holds; the command that has a run again
    /// is printed with it.
    Soak(Soak),
    /// Let every function that spends a store's quota spend its share at once, each as a process of its own, and count.
    ///
    /// The store allows 150 calls in half a minute, and nobody else spends them. Exit status 0 only if none of us was refused and each
    /// has spent nine tenths of its share at least.
    Shares(Shares),
    /// A process of `shares`.
    #[command(hide = true)]
    SharesSpender,
    /// The connector's process of `load`.
    #[command(hide = true)]
    LoadPipeline,
    /// The process of `load --parts` that publishes.
    #[command(hide = true)]
    LoadCatalogue,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Play it on the AWS ports (DynamoDB, SQS, Secrets Manager) at this emulator, as `http://127.0.0.1:4566`.
    ///
    /// `cargo run -p connector-emulator` starts one and prints its address. The table, queues and secrets get names of their own.
    #[arg(long, value_name = "ENDPOINT")]
    pub(crate) aws: Option<Endpoint>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Vendor {
    #[command(about = "A BigCommerce store: orders, customers, hooks, signed webhooks, rate limit")]
    Bigcommerce(Simulate),
    #[command(about = "An Epicor Kinetic company: parts, customers, sales orders behind REST v2")]
    Kinetic(Simulate),
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Port on 127.0.0.1; 0 is any free one.
    #[arg(long, short, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Load {
    /// How many orders.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = parse_orders)]
    pub(crate) orders: usize,
    /// What each call to a vendor takes, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 50)]
    pub(crate) latency: u64,
    /// Lets so many of a hundred calls to both vendors fail, each in another way, and sends webhooks twice now and then.
    ///
    /// Then connector and vendors share a clock that runs up to 150 times as fast, so that waits after a failure are short.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=60))]
    pub(crate) faults: u8,
    /// The same seed gives the same orders, and the same dice for faults.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many lanes, each with a worker: orders of one lane wait for each other.
    #[arg(long, value_name = "L", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) lanes: u32,
    /// The most lines of an order.
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) lines: u32,
    /// Place all orders at once; without it four a lane are in flight.
    #[arg(long)]
    pub(crate) at_once: bool,
    /// Instead of orders: so many parts on their way to the store, under its own quota, and what each step costs beside the least it could.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with_all = ["orders", "latency", "faults", "seed", "lanes", "lines", "at_once"])]
    pub(crate) parts: Option<u32>,
    /// Of so many of these parts the price changes, and then the stock.
    #[arg(long, value_name = "K", default_value_t = 0, requires = "parts")]
    pub(crate) changed: u32,
    /// Requests that the store lets one have in 30 seconds.
    #[arg(long, value_name = "Q", default_value_t = 150, requires = "parts", value_parser = clap::value_parser!(u32).range(10..))]
    pub(crate) quota: u32,
    /// Write JSON on stdout, for machines.
    #[arg(long)]
    pub(crate) json: bool,
}

fn parse_orders(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(orders) if (1..=1_000_000).contains(&orders) => Ok(orders),
        Ok(_) | Err(_) => Err("give a number from 1 to 1000000".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Shares {
    /// For so many windows of half a minute.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) windows: u32,
    /// Write JSON on stdout, for machines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Soak {
    /// For how many simulated hours things happen.
    #[arg(long, value_name = "H", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) hours: u32,
    /// Lets so many of a hundred calls to both vendors fail, each in another way.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=60))]
    pub(crate) faults: u8,
    /// The same seed gives the same run.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// So many runs, with this seed and those after it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seeds: u64,
    /// How many orders are placed in a simulated day, about.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=2880))]
    pub(crate) orders: u32,
    /// Write JSON on stdout, a line for each run, for machines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Write JSON on stdout, for machines.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write each exchange with a vendor as a line of JSON to this file, secrets redacted.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Start with the data of this JSON file instead of the built-in ones.
    ///
    /// Any part may be left out: {"bigcommerce": {"customers": [..], "orders": [..]}, "kinetic": {"parts": [..],
    /// "customers": [..], "charges": [..]}}. A field that does not exist is refused, and those that do are named.
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_is_the_demo_with_its_options() {
        let cli = Cli::try_parse_from(["sandbox", "--json"]).unwrap();
        assert!(matches!(cli.chosen(), Command::Demo(Demo { common: Common { json: true, .. }, .. })));
    }
}
