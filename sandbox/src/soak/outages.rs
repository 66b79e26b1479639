//! Vendors that are away for hours, webhooks that are lost for days, and hooks that somebody spoils.

use connector_domain::{Random as _, SeededRandom};
use connector_simulators::Fault;

use super::world::World;
use super::{Options, STEPS_AN_HOUR};

/// Of a thousand steps of five minutes, so many begin an outage or spoil a hook.
const BEGINS: u64 = 3;

#[derive(Debug)]
pub(super) struct Outages {
    dice: SeededRandom,
    /// So many steps the present outage lasts.
    left: u64,
    pub(super) begun: u64,
    pub(super) spoilt: u64,
}

impl Outages {
    pub(super) fn new(options: Options) -> Self {
        Self { dice: SeededRandom::new(options.seed.wrapping_add(17)), left: 0, begun: 0, spoilt: 0 }
    }

    /// Perhaps something breaks, or is mended.
    pub(super) fn step(&mut self, world: &World) {
        match self.left {
            0 if self.roll(1000) < BEGINS => self.begin(world),
            0 => {}
            1 => self.end(world),
            more => self.left = more - 1,
        }
    }

    /// Everything is there again.
    pub(super) fn end(&mut self, world: &World) {
        self.left = 0;
        world.shop.lose_no_deliveries();
        world.bad_weather();
    }

    fn begin(&mut self, world: &World) {
        let away = || Fault::Status { status: 503, body: None }.always();
        let hours = match self.roll(6) {
            0 => {
                world.company.faults().clear();
                world.company.faults().add(away());
                1 + self.roll(12)
            }
            1 => {
                world.shop.faults().clear();
                world.shop.faults().add(away());
                1 + self.roll(8)
            }
            2 => {
                world.shop.lose_deliveries(|_, _| true);
                1 + self.roll(72)
            }
            3 => {
                let dice = SeededRandom::new(self.dice.next_u64());
                world.shop.lose_deliveries(move |_, _| dice.next_u64().is_multiple_of(2));
                1 + self.roll(72)
            }
            _ => return self.spoil(world),
        };
        self.begun += 1;
        self.left = hours * STEPS_AN_HOUR;
    }

    /// Somebody, or the store itself, does something to a hook.
    fn spoil(&mut self, world: &World) {
        let hooks = world.shop.hooks();
        let at =
            usize::try_from(self.roll(u64::try_from(hooks.len().max(1)).unwrap_or(1))).unwrap_or_default();
        let Some(id) = hooks.get(at).and_then(|hook| hook.get("id")?.as_u64()) else { return };
        self.spoilt += 1;
        match self.roll(4) {
            0 => world.shop.switch_off_hook(id),
            1 => world.shop.delete_hook(id),
            2 => {
                let mut elsewhere = world.door.clone();
                // A port that nobody listens on.
                let _http = elsewhere.set_port(Some(9));
                world.shop.repoint_hook(id, &elsewhere)
            }
            _ => world.shop.set_hook_headers(id, &[("X-Connector-Secret", "somebody-elses-secret")]),
        };
    }

    fn roll(&self, sides: u64) -> u64 {
        self.dice.next_u64().checked_rem(sides).unwrap_or_default()
    }
}
