//! The stories, one file each: real HTTP between the simulators and the pipeline, memory ports, and a clock nobody waits for.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story that does not go as told fails; clippy spares test functions, not what they stand on"
)]

mod bad_days;
mod basket;
mod cancellations;
mod catalogue_in_turn;
mod catalogue_of_skus;
mod completeness;
mod costs;
mod counted;
mod dead_letters;
mod edits;
mod fault_matrix;
mod forged;
mod hooks;
mod hooks_in_time;
mod linked;
mod logins;
mod logs;
mod long_order;
mod lost_answers;
mod money;
mod names;
mod out_of_order;
mod parts;
mod persons;
mod policies;
mod poll;
mod poll_at_once;
mod prices;
mod privacy;
mod proof;
mod rotations;
mod shape;
mod shares;
mod shoppers;
mod statuses;
mod stock;
mod straight;
mod supply;
mod sweep;
mod sweep_at_night;
mod throttled;
mod two_stores;
mod world;
mod worse_days;
mod write_back;
