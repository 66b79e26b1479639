//! What people do: shoppers, the shop's staff, clerks in the company, and the one who looks after what is held.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_domain::{Random as _, SeededRandom};
use connector_ports::{DedupId, Ledger as _, OrderMessage, Origin, Queue as _, StateName};
use connector_simulators::bigcommerce::dec;
use serde::Serialize;

use super::world::World;
use super::{Options, STEP};
use crate::load::Baskets;

/// How often things happened.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Acted {
    /// Orders placed.
    pub placed: u64,
    /// Orders edited in the shop.
    pub edited: u64,
    /// Orders cancelled in the shop.
    pub cancelled: u64,
    /// Orders refunded in part.
    pub refunded: u64,
    /// Orders archived in the shop.
    pub archived: u64,
    /// Changes by a clerk.
    pub clerks: u64,
    /// Numbers that no order got.
    pub skipped: u64,
    /// Processes killed, at a call that was drawn.
    pub kills: u64,
    /// Jumps of the clock, of hours.
    pub jumps: u64,
    /// Held orders that a person had looked at once more.
    pub replayed: u64,
}

#[derive(Debug)]
pub(super) struct Acts {
    dice: SeededRandom,
    baskets: Baskets,
    /// So many steps in 10,000 place an order.
    places: u64,
    pub(super) acted: Acted,
    /// Orders whose Kinetic order a clerk has changed: what it says is the clerk's business now.
    pub(super) touched: BTreeSet<u64>,
}

impl Acts {
    pub(super) fn new(options: Options) -> Self {
        let steps_a_day = 24 * 3600 / STEP.as_secs().max(1);
        Self {
            dice: SeededRandom::new(options.seed.wrapping_add(5)),
            baskets: Baskets::new(options.seed, 400, 4),
            places: u64::from(options.orders_a_day) * 10_000 / steps_a_day,
            acted: Acted::default(),
            touched: BTreeSet::new(),
        }
    }

    /// What happens in five minutes.
    pub(super) fn step(&mut self, world: &World) {
        if self.chance(self.places) {
            world.shop.place_order(self.baskets.order());
            self.acted.placed += 1;
        }
        // A tenth of what is placed is edited, and so on.
        if self.chance(self.places / 10) {
            self.edit(world);
        }
        if self.chance(self.places / 25) {
            self.cancel(world);
        }
        if self.chance(self.places / 40) {
            self.refund(world);
        }
        if self.chance(self.places / 40) {
            self.archive(world);
        }
        if self.chance(self.places / 20) {
            self.clerk(world);
        }
        if self.chance(self.places / 50) {
            world.shop.skip_order_ids(1 + self.roll(3));
            self.acted.skipped += 1;
        }
        if self.chance(150) {
            world.kill.after(1 + self.roll(60));
            self.acted.kills += 1;
        }
        if self.chance(8) {
            self.acted.jumps += 1;
            world.clock.advance(Duration::from_hours(1 + self.roll(20)));
        }
    }

    /// A person begins the day with what is held.
    pub(super) async fn morning(&mut self, world: &World) {
        let held = world.pipeline.ledger().list(&world.connection, Some(StateName::Held), None, 20).await;
        for row in held.unwrap_or_default() {
            let dedup = DedupId::fresh(&self.dice);
            let message = OrderMessage::new(world.connection.clone(), row.key.order, Origin::Replay, dedup);
            if world.pipeline.queue().send_order(&message, 2).await.is_ok() {
                self.acted.replayed += 1;
            }
        }
    }

    fn edit(&mut self, world: &World) {
        let Some(order) = self.recent(world) else { return };
        let quantity = u32::try_from(1 + self.roll(30)).unwrap_or(1);
        let edited = world.shop.update_order(order, |order| {
            if let Some(line) = order.lines.first_mut() {
                line.quantity = quantity.max(line.refunded);
            }
        });
        self.acted.edited += u64::from(edited);
    }

    fn cancel(&mut self, world: &World) {
        let Some(order) = self.recent(world) else { return };
        self.acted.cancelled += u64::from(world.shop.update_order(order, |order| order.status_id = 5));
    }

    fn refund(&mut self, world: &World) {
        let Some(order) = self.recent(world) else { return };
        let sku = world.shop.order_spec(order).and_then(|order| Some(order.lines.first()?.sku.clone()));
        let Some(sku) = sku else { return };
        self.acted.refunded += u64::from(world.shop.refund_part(order, &sku, 1));
    }

    fn archive(&mut self, world: &World) {
        let Some(order) = self.recent(world) else { return };
        self.acted.archived += u64::from(world.shop.update_order(order, |order| order.is_deleted = true));
    }

    fn clerk(&mut self, world: &World) {
        let Some(order) = self.recent(world) else { return };
        let Some(view) = world.company.order_by_po(&format!("BC-{order}")) else { return };
        let number = view.order_num;
        let done = match self.roll(5) {
            0 => world.company.edit_order(number, |row| row.set("OrderComment", "asked for by telephone")),
            1 => world.company.edit_line(number, 1, |row| row.set("SellingQuantity", dec("3"))),
            2 => world.company.add_clerk_charge(number, "FRT", "pallet", dec("4.00")).is_some(),
            3 => world.company.void_order(number),
            _ => world.company.ship_all(number),
        };
        if done {
            self.acted.clerks += 1;
            self.touched.insert(order);
        }
    }

    /// One of the last thirty orders.
    fn recent(&self, world: &World) -> Option<u64> {
        let orders = world.shop.order_ids();
        let back = usize::try_from(self.roll(30)).unwrap_or_default();
        orders.iter().rev().nth(back.min(orders.len().saturating_sub(1))).copied()
    }

    /// So many times in 10,000.
    fn chance(&self, of_ten_thousand: u64) -> bool {
        self.roll(10_000) < of_ten_thousand
    }

    fn roll(&self, sides: u64) -> u64 {
        self.dice.next_u64().checked_rem(sides).unwrap_or_default()
    }
}
