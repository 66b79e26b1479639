//! The work on one claimed order: fetch it, recognise an echo, decide.

use connector_bigcommerce::FullOrder;
use connector_domain::{Deadline, OrderNum};
use connector_kinetic::Found;
use connector_ports::{Digest, LedgerRow, OrderState, Origin, WriteBack};

use super::audit::Trail;
use super::consume::Consumer;
use super::decide::{Decision, History, decide};
use super::import::{import, look};
use super::settle::settled;
use super::write_back::WriteBackDue;
use crate::connected::Connected;
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::personal::Personal;

/// What the work came to.
#[derive(Debug)]
pub(super) struct Done {
    /// The state to record.
    pub(super) state: OrderState,
    /// The Kinetic number that the shop does not bear yet.
    pub(super) write_back: Option<WriteBackDue>,
}

impl Done {
    fn in_state(state: OrderState) -> Self {
        Self { state, write_back: None }
    }
}

/// Reads the order as it is now and brings Kinetic up to it.
pub(super) async fn work(
    row: &LedgerRow,
    origin: Origin,
    connected: &Connected,
    consumer: Consumer<'_>,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<Done, Failure> {
    let order = row.key.order;
    let Some(full) = connected.shop.orders().get_full(order, deadline).await? else {
        return Err(Failure::Held(Hold::because(
            HoldReason::MissingInShop,
            format!("the shop has no order {order}; if it was deleted there, close this entry"),
        )));
    };
    trail.guard(Personal::of(&full));
    let digest = Digest::new(full.digest());
    if unchanged(row, digest) {
        if let Some(due) = overdue(row, origin, &full) {
            return Ok(Done { state: row.state.clone(), write_back: Some(due) });
        }
        if origin.may_be_echo() {
            return Ok(Done::in_state(row.state.clone()));
        }
    }
    let progress = trail.progress();
    progress.digest = Some(digest);
    progress.date_modified = Some(full.order.date_modified);
    progress.lines = Some(full.lines.iter().map(|line| (line.sku.clone(), line.quantity.into())).collect());
    if let Some(doubt) = &full.doubt {
        return Err(Failure::Held(Hold::because(
            HoldReason::IncompleteReading,
            format!("{doubt}; open the order in the shop"),
        )));
    }
    let history = if row.applied.is_some() { History::Written } else { History::Unknown };
    match decide(&full, &connected.rules, history) {
        Decision::Import => import(row, &full, connected, consumer, trail, deadline).await,
        Decision::Cancel => cancel(row, connected, consumer, trail, deadline).await,
        Decision::Wait(rule) => Ok(Done::in_state(OrderState::Waiting { rule })),
        Decision::Ignore(rule) => Ok(Done::in_state(OrderState::Ignored { rule })),
        Decision::Hold(hold) => Err(Failure::Held(hold)),
    }
}

/// Whether the order is settled and reads as it did then. Our own write-back changes nothing that the digest sees.
fn unchanged(row: &LedgerRow, digest: Digest) -> bool {
    let settled = match &row.state {
        OrderState::Synced | OrderState::Cancelled | OrderState::Ignored { .. } => true,
        OrderState::New
        | OrderState::Waiting { .. }
        | OrderState::Retrying { .. }
        | OrderState::Uncertain { .. }
        | OrderState::Held { .. } => false,
    };
    settled && !row.again && row.digest == Some(digest)
}

/// The write-back that failed before, if this message came to repeat it.
fn overdue(row: &LedgerRow, origin: Origin, full: &FullOrder) -> Option<WriteBackDue> {
    let order_num = row.order_num?;
    match row.write_back {
        WriteBack::Pending { attempt, .. } if origin == Origin::Wake => {
            Some(WriteBackDue { order_num, attempt, already: bears(full, order_num) })
        }
        WriteBack::Pending { .. } | WriteBack::NotDue | WriteBack::Done => None,
    }
}

/// Whether the shop's order bears the Kinetic number.
pub(super) fn bears(full: &FullOrder, order_num: OrderNum) -> bool {
    full.order.external_order_id.trim() == order_num.to_string()
}

/// An order that will never be shipped. Before the import nothing is written; after it a person closes the Kinetic order.
async fn cancel(
    row: &LedgerRow,
    connected: &Connected,
    consumer: Consumer<'_>,
    trail: &mut Trail<'_>,
    deadline: Deadline,
) -> Result<Done, Failure> {
    match look(row.key.order, connected, deadline).await? {
        Found::None => {
            // Only a header that appears late would leave an order behind; a line cannot appear without one.
            settled(row, |_| true, consumer, trail)?;
            Ok(Done::in_state(OrderState::Cancelled))
        }
        Found::One(found) if found.void => Ok(Done::in_state(OrderState::Cancelled)),
        Found::One(found) => Err(Failure::Held(Hold::about(
            HoldReason::CancelledAfterImport,
            found.order_num.to_string(),
            format!(
                "cancelled in the shop, but Kinetic order {} is open; close it there unless it has shipped",
                found.order_num
            ),
        ))),
        Found::Many(numbers) => Err(Failure::Held(super::import::several(&numbers))),
    }
}
