//! What a file that is put says about a rotation: nothing. So what is stored of one goes on, or the file is refused. Pure.

use connector_domain::Timestamp;
use connector_ports::{Connection, ShopCredentials};
use secrecy::{ExposeSecret as _, SecretString};

/// A connection as it is to be stored.
#[derive(Debug)]
pub(super) struct Carried {
    pub(super) connection: Connection,
    /// What is not as the file says, or goes on.
    pub(super) notes: Vec<String>,
    /// What the file breaks off.
    pub(super) lost: Vec<String>,
}

/// `file` in place of `stored`, with the rotations of that one. What would be lost is lost only if the caller goes on all the same.
pub(super) fn carried(file: Connection, stored: Option<&Connection>, now: Timestamp) -> Carried {
    let mut carried = Carried { connection: file, notes: Vec::new(), lost: Vec::new() };
    let Some(stored) = stored else { return carried };
    let (before, old) = (&stored.credentials.bigcommerce, &stored.credentials.bigcommerce.old);
    let shop = &mut carried.connection.credentials.bigcommerce;
    let mut next = old.clone().pruned(now);
    if let Some(replaced) = &old.header {
        let in_file = Value::of(shop, |value| same(value, &replaced.secret), before);
        match (in_file, next.header.is_some()) {
            (Value::Old, _) => {
                // Nobody knows the new value. What it replaced stays known, so that this file never brings it back.
                shop.header.clone_from(&before.header);
                next.header = Some(replaced.clone());
                carried.notes.push(
                    "the file has the secret header's value from before it was rotated; the new one stays"
                        .to_owned(),
                );
            }
            (Value::Current, true) => {
                carried.notes.push(format!("the header's rotation goes on until {}", replaced.until));
            }
            (Value::Other, true) => {
                next.header = None;
                carried.lost.push(format!(
                    "the file changes the secret header while its rotation is under way until {}: deliveries with either value would be refused",
                    replaced.until
                ));
            }
            (Value::Current | Value::Other, false) => {}
        }
    }
    if let Some(until) = next.access_token.as_ref().or(next.client_secret.as_ref()).map(|old| old.until) {
        let same_account = same(&shop.access_token, &before.access_token)
            && shop.client_secrets.len() == before.client_secrets.len()
            && shop.client_secrets.iter().zip(&before.client_secrets).all(|(a, b)| same(a, b));
        if same_account {
            carried.notes.push(format!("the API account's rotation goes on until {until}"));
        } else {
            (next.access_token, next.client_secret) = (None, None);
            carried.lost.push(format!(
                "the file has another API account than the one that is stored, which is taking its predecessor's place until {until}: write its access_token and client_secrets into the file"
            ));
        }
    } else if old.access_token.as_ref().is_some_and(|old| same(&old.secret, &shop.access_token)) {
        carried.lost.push(
            "the file has the API account from before the rotation: write the new one's access_token and client_secrets into it".to_owned(),
        );
    }
    shop.old = next;
    carried
}

/// Which value of the header a file has.
enum Value {
    Old,
    Current,
    Other,
}

impl Value {
    fn of(shop: &ShopCredentials, is_old: impl Fn(&SecretString) -> bool, stored: &ShopCredentials) -> Self {
        match (&shop.header, &stored.header) {
            (Some((name, _)), Some((stored_name, _))) if name != stored_name => Self::Other,
            (Some((_, value)), Some((_, current))) if same(value, current) => Self::Current,
            (Some((_, value)), Some(_)) if is_old(value) => Self::Old,
            (_, _) => Self::Other,
        }
    }
}

fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret() == b.expose_secret()
}

#[cfg(test)]
mod tests {
    use connector_domain::{Clock as _, ManualClock};
    use connector_ports::{Credentials, KineticCredentials, Login, OVERLAP, Old};

    use super::*;

    fn file() -> Connection {
        let bigcommerce = ShopCredentials {
            base_url: "https://api.bigcommerce.com/".parse().unwrap(),
            store_hash: "abc123".to_owned(),
            access_token: "token-1".into(),
            client_secrets: vec!["client-1".into()],
            header: Some(("X-Ours".to_owned(), "header-1".into())),
            old: Old::default(),
        };
        let kinetic = KineticCredentials {
            base_url: "https://kinetic.example.com/live/".parse().unwrap(),
            company: "EPIC06".to_owned(),
            api_key: "key".into(),
            login: Login::Basic { username: "connector".to_owned(), password: "password".into() },
            ca_pem: None,
        };
        let credentials = Credentials { bigcommerce, kinetic };
        Connection { id: "main-store".parse().unwrap(), rules: String::new(), credentials }
    }

    fn changed(change: impl FnOnce(&mut ShopCredentials)) -> Connection {
        let mut file = file();
        change(&mut file.credentials.bigcommerce);
        file
    }

    fn clock() -> ManualClock {
        ManualClock::at(Timestamp::UNIX_EPOCH)
    }

    fn value(connection: &Connection) -> &str {
        connection.credentials.bigcommerce.header.as_ref().unwrap().1.expose_secret()
    }

    #[test]
    fn the_file_from_before_a_headers_rotation_never_brings_the_old_value_back() {
        let clock = clock();
        let stored = changed(|shop| shop.rotate_header("header-2".into(), clock.now()).unwrap());
        for _ in 0..2 {
            let put = carried(file(), Some(&stored), clock.now());
            assert_eq!((value(&put.connection), put.lost.len(), put.notes.len()), ("header-2", 0, 1));
            assert!(put.connection.credentials.bigcommerce.old.header.is_some());
            clock.advance(OVERLAP);
        }
        let third = changed(|shop| shop.header = Some(("X-Ours".to_owned(), "header-3".into())));
        let put = carried(third, Some(&stored), clock.now());
        assert_eq!((value(&put.connection), put.lost.len()), ("header-3", 0), "the rotation is over");
        assert!(put.connection.credentials.bigcommerce.old.is_empty(), "and what is over goes");
    }

    #[test]
    fn a_third_value_is_told_as_what_it_breaks_off() {
        let clock = clock();
        let stored = changed(|shop| shop.rotate_header("header-2".into(), clock.now()).unwrap());
        let third = changed(|shop| shop.header = Some(("X-Ours".to_owned(), "header-3".into())));
        for file in [third, changed(|shop| shop.header = None)] {
            assert_eq!(carried(file, Some(&stored), clock.now()).lost.len(), 1);
        }
        let other_name = changed(|shop| shop.header = Some(("X-Other".to_owned(), "header-1".into())));
        assert_eq!(carried(other_name, Some(&stored), clock.now()).lost.len(), 1);
    }

    #[test]
    fn an_accounts_rotation_goes_on_with_the_new_account_and_is_told_with_another() {
        let clock = clock();
        let new = |shop: &mut ShopCredentials| {
            shop.rotate_account("token-2".into(), "client-2".into(), clock.now()).unwrap();
        };
        let stored = changed(new);
        let names_it = changed(|shop| {
            shop.access_token = "token-2".into();
            shop.client_secrets = vec!["client-2".into()];
        });
        let put = carried(names_it, Some(&stored), clock.now());
        assert_eq!((put.lost.len(), put.notes.len()), (0, 1));
        assert!(put.connection.credentials.bigcommerce.old.access_token.is_some());
        assert_eq!(carried(file(), Some(&stored), clock.now()).lost.len(), 1);
        clock.advance(OVERLAP);
        assert_eq!(carried(file(), Some(&stored), clock.now()).lost.len(), 1, "the account before");
    }
}
