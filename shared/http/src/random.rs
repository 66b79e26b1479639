//! The randomness of a running program.

use connector_domain::Random;
use uuid::Uuid;

/// The machine's own random numbers.
///
/// Built once in a `main`, beside [`crate::SystemClock`]; everything else takes a [`Random`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    /// Both halves of an id, because some bits of each are fixed.
    fn next_u64(&self) -> u64 {
        let (one, other) = Uuid::new_v4().as_u64_pair();
        other ^ one.rotate_left(32)
    }

    /// Two ids, because some bits of each are fixed.
    fn next_u128(&self) -> u128 {
        let (one, other) = (Uuid::new_v4().as_u128(), Uuid::new_v4().as_u128());
        one ^ other.rotate_left(64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_now_one_and_now_the_other() {
        let (mut ones, mut zeros) = ((0, 0), (0, 0));
        for _ in 0..200 {
            let (short, long) = (SystemRandom.next_u64(), SystemRandom.next_u128());
            ones = (ones.0 | short, ones.1 | long);
            zeros = (zeros.0 | !short, zeros.1 | !long);
        }
        assert_eq!((ones, zeros), ((u64::MAX, u128::MAX), (u64::MAX, u128::MAX)));
    }
}
