//! What came of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, Table, presets};
use connector_aws::queues::MAX_RECEIVES;
use connector_ports::LedgerRow;
use connector_sandbox::Ports as _;
use connector_sandbox::demo::Check;
use connector_sandbox::load::adds_up;
use connector_sync::rules::Rules;
use serde::Serialize;

use super::Options;
use super::drive::{Driven, Hit};
use super::world::World;
use crate::consumer::Became;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// Orders placed.
    pub orders: usize,
    /// Consumer processes at once.
    pub consumers: u32,
    /// The seed.
    pub seed: u64,
    /// Kills.
    pub kills: usize,
    /// Kills that met a claimed order.
    pub kills_with_a_claimed_order: usize,
    /// Those of them between a create that was sent, or about to be, and its answer.
    pub kills_in_a_create: usize,
    /// Kills that met a message whose order was not claimed.
    pub kills_with_a_message: usize,
    /// Messages received.
    pub messages: u32,
    /// Of them received not for the first time, because whoever had them was killed.
    pub messages_again: u32,
    /// The most that one message was received.
    pub most_receives: u32,
    /// Messages that found their order in the hands of somebody else, or of somebody dead.
    pub busy: u32,
    /// Messages of the tick that found nothing to do any more.
    pub not_due: u32,
    /// Messages that came back because a port failed.
    pub came_back: u32,
    /// Orders that the tick sent on.
    pub woken: usize,
    /// Dead letters.
    pub dead_letters: usize,
    /// The whole run.
    pub elapsed_ms: u128,
}

/// Numbers and checks.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Whether every check holds.
    pub adds_up: bool,
    /// What was counted.
    pub numbers: Numbers,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// Reads store, company and ledger.
pub(super) async fn of(world: &World, options: &Options, driven: Driven) -> Result<Report> {
    let ports = world.pipeline.ports();
    let rows = ports.ledger().list(&world.id, None, None, usize::MAX).await?;
    let dead_letters = ports.inbox().given_up_in_all().await?;
    let numbers = numbers(options, &driven, dead_letters);
    let rules = Rules::parse(&world.rules)?;
    let mut checks =
        adds_up((&world.shop, &world.company), rules, driven.placed.clone(), &rows, dead_letters);
    checks.push(same_numbers(world, &rows));
    checks.push(killed(options, &numbers));
    Ok(Report { adds_up: checks.iter().all(|check| check.holds), numbers, checks })
}

fn numbers(options: &Options, driven: &Driven, dead_letters: usize) -> Numbers {
    let hit = |wanted: &[Hit]| driven.hits.iter().filter(|hit| wanted.contains(hit)).count();
    let became = |what| driven.became.get(&what).copied().unwrap_or_default();
    Numbers {
        orders: driven.placed.len(),
        consumers: options.consumers,
        seed: options.seed,
        kills: driven.hits.len(),
        kills_with_a_claimed_order: hit(&[Hit::Claimed, Hit::Creating]),
        kills_in_a_create: hit(&[Hit::Creating]),
        kills_with_a_message: hit(&[Hit::Message]),
        messages: driven.begun.values().sum(),
        messages_again: driven.again,
        most_receives: driven.most,
        busy: became(Became::Busy),
        not_due: became(Became::NotDue),
        came_back: became(Became::ComesBack),
        woken: driven.woken,
        dead_letters,
        elapsed_ms: driven.elapsed.as_millis(),
    }
}

/// The ledger knows each order by the number that Kinetic gave it.
fn same_numbers(world: &World, rows: &[LedgerRow]) -> Check {
    let mut numbers: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for order in world.company.orders() {
        numbers.entry(order.po_num).or_default().push(order.order_num);
    }
    let known = |row: &&LedgerRow| {
        let found = numbers.get(&format!("BC-{}", row.key.order)).map(Vec::as_slice);
        matches!(found, Some([one]) if row.order_num.is_some_and(|number| number.0 == *one))
    };
    let known = rows.iter().filter(known).count();
    let says =
        format!("{known} of {} orders have the ledger's number in Kinetic, void ones counted", rows.len());
    Check { name: "same_numbers", says, holds: known == rows.len() }
}

/// A run without all of its kills proves nothing; nor does one whose kills met nobody at work.
fn killed(options: &Options, numbers: &Numbers) -> Check {
    let (kills, claimed) = (numbers.kills, numbers.kills_with_a_claimed_order);
    let says = format!("{kills} of {} kills were made, {claimed} of them met a claimed order", options.kills);
    let all = usize::try_from(options.kills).is_ok_and(|asked| asked == kills);
    Check { name: "killed", says, holds: all && (claimed > 0 || kills == 0) }
}

impl Report {
    /// What does not hold, a sentence each.
    pub fn failures(&self) -> Vec<String> {
        self.checks.iter().filter(|check| !check.holds).map(|check| check.says.clone()).collect()
    }

    /// The table and the checks.
    pub fn for_people(&self) -> String {
        let mut text = format!("\n{}\n\n", self.table());
        for check in &self.checks {
            let (mark, style) = if check.holds { ("✓", GOOD) } else { ("✗", BAD) };
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{style}{mark}{style:#} {}", check.says);
        }
        text
    }

    fn table(&self) -> Table {
        let numbers = &self.numbers;
        let mut table = Table::new();
        table.load_preset(presets::UTF8_FULL_CONDENSED);
        let head = format!("{} consumers, seed {}", numbers.consumers, numbers.seed);
        table.set_header([head, "number".to_owned()]);
        let most = format!("  the most that one was received ({MAX_RECEIVES} are allowed)");
        let rows = [
            ("orders", numbers.orders.to_string()),
            ("kills (SIGKILL)", numbers.kills.to_string()),
            ("  that met a claimed order", numbers.kills_with_a_claimed_order.to_string()),
            ("    of them in the middle of a create", numbers.kills_in_a_create.to_string()),
            ("  that met a message whose order was not claimed", numbers.kills_with_a_message.to_string()),
            ("messages worked on", numbers.messages.to_string()),
            ("  received again after a kill", numbers.messages_again.to_string()),
            (most.as_str(), numbers.most_receives.to_string()),
            ("  that found their order claimed, and left it", numbers.busy.to_string()),
            ("  of the tick that found nothing to do any more", numbers.not_due.to_string()),
            ("  that came back because a port failed", numbers.came_back.to_string()),
            ("orders sent on by the tick", numbers.woken.to_string()),
            ("dead letters", numbers.dead_letters.to_string()),
            ("the whole run", format!("{}.{} s", numbers.elapsed_ms / 1000, numbers.elapsed_ms % 1000 / 100)),
        ];
        for (what, number) in rows {
            table.add_row([Cell::new(what), Cell::new(number).set_alignment(CellAlignment::Right)]);
        }
        table
    }
}
