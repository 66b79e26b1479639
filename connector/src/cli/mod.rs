//! What can be typed.

mod catalogue;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use connector_domain::{ConnectionId, Timestamp};
use connector_ports::{QueueName, StateName};
use url::Url;

pub(crate) use self::catalogue::{CatalogCommand, CatalogPlan, ExplainCommand};

/// The command line of the deployment: connections, checks, hooks, orders.
#[derive(Debug, Parser)]
#[command(name = "connector", version, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Everywhere {
    /// Talk to a running `cargo sandbox up` at the address of its status page, instead of to AWS
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) sandbox: Option<Url>,
    /// Print JSON, for machines
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The connections of this deployment: one store and one Kinetic company each
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Check both systems of a connection, or of all: let in, permitted, clocks, and every code that the rules name
    Ping(Ping),
    /// The hooks by which the store tells of orders
    #[command(subcommand)]
    Hooks(HooksCommand),
    /// What happened to orders, and what a person can do about it
    #[command(subcommand)]
    Orders(OrdersCommand),
    /// Dead letters: messages that were given up, why, and sending them back
    #[command(subcommand)]
    Dlq(DlqCommand),
    /// Whether every order is accounted for, what is missing or held and why, and what to do
    Complete {
        #[command(flatten)]
        which: Which,
    },
    /// Have the orders since a moment or a number looked at that nobody has told of, a few at a time
    Backfill(Backfill),
    /// What the store shows of Kinetic's parts: what would change, and what is in the way
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Why the store shows what it shows of a SKU
    #[command(subcommand)]
    Explain(ExplainCommand),
    /// Webhook deliveries, for trying a receiver
    #[command(subcommand)]
    Events(EventsCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// Ask for what a connection needs and write its file, without ever showing a secret
    Init(ConnectionInit),
    /// Store a connection from its file, in place of the one with its id
    Put(ConnectionPut),
    /// List the connections that are stored
    List,
    /// Remove a connection; without --yes it is only told what that means
    Remove(ConnectionRemove),
    /// Read a connection's file and its rules and tell every problem at once; nothing is sent
    Validate(File),
    /// Change a secret of the store, without one delivery refused meanwhile; docs/rotations.md
    #[command(subcommand)]
    Rotate(RotateCommand),
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionPut {
    #[command(flatten)]
    pub(crate) file: File,
    /// Store it even if that breaks a rotation off; deliveries with what is old are refused then
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RotateCommand {
    /// Give the secret header of the hooks a new value, which nobody sees
    Header(Which),
    /// Give the connection another API account of the same store
    Account(RotateAccount),
    /// What is under way, what is left of it, and what to do
    Status(Which),
}

#[derive(Debug, Args)]
pub(crate) struct RotateAccount {
    #[command(flatten)]
    pub(crate) which: Which,
    /// A TOML that says `access_token` and `client_secret` of the new account; without it they are asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionInit {
    /// Take this file instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Write to this file, which nobody else can read
    #[arg(long, value_name = "FILE", default_value = "connection.toml")]
    pub(crate) out: PathBuf,
    /// Store the connection too; with --from, store it and write nothing
    #[arg(long)]
    pub(crate) put: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionRemove {
    /// The connection
    pub(crate) id: ConnectionId,
    /// Remove it
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The connection's TOML; connector/connection.example.toml shows every key
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The connection; may be left out where there is only one
    #[arg(long, short, value_name = "ID")]
    pub(crate) connection: Option<ConnectionId>,
}

#[derive(Debug, Args)]
pub(crate) struct Ping {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Compare the hooks with this address, the stack's output `WebhookUrl` or that of the HTTP API
    #[arg(long)]
    pub(crate) url: Option<Url>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrdersCommand {
    /// List orders, those that wait for a person first by default
    List(OrdersList),
    /// Show one order and everything that happened to it
    Show {
        /// The shop's order number
        order: u64,
        #[command(flatten)]
        which: Which,
    },
    /// Have orders looked at once more
    Replay(OrdersReplay),
    /// Say which Kinetic order a web order is, to settle what no replay can settle
    Link {
        /// The shop's order number
        order: u64,
        /// Kinetic's order number
        order_num: i32,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OrdersList {
    #[command(flatten)]
    pub(crate) which: Which,
    /// In this state
    #[arg(long, value_name = "STATE", default_value = "held", value_parser = state)]
    pub(crate) state: StateName,
    /// In any state
    #[arg(long, conflicts_with = "state")]
    pub(crate) all: bool,
    /// Held for this reason; docs/holds.md lists them
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Option<String>,
    /// So many orders at most
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
#[group(id = "selection", required = true, multiple = false, args = ["order", "held_for", "failed_since"])]
pub(crate) struct OrdersReplay {
    /// This order, whatever its state
    pub(crate) order: Option<u64>,
    /// All that are held for this reason; docs/holds.md lists them
    #[arg(long, value_name = "REASON")]
    pub(crate) held_for: Option<String>,
    /// All that are held, retried or uncertain since this moment, such as 2026-03-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) failed_since: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Send them; without it several orders are only counted
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
#[group(id = "from", required = true, multiple = false, args = ["since", "from_order"])]
pub(crate) struct Backfill {
    /// Those placed at this moment or later, such as 2026-03-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
    /// Those with this number or a higher one
    #[arg(long, value_name = "ORDER")]
    pub(crate) from_order: Option<u64>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Ask for it; without it is only told what that means
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HooksCommand {
    /// Register what is missing, switch on what was switched off; what is as wanted is left alone
    Register(HooksRegister),
    /// List the hooks of the connection's API account
    List {
        #[command(flatten)]
        which: Which,
    },
    /// Compare the hooks with what is wanted and say what would be done, as the deployment does by itself once in a while
    Audit(HooksAudit),
}

#[derive(Debug, Args)]
pub(crate) struct HooksAudit {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The stack's output `WebhookUrl`, or the address of the HTTP API, instead of the rules' or that in the variable `WEBHOOK_URL`
    #[arg(long)]
    pub(crate) url: Option<Url>,
    /// Do it
    #[arg(long)]
    pub(crate) apply: bool,
}

#[derive(Debug, Args)]
pub(crate) struct HooksRegister {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The stack's output `WebhookUrl`, or the address of the HTTP API; /webhooks/ID is added if it is not there
    #[arg(long)]
    pub(crate) url: Url,
    /// Subscribe to these scopes instead of the usual ones; may be said several times
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DlqCommand {
    /// List dead letters, why each was given up, and what became of its order since; nothing is taken away
    List {
        /// Of this queue only: orders or jobs
        #[arg(long, value_name = "QUEUE", value_parser = queue)]
        queue: Option<QueueName>,
    },
    /// Send dead letters back to their queues; without --yes they are only counted
    Redrive(DlqRedrive),
}

#[derive(Debug, Args)]
pub(crate) struct DlqRedrive {
    /// Of this queue only: orders or jobs
    #[arg(long, value_name = "QUEUE", value_parser = queue)]
    pub(crate) queue: Option<QueueName>,
    /// Of this connection only
    #[arg(long, short, value_name = "ID")]
    pub(crate) connection: Option<ConnectionId>,
    /// So many a second at most
    #[arg(long, value_name = "NUMBER", default_value = "2")]
    pub(crate) rate: NonZeroU32,
    /// So many letters at most
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub(crate) limit: usize,
    /// Drop the letters of orders that were settled since, instead of sending them back
    #[arg(long)]
    pub(crate) drop_settled: bool,
    /// Do it
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Make a delivery about an order, signed as the store signs
    Sign(EventsSign),
}

#[derive(Debug, Args)]
pub(crate) struct EventsSign {
    /// The shop's order number
    pub(crate) order: u64,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Take the secrets from this connection's TOML instead of from what is stored
    #[arg(long, value_name = "FILE", conflicts_with = "connection")]
    pub(crate) file: Option<PathBuf>,
    /// How it is signed
    #[arg(long, value_enum, default_value_t = Signature::StandardWebhooks)]
    pub(crate) method: Signature,
    /// The event's scope
    #[arg(long, value_name = "SCOPE", default_value = "store/order/updated")]
    pub(crate) scope: String,
    /// Print the event that an HTTP API of version 2 hands to the function, not headers and body
    #[arg(long)]
    pub(crate) http_api: bool,
    /// Write it to this file, which nobody else can read, and only there with the secret header of the hooks
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Signature {
    /// webhook-id, webhook-timestamp, webhook-signature
    StandardWebhooks,
    /// HMAC of the body in one header
    BcSignature,
}

fn queue(word: &str) -> Result<QueueName, String> {
    let found = QueueName::ALL.into_iter().find(|queue| queue.as_str() == word);
    found.ok_or_else(|| format!("say one of {}", QueueName::ALL.map(QueueName::as_str).join(", ")))
}

fn state(word: &str) -> Result<StateName, String> {
    let found = StateName::ALL.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| format!("say one of {}", StateName::ALL.map(StateName::as_str).join(", ")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        super::Cli::command().debug_assert();
    }
}
