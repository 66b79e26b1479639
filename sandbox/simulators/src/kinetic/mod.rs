//! Epicor Kinetic.
