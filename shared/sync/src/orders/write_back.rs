//! Writes the Kinetic number into the shop's order, after the order is recorded: a flag with retries of its own.

use connector_domain::{Deadline, OrderNum};
use connector_http::Class;
use connector_ports::{OrderKey, WriteBack};

use super::consume::Consumer;
use crate::job::{Failure, after, needs_a_person};
use crate::personal::Personal;

/// A number that the shop is to bear.
#[derive(Debug, Clone, Copy)]
pub(super) struct WriteBackDue {
    /// Kinetic's number.
    pub(super) order_num: OrderNum,
    /// How often it was tried.
    pub(super) attempt: u32,
    /// Whether the shop bears it already; then only the record is missing.
    pub(super) already: bool,
}

impl WriteBackDue {
    /// After another attempt that failed.
    pub(super) fn again(self) -> Self {
        Self { attempt: self.attempt.saturating_add(1), ..self }
    }

    /// What stands in the ledger until the shop bears the number: tried again after a wait that grows with each attempt.
    pub(super) fn pending(&self, consumer: Consumer<'_>) -> WriteBack {
        let now = consumer.directory.surroundings().clock.now();
        let patience = consumer.patience;
        let wait = patience.first.saturating_mul(1 << self.attempt.min(10)).min(patience.longest);
        WriteBack::Pending { attempt: self.attempt, not_before: after(now, wait) }
    }
}

/// Tries once. What fails is due again later; the order itself is never repeated for it.
///
/// # Errors
/// The ledger failed.
pub(super) async fn write_back(
    key: &OrderKey,
    due: WriteBackDue,
    personal: &Personal,
    consumer: Consumer<'_>,
    deadline: Deadline,
) -> Result<(), Failure> {
    let connected = consumer.directory.get(&key.connection).await?;
    let number = due.order_num.to_string();
    let result = if due.already {
        Ok(())
    } else {
        connected.shop.orders().set_external_order_id(key.order, &number, deadline).await
    };
    let outcome = match result {
        Ok(()) => WriteBack::Done,
        Err(error) => {
            let due = due.again();
            let (connection, order, attempt) = (&key.connection, key.order, due.attempt);
            let words = personal.scrub(&error.to_string());
            let refused = matches!(error.class, Class::Rejected | Class::NotFound);
            let alarm = needs_a_person(&Failure::Shop(error)) || attempt >= consumer.patience.attempts;
            if alarm {
                tracing::error!(%connection, order.id = %order, kinetic.order_num = %number, attempt, "order {order} of {connection} does not bear its Kinetic number, and a person must look: {words}");
            } else {
                tracing::warn!(%connection, order.id = %order, kinetic.order_num = %number, attempt, "order {order} of {connection} does not bear its Kinetic number yet: {words}");
            }
            // Refused with words: sending the same again changes nothing.
            if refused { WriteBack::NotDue } else { due.pending(consumer) }
        }
    };
    Ok(consumer.ledger.write_back(key, outcome).await?)
}
