//! Weeks of bad days: orders, edits, cancellations, clerks, outages, lost webhooks, kills and jumps of the clock at random, and then the
//! question whether everything adds up.
//!
//! One process, real HTTP, one clock for all that nobody waits for. Everything is drawn from one seed, so that a run that fails can be had
//! again.

mod acts;
mod check;
mod kill;
mod listener;
mod outages;
mod report;
mod table;
mod world;

use std::time::Duration;

use serde::Serialize;

pub use listener::Listener;
pub use report::{Happened, Report};

use self::acts::Acts;
use self::outages::Outages;
use self::world::World;
use crate::load::Watcher;

/// What is asked for.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Options {
    /// For how many simulated hours things happen.
    pub hours: u32,
    /// How many of a hundred calls to both vendors fail meanwhile.
    pub faults: u8,
    /// The same seed gives the same run.
    pub seed: u64,
    /// How many orders are placed in a simulated day, about.
    pub orders_a_day: u32,
}

/// Between two looks at the world.
const STEP: Duration = Duration::from_mins(5);

/// See [`STEP`].
const STEPS_AN_HOUR: u64 = 12;

/// After the last bad day: so long may what is left take. A lost save is waited for, and retries are half an hour apart.
const AFTERWARDS: u32 = 14 * 24;

/// Lets it happen, lets it come to rest, and looks.
///
/// # Errors
/// A simulator or the pipeline could not be started.
pub async fn run(options: Options, listener: &Listener, onlooker: &dyn Watcher) -> anyhow::Result<Report> {
    listener.begin();
    let world = World::new(options).await?;
    let mut acts = Acts::new(options);
    let mut outages = Outages::new(options);
    for hour in 0..options.hours {
        for _ in 0..STEPS_AN_HOUR {
            outages.step(&world);
            acts.step(&world);
            world.step(STEP).await;
        }
        if hour % 24 == 9 {
            acts.morning(&world).await;
        }
        onlooker.see(whole(hour + 1), whole(options.hours));
    }
    outages.end(&world);
    world.mended();
    let mut quiet = 0;
    for _ in 0..AFTERWARDS {
        world.step(Duration::from_hours(1)).await;
        // A day without anything to do is rest.
        quiet = if world.is_at_rest().await { quiet + 1 } else { 0 };
        if quiet >= 26 {
            break;
        }
    }
    let outages = (outages.begun, outages.spoilt);
    Ok(Report::of(options, world, (acts, outages), listener).await)
}

fn whole(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
