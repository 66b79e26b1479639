//! Wakes what was put off: the queue never delays, the ledger remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use connector_domain::{ConnectionId, Deadline};
use connector_ports::{DedupId, Ledger, OrderKey, OrderMessage, Origin, Queue};

use crate::connected::Directory;
use crate::job::Failure;

/// How many orders one tick wakes at most; what is left is due at the next.
const AT_ONCE: usize = 500;

/// So many are looked at for that: the backlog of one connection must not hide what is due in others.
const LOOKED_AT: usize = 10 * AT_ONCE;

/// What waking one order more needs, at most: its connection may be used for the first time.
const AN_ORDER: Duration = Duration::from_secs(5);

/// What became of the orders that were due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Woken {
    /// Sent to be worked on.
    pub sent: usize,
    /// Those for which there was no time. They stay due.
    pub left: usize,
    /// Connections with orders due that cannot be used as they are.
    pub unusable: BTreeSet<ConnectionId>,
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
    let due = in_turn(ledger.due(surroundings.clock.now(), LOOKED_AT).await?);
    let mut woken = Woken { left: due.len(), ..Woken::default() };
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
                if woken.unusable.insert(key.connection.clone()) {
                    let connection = &key.connection;
                    tracing::error!(%connection, %error, "orders of {connection} are due and cannot be worked on");
                }
                1
            }
        };
        let id = DedupId::fresh(surroundings.random.as_ref());
        let message = OrderMessage::new(key.connection.clone(), key.order, Origin::Wake, id);
        queue.send_order(&message, lanes).await?;
        woken.sent += 1;
        woken.left -= 1;
    }
    Ok(woken)
}

/// The first [`AT_ONCE`], one of each connection in turn, each connection's longest due first.
fn in_turn(due: Vec<OrderKey>) -> Vec<OrderKey> {
    let mut waiting = BTreeMap::<ConnectionId, VecDeque<OrderKey>>::new();
    for key in due {
        waiting.entry(key.connection.clone()).or_default().push_back(key);
    }
    let mut turns = Vec::new();
    while turns.len() < AT_ONCE && !waiting.is_empty() {
        turns.extend(waiting.values_mut().filter_map(VecDeque::pop_front));
        waiting.retain(|_, left| !left.is_empty());
    }
    turns.truncate(AT_ONCE);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(connection: &str, orders: std::ops::Range<u64>) -> Vec<OrderKey> {
        let id: ConnectionId = connection.parse().unwrap();
        orders
            .map(|order| OrderKey { connection: id.clone(), order: connector_domain::OrderId(order) })
            .collect()
    }

    #[test]
    fn a_backlog_of_one_store_keeps_no_other_waiting() {
        let due = [keys("big", 0..3_000), keys("small", 7..9)].concat();
        let turns = in_turn(due);
        assert_eq!(turns.len(), AT_ONCE);
        let small: Vec<_> = turns.iter().filter(|key| key.connection.as_str() == "small").collect();
        assert_eq!(small.len(), 2);
        assert_eq!(
            turns[..2],
            [keys("big", 0..1), keys("small", 7..8)].concat(),
            "in turn, the longest due first"
        );
    }
}
