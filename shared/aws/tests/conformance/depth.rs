//! How much a queue holds, which no port asks for.

use connector_aws::{AwsInbox, AwsQueue, queues};
use connector_domain::OrderId;
use connector_ports::{DedupId, OrderMessage, Origin, Queue as _, QueueName};

use super::*;

#[tokio::test]
async fn a_queue_says_what_waits_what_is_in_flight_and_what_was_given_up() {
    let clients = clients();
    let made = queues::create(&clients, &fresh("depth"), Duration::from_mins(30)).await.unwrap();
    let (queue, url) = (AwsQueue::new(&clients, made.urls.clone()), made.urls.orders.clone());
    let inbox = AwsInbox::new(&clients, QueueName::Orders, url, made.dead_letters.orders.clone());
    let counts = async || (inbox.waiting().await.unwrap(), inbox.dead_letters().await.unwrap());
    assert_eq!(counts().await, (0, 0));
    for order in [1, 2] {
        let dedup = DedupId::received(format!("message-{order}"));
        let message = OrderMessage::new("main-store".parse().unwrap(), OrderId(order), Origin::Hook, dedup);
        queue.send_order(&message, 2).await.unwrap();
    }
    assert_eq!(counts().await, (2, 0));
    let received = inbox.receive().await.unwrap().unwrap();
    assert_eq!(counts().await, (2, 0), "one of them is in flight");
    inbox.send_to_dead_letters(received.body, &received.lane, &received.dedup).await.unwrap();
    inbox.delete(&received.receipt).await.unwrap();
    assert_eq!(counts().await, (1, 1));
}
