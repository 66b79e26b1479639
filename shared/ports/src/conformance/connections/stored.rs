//! The source: what is stored is what is read.

use connector_domain::ConnectionId;

use super::ConnectionsSubject;
use super::sample::{SECRETS, changes, stored};
use crate::connections::Doorway;
use crate::outlines::Outline;
use crate::sameness::Stored as _;

/// And follow what is stored and removed.
pub async fn connections_are_listed_in_order(subject: ConnectionsSubject) {
    assert_eq!(listed(&subject).await, [""; 0]);
    for id in ["main-store", "b", "main", "a-store", "main-store2", "b"] {
        subject.store.put(stored(id)).await;
    }
    assert_eq!(listed(&subject).await, ["a-store", "b", "main", "main-store", "main-store2"]);
    subject.store.remove(&"main-store".parse().unwrap()).await;
    assert_eq!(listed(&subject).await, ["a-store", "b", "main", "main-store2"]);
}

/// Every part of it, secrets included, also when it takes the place of another.
pub async fn a_connection_comes_back_as_it_was_stored(subject: ConnectionsSubject) {
    let mut connection = stored("main-store");
    subject.store.put(connection.clone()).await;
    subject.store.put(stored("other-store")).await;
    assert!(subject.source.read(&connection.id).await.unwrap().unwrap().is_same_as(&connection));
    for (what, change) in changes() {
        change(&mut connection);
        subject.store.put(connection.clone()).await;
        assert!(
            subject.source.read(&connection.id).await.unwrap().unwrap().is_same_as(&connection),
            "{what}"
        );
    }
}

/// The webhook secrets and the rules of the same connection, and it follows every change of them.
pub async fn a_doorway_shows_what_checks_a_webhook_and_follows_it(subject: ConnectionsSubject) {
    let mut connection = stored("main-store");
    assert!(subject.doorways.read(&connection.id).await.unwrap().is_none());
    subject.store.put(connection.clone()).await;
    assert_eq!(subject.doorways.list().await.unwrap(), [connection.id.clone()]);
    for (what, change) in changes() {
        change(&mut connection);
        subject.store.put(connection.clone()).await;
        let doorway = subject.doorways.read(&connection.id).await.unwrap().unwrap();
        assert!(doorway.is_same_as(&Doorway::from(connection.clone())), "{what}");
    }
    subject.store.remove(&connection.id).await;
    assert!(subject.doorways.read(&connection.id).await.unwrap().is_none());
}

/// Whatever of a connection changes, and when one comes or goes.
pub async fn outlines_show_every_connection_and_follow_it(subject: ConnectionsSubject) {
    assert_eq!(subject.outlines.outlines().await.unwrap(), []);
    let (mut connection, other) = (stored("main-store"), stored("a-store"));
    subject.store.put(connection.clone()).await;
    subject.store.put(other.clone()).await;
    for (what, change) in changes() {
        change(&mut connection);
        subject.store.put(connection.clone()).await;
        let expected = [Outline::from(&other), Outline::from(&connection)];
        assert_eq!(subject.outlines.outlines().await.unwrap(), expected, "{what}");
    }
    subject.store.remove(&other.id).await;
    assert_eq!(subject.outlines.outlines().await.unwrap(), [Outline::from(&connection)]);
}

/// And the others stay.
pub async fn a_connection_that_was_removed_is_gone(subject: ConnectionsSubject) {
    let id: ConnectionId = "main-store".parse().unwrap();
    assert!(subject.source.read(&id).await.unwrap().is_none());
    subject.store.put(stored("main-store")).await;
    subject.store.put(stored("main-store2")).await;
    subject.store.remove(&id).await;
    assert!(subject.source.read(&id).await.unwrap().is_none());
    assert_eq!(listed(&subject).await, ["main-store2"]);
}

/// Neither of a connection that was read, nor of the source that has read it.
pub async fn debug_prints_no_secret(subject: ConnectionsSubject) {
    subject.store.put(stored("main-store")).await;
    let connection = subject.source.read(&"main-store".parse().unwrap()).await.unwrap().unwrap();
    let doorway = subject.doorways.read(&"main-store".parse().unwrap()).await.unwrap().unwrap();
    let sources = format!("{:?} {:?}", subject.source, subject.doorways);
    for printed in [format!("{connection:?}"), format!("{connection:#?}"), format!("{doorway:?}"), sources] {
        for secret in SECRETS {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    assert!(format!("{connection:?}").contains("main-store"));
}

async fn listed(subject: &ConnectionsSubject) -> Vec<String> {
    subject.source.list().await.unwrap().into_iter().map(String::from).collect()
}
