//! One message of the queue: claim the order, work on it, record what became of it.

use connector_domain::Deadline;
use connector_http::Class;
use connector_kinetic::KineticError;
use connector_ports::{
    Claim, ClaimOutcome, DedupId, Leases, Ledger, LedgerRow, OrderKey, OrderMessage, OrderState, Origin,
    Queue, State,
};
use tracing::Instrument as _;

use super::audit::{Trail, lease};
use super::in_hand::InHand;
use super::work::{Done, work};
use super::write_back::write_back;
use crate::breaker::{Breaker, Pass, Vendor};
use crate::connected::{Connected, Directory};
use crate::job::{Answer, Failure, Patience, after, answer, needs_a_person, tries};

/// How many messages in a row the consumer sends itself about one order; the waker takes over then, a minute later. An order of 1,000
/// lines needs a few.
const HOPS: u32 = 100;

/// What the consumer stands on.
#[derive(Debug, Clone, Copy)]
pub struct Consumer<'a> {
    /// Where orders are claimed and recorded.
    pub ledger: &'a dyn Ledger,
    /// Where shoppers are leased.
    pub leases: &'a dyn Leases,
    /// Where links are kept.
    pub state: &'a dyn State,
    /// Where the rest of a long order is sent.
    pub queue: &'a dyn Queue,
    /// Where connections are found.
    pub directory: &'a Directory,
    /// How long to wait for what failed.
    pub patience: &'a Patience,
}

/// What became of a message. Whichever it is, the message is done and can be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consumed {
    /// The order is recorded in this state.
    Recorded(OrderState),
    /// Somebody else is at work on the order; it is marked, and woken when they are done.
    Busy,
    /// A waker's message came second: the order is not due any more.
    NotDue,
    /// The order is longer than an invocation: what is done is recorded, and the rest stands at the end of its lane.
    Continued,
}

/// Consumes one message.
///
/// # Errors
/// Nothing could be recorded, because the ledger or another port of ours failed. The message must not be deleted: the queue brings it
/// back.
pub async fn consume(
    message: &OrderMessage,
    consumer: Consumer<'_>,
    deadline: Deadline,
) -> Result<Consumed, Failure> {
    let key = OrderKey { connection: message.connection.clone(), order: message.order };
    let clock = consumer.directory.surroundings().clock.as_ref();
    let (claim, row) = match consumer.ledger.claim(&key, lease(deadline, clock)).await? {
        ClaimOutcome::Granted(claim, row) => (claim, row),
        ClaimOutcome::Busy(_) => {
            let (connection, order) = (&key.connection, key.order);
            tracing::info!(%connection, order.id = %order, "order {order} of {connection} is being worked on; it will be woken");
            return Ok(Consumed::Busy);
        }
    };
    if message.origin == Origin::Wake && row.due_since(clock.now()).is_none() {
        consumer.ledger.release(claim).await?;
        return Ok(Consumed::NotDue);
    }
    let mut trail = Trail::new(consumer.ledger, clock, &claim, deadline);
    // Every line that is logged below it says whose order it is about.
    let span = tracing::info_span!("order", connection = %key.connection, order.id = %key.order);
    let done = attempt(message, &row, consumer, deadline, &mut trail).instrument(span).await;
    let (done, continues) = match done {
        Ok(done) => (done, false),
        Err(failure) if goes_on(&failure, &trail, message) => (resting(&row, clock.now(), consumer), true),
        Err(failure) => match answered(failure, &row, consumer, &mut trail) {
            Answer::Record(state) => (Done::in_state(state), false),
            Answer::ComeBack(failure) if row.again => {
                // The claim took the mark; what lapses is due again, what is released is not.
                return Err(failure);
            }
            Answer::ComeBack(failure) => return Err(given_back(failure, claim, consumer.ledger).await),
        },
    };
    let (progress, events, personal) = trail.finish();
    consumer.ledger.complete(claim, done.state.clone(), progress, events).await?;
    if continues {
        return Ok(send_on(message, consumer).await);
    }
    tell(&key, &done);
    if let Some(due) = done.write_back {
        write_back(&key, due, &personal, consumer, deadline).await?;
    }
    Ok(Consumed::Recorded(done.state))
}

/// The work on a claimed order, unless a vendor it needs is out of order.
async fn attempt(
    message: &OrderMessage,
    row: &LedgerRow,
    consumer: Consumer<'_>,
    deadline: Deadline,
    trail: &mut Trail<'_>,
) -> Result<Done, Failure> {
    let clock = consumer.directory.surroundings().clock.as_ref();
    let connection = &message.connection;
    let connected = consumer.directory.get(connection).await?;
    let breaker = Breaker { state: consumer.state, connection, patience: consumer.patience };
    let mut pass = Pass::default();
    let before = heard(&connected);
    let hand = InHand { row, connected: &connected, consumer, deadline };
    let done = work(hand, message.origin, breaker, &mut pass, trail).await;
    let now = heard(&connected);
    let spoke = |vendor: Vendor| match vendor {
        Vendor::BigCommerce => now.0 > before.0,
        Vendor::Kinetic => now.1 > before.1,
    };
    breaker.tell(&pass, done.as_ref().err(), spoke, clock.now()).await?;
    done
}

/// How many calls the shop and Kinetic have answered with success so far.
fn heard(connected: &Connected) -> (u64, u64) {
    (connected.shop.heard(), connected.kinetic.heard())
}

/// Whether an order stopped only because its invocation ends, after it got on: then it goes on in the next, without a wait. One that
/// never gets on would feed its own queue for ever.
fn goes_on(failure: &Failure, trail: &Trail<'_>, message: &OrderMessage) -> bool {
    let class = match failure {
        Failure::Kinetic(KineticError::Call(error)) | Failure::Shop(error) => error.class,
        Failure::Kinetic(KineticError::NotSaved { .. } | KineticError::Prompted { .. })
        | Failure::Held(_)
        | Failure::Unknown(_)
        | Failure::Unsettled { .. }
        | Failure::ShopperBusy
        | Failure::Moved(_)
        | Failure::OutOfOrder { .. }
        | Failure::Connect(_)
        | Failure::Ledger(_)
        | Failure::Leases(_)
        | Failure::State(_)
        | Failure::Shelf(_)
        | Failure::Queue(_) => return false,
    };
    class == Class::OutOfTime && trail.saves() > 0 && message.hops < HOPS
}

/// Between two invocations. It is due by itself, so that a message that is lost loses nothing.
fn resting(row: &LedgerRow, now: connector_domain::Timestamp, consumer: Consumer<'_>) -> Done {
    let not_before = after(now, consumer.patience.longest);
    let (attempt, class) = (tries(&row.state).max(1), Class::OutOfTime.label().to_owned());
    Done::in_state(OrderState::Retrying { attempt, not_before, class })
}

/// The rest of a long order goes to the end of its lane, behind those that wait already.
async fn send_on(message: &OrderMessage, consumer: Consumer<'_>) -> Consumed {
    let (connection, order) = (&message.connection, message.order);
    let lanes =
        consumer.directory.get(connection).await.map_or(1, |connected| connected.rules.orders.writers);
    let next = message.continued(DedupId::fresh(consumer.directory.surroundings().random.as_ref()));
    match consumer.queue.send_order(&next, lanes).await {
        Ok(()) => {
            tracing::info!(%connection, order.id = %order, hops = next.hops, "order {order} of {connection} is long; the rest goes to the end of its lane");
        }
        Err(error) => {
            tracing::warn!(%connection, order.id = %order, %error, "the rest of order {order} of {connection} waits for the waker: {error}");
        }
    }
    Consumed::Continued
}

/// The answer to a failure. Its words go to the log and the trail free of anything personal.
fn answered(failure: Failure, row: &LedgerRow, consumer: Consumer<'_>, trail: &mut Trail<'_>) -> Answer {
    let now = consumer.directory.surroundings().clock.now();
    let words = trail.scrub(&failure.to_string());
    let alarm = needs_a_person(&failure) || tries(&row.state) >= consumer.patience.attempts;
    let (connection, order) = (&row.key.connection, row.key.order);
    match answer(failure, &row.state, now, consumer.patience) {
        Answer::ComeBack(failure) => Answer::ComeBack(failure),
        Answer::Record(OrderState::Held { reason, subject, words }) => {
            let (subject, words) = (subject.map(|subject| trail.scrub(&subject)), trail.scrub(&words));
            tracing::error!(%connection, order.id = %order, reason, "order {order} of {connection} is held: {words}");
            Answer::Record(OrderState::Held { reason, subject, words })
        }
        Answer::Record(state) => {
            let until = state.not_before();
            if alarm {
                tracing::error!(%connection, order.id = %order, state = %state, until = until.map(tracing::field::display), "order {order} of {connection} waits for a person: {words}");
            } else {
                tracing::warn!(%connection, order.id = %order, state = %state, until = until.map(tracing::field::display), "order {order} of {connection} is tried again: {words}");
            }
            trail.stopped(words);
            Answer::Record(state)
        }
    }
}

/// Lets go of the claim, so that the message that comes back finds the order free.
async fn given_back(failure: Failure, claim: Claim, ledger: &dyn Ledger) -> Failure {
    let key = claim.key().clone();
    if let Err(error) = ledger.release(claim).await {
        tracing::warn!(connection = %key.connection, order.id = %key.order, %error, "the claim on {key} lapses by itself");
    }
    failure
}

/// One line an order that went well; what failed was told where it was answered.
fn tell(key: &OrderKey, done: &Done) {
    let (connection, order, state) = (&key.connection, key.order, &done.state);
    match state {
        OrderState::Held { .. } | OrderState::Retrying { .. } | OrderState::Uncertain { .. } => {}
        OrderState::Synced => {
            let number = done.order_num.map(|number| number.to_string()).unwrap_or_default();
            tracing::info!(%connection, order.id = %order, kinetic.order_num = number, state = %state, "order {order} of {connection}: {state} as Kinetic order {number}");
        }
        OrderState::New | OrderState::Waiting { .. } | OrderState::Cancelled | OrderState::Ignored { .. } => {
            tracing::info!(%connection, order.id = %order, state = %state, "order {order} of {connection}: {state}");
        }
    }
}
