//! Wakes what was put off: the queue never delays, the ledger remembers.

use std::collections::HashSet;

use connector_ports::{DedupId, Ledger, OrderMessage, Origin, Queue};

use crate::connected::Directory;
use crate::job::Failure;

/// How many orders one tick wakes at most; what is left is due at the next.
const AT_ONCE: usize = 500;

/// Sends a message for every order that is due now, and says how many.
///
/// Waking twice does no harm: the claim lets one message work, and the other finds nothing to do.
///
/// # Errors
/// The ledger or the queue failed; what was not sent stays due.
pub async fn wake(ledger: &dyn Ledger, queue: &dyn Queue, directory: &Directory) -> Result<usize, Failure> {
    let surroundings = directory.surroundings();
    let due = ledger.due(surroundings.clock.now(), AT_ONCE).await?;
    let mut woken = 0;
    let mut told = HashSet::new();
    for key in due {
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
        woken += 1;
    }
    Ok(woken)
}
