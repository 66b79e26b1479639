//! Randomness from the machine.

use connector_domain::Random;
use uuid::Uuid;

/// The machine's own random numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        Uuid::new_v4().as_u64_pair().1
    }

    /// Two ids, because some bits of each are fixed.
    fn next_u128(&self) -> u128 {
        let (one, other) = (Uuid::new_v4().as_u128(), Uuid::new_v4().as_u128());
        one ^ other.rotate_left(64)
    }
}
