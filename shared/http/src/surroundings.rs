//! What a call needs from the world besides the network.

use std::sync::Arc;

use connector_domain::{Clock, Random};

/// Time and randomness, passed in so that no test waits and every run can be run again.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where the time comes from and how to wait.
    pub clock: Arc<dyn Clock>,
    /// Where jitter comes from.
    pub random: Arc<dyn Random>,
}
