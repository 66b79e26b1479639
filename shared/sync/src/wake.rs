//! Wakes what was put off: the queue never delays, the ledger remembers.

use std::collections::HashSet;
use std::time::Duration;

use connector_domain::Deadline;
use connector_ports::{DedupId, Ledger, OrderMessage, Origin, Queue};

use crate::connected::Directory;
use crate::job::Failure;

/// How many orders one tick wakes at most; what is left is due at the next.
const AT_ONCE: usize = 500;

/// What waking one order more needs, at most: its connection may be used for the first time.
const AN_ORDER: Duration = Duration::from_secs(5);

/// What became of the orders that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Woken {
    /// Sent to be worked on.
    pub sent: usize,
    /// Those for which there was no time. They stay due.
    pub left: usize,
}

/// Sends a message for every order that is due now, as long as there is time, and says how many.
///
/// Waking twice does no harm: the claim lets one message work, and the other finds nothing to do.
///
/// # Errors
/// The ledger or the queue failed; what was not sent stays due.
pub async fn wake(
    ledger: &dyn Ledger,
    queue: &dyn Queue,
    directory: &Directory,
    deadline: Deadline,
) -> Result<Woken, Failure> {
    let surroundings = directory.surroundings();
    let due = ledger.due(surroundings.clock.now(), AT_ONCE).await?;
    let mut woken = Woken { sent: 0, left: due.len() };
    let mut told = HashSet::new();
    for key in due {
        if !deadline.fits(surroundings.clock.as_ref(), AN_ORDER) {
            tracing::warn!(
                left = woken.left,
                "there was no time to wake {} orders in this minute",
                woken.left
            );
            break;
        }
        // Where the connection cannot be used the order is woken all the same: the consumer puts it off, or it would be first in every
        // tick and keep the orders of other connections waiting.
        let lanes = match directory.get(&key.connection).await {
            Ok(connected) => connected.rules.orders.writers,
            Err(error) => {
                if told.insert(key.connection.clone()) {
                    let connection = &key.connection;
                    tracing::error!(%connection, %error, "orders of {connection} are due and cannot be worked on");
                }
                1
            }
        };
        let id = DedupId::fresh(surroundings.random.as_ref());
        let message = OrderMessage::new(key.connection.clone(), key.order, Origin::Wake, id);
        queue.send_order(&message, lanes).await?;
        woken = Woken { sent: woken.sent + 1, left: woken.left - 1 };
    }
    Ok(woken)
}
