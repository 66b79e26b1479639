//! Dead letters: found, understood, sent back once, and never lost.

use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::time::Duration;

use connector_ports::{DeadLetters, OrderState, QueueName, Received};
use connector_sync::dead_letters::{About, Became, End, LOOK, Listing, Morgue, Redriven, Wish};

use crate::basket::gloves;
use crate::world::{MAIN, World, key};

fn wish() -> Wish {
    Wish { connection: None, drop_settled: false, rate: NonZeroU32::new(10).unwrap(), limit: 100 }
}

fn morgue(world: &World) -> Morgue<'_> {
    Morgue { letters: world.pipeline.queue(), ledger: world.pipeline.ledger(), clock: &world.clock }
}

async fn listed(world: &World) -> Listing {
    morgue(world).list(QueueName::Orders).await.unwrap()
}

async fn redriven(world: &World, wish: &Wish) -> Redriven {
    morgue(world).redrive(QueueName::Orders, wish, &mut |_| ControlFlow::Continue(())).await
}

/// What crashes a consumer each time: it is received until the queue gives it up.
fn poison(world: &World) {
    let received = || -> Option<Received> { world.pipeline.queue().receive(QueueName::Orders) };
    while let Some(message) = received() {
        world.pipeline.queue().change_visibility(&message.receipt, Duration::ZERO).unwrap();
    }
    assert_eq!(world.pipeline.queue().dead_letters(QueueName::Orders).len(), 1);
}

/// An order whose only message is a dead letter: the store will not send it again.
async fn lost(world: &World) -> u64 {
    let order = world.shop.place_order(gloves());
    world.shop.drain_hooks().await;
    poison(world);
    order
}

#[tokio::test]
async fn a_poison_that_was_cured_and_is_redriven_twice_is_one_order() {
    for between in [Duration::from_mins(2), Duration::from_mins(10)] {
        let world = World::new().await;
        let order = lost(&world).await;
        let listing = listed(&world).await;
        assert_eq!(listing.letters[0].reason.code(), "received_too_often");
        assert_eq!(
            listing.letters[0].about,
            About::Order { key: key(MAIN, order), became: Became::NeverHeardOf }
        );
        // Killed between sending and deleting.
        let dead: &dyn DeadLetters = world.pipeline.queue();
        let letter = dead.receive(QueueName::Orders, 1, LOOK).await.unwrap().pop().unwrap();
        dead.send_back(&letter).await.unwrap();
        world.settle().await;
        world.is_synced(order).await;
        world.clock.advance(between);
        let done = redriven(&world, &wish()).await;
        assert_eq!((done.sent, &done.end), (1, &End::Done));
        let worked = world.drain().await;
        assert_eq!(
            worked.is_empty(),
            between < Duration::from_mins(5),
            "the queue drops it for five minutes"
        );
        world.settle().await;
        assert_eq!(world.company.orders().len(), 1);
        world.is_synced(order).await;
        world.ends(&[]).await;
    }
}

#[tokio::test]
async fn an_order_that_came_by_another_way_is_dropped_only_if_a_person_wishes_so() {
    let world = World::new().await;
    let order = lost(&world).await;
    world.clock.advance(Duration::from_mins(20));
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.settle().await;
    world.is_synced(order).await;
    let listing = listed(&world).await;
    assert_eq!(listing.letters[0].settled_order(), Some(&key(MAIN, order)));
    assert_eq!(wish().plan(&listing).settled_since, 1);
    let calls = world.kinetic_calls();
    let done = redriven(&world, &Wish { drop_settled: true, ..wish() }).await;
    assert_eq!((done.sent, done.dropped), (0, vec![key(MAIN, order)]));
    assert!(world.drain().await.is_empty());
    assert_eq!((world.state(order).await, world.kinetic_calls()), (OrderState::Synced, calls));
    world.ends(&[]).await;
}

#[tokio::test]
async fn an_edit_that_died_behind_a_settled_order_is_not_taken_for_settled() {
    let world = World::new().await;
    let order = world.order(gloves()).await;
    world.is_synced(order).await;
    world.clock.advance(Duration::from_mins(20));
    world.shop.update_order(order, |order| order.lines[0].quantity = 3);
    world.shop.drain_hooks().await;
    poison(&world);
    let done = redriven(&world, &Wish { drop_settled: true, ..wish() }).await;
    assert_eq!((done.sent, done.dropped.len()), (1, 0));
    world.settle().await;
    assert_eq!(world.is_synced(order).await.lines[0].selling_quantity, 3.into());
    world.ends(&[]).await;
}
