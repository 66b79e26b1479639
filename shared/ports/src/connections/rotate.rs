//! The two rotations of a store's credentials (`docs/rotations.md`). What is replaced goes on counting for a while.

use connector_domain::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use super::{Replaced, ShopCredentials};

/// Why nothing was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotRotated {
    /// A third value would push out the first, under which deliveries may still come.
    #[error("the one before still counts until {until}; wait for it")]
    UnderWay {
        /// Until when.
        until: Timestamp,
    },
    /// There is no header whose value could change.
    #[error(
        "its hooks bear no secret header; write [bigcommerce.webhook_header] into its file and put it first"
    )]
    NoHeader,
    /// Somebody changes it by hand.
    #[error("it has two client secrets; put it with the one that its API account has")]
    TwoSecrets,
    /// It would count twice, and its hooks would be deleted as the old ones.
    #[error(
        "that is what it has already: it must be another API account, with a token and a client secret of its own"
    )]
    Same,
}

impl ShopCredentials {
    /// Gives the header of the hooks another value.
    ///
    /// # Errors
    /// [`NotRotated`]; nothing has changed then.
    pub fn rotate_header(&mut self, value: SecretString, now: Timestamp) -> Result<(), NotRotated> {
        idle(self.old.header.as_ref(), now)?;
        let (_, current) = self.header.as_mut().ok_or(NotRotated::NoHeader)?;
        if same(current, &value) {
            return Err(NotRotated::Same);
        }
        let before = std::mem::replace(current, value);
        self.old.header = Some(Replaced::at(now, before));
        Ok(())
    }

    /// Gives it another API account, or gives it the rest of the one whose client secret it has already: where secrets are stored one after
    /// another, the first may have been stored alone.
    ///
    /// # Errors
    /// [`NotRotated`]; nothing has changed then.
    pub fn rotate_account(
        &mut self,
        access_token: SecretString,
        client_secret: SecretString,
        now: Timestamp,
    ) -> Result<(), NotRotated> {
        let [current] = self.client_secrets.as_slice() else { return Err(NotRotated::TwoSecrets) };
        let half = self.half_rotated(now).filter(|_| same(current, &client_secret));
        let before = if let Some(half) = half {
            half.secret.clone()
        } else {
            idle(self.old.client_secret.as_ref(), now)?;
            idle(self.old.access_token.as_ref(), now)?;
            current.clone()
        };
        if same(&before, &client_secret) || same(&self.access_token, &access_token) {
            return Err(NotRotated::Same);
        }
        self.old.client_secret = Some(Replaced::at(now, before));
        self.client_secrets = vec![client_secret];
        let before = std::mem::replace(&mut self.access_token, access_token);
        self.old.access_token = Some(Replaced::at(now, before));
        Ok(())
    }

    /// The client secret that was replaced, if the token was not: the account's rotation was cut short.
    pub fn half_rotated(&self, now: Timestamp) -> Option<&Replaced> {
        let whole = self.old.access_token.as_ref().is_some_and(|old| old.counts(now));
        self.old.client_secret.as_ref().filter(|old| !whole && old.counts(now))
    }
}

fn idle(old: Option<&Replaced>, now: Timestamp) -> Result<(), NotRotated> {
    match old.filter(|old| old.counts(now)) {
        Some(old) => Err(NotRotated::UnderWay { until: old.until }),
        None => Ok(()),
    }
}

fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret() == b.expose_secret()
}

#[cfg(test)]
mod tests {
    use connector_domain::{Clock as _, ManualClock};

    use super::super::{OVERLAP, Old};
    use super::*;

    fn shop() -> ShopCredentials {
        ShopCredentials {
            base_url: "https://api.bigcommerce.com/".parse().unwrap(),
            store_hash: "abc123".to_owned(),
            access_token: "token-1".into(),
            client_secrets: vec!["client-1".into()],
            header: Some(("X-Ours".to_owned(), "header-1".into())),
            old: Old::default(),
        }
    }

    fn plain(secret: Option<&Replaced>) -> Option<&str> {
        secret.map(|old| old.secret.expose_secret())
    }

    #[test]
    fn what_is_replaced_is_remembered_and_nothing_is_pushed_out_while_it_counts() {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let mut shop = shop();
        shop.rotate_header("header-2".into(), clock.now()).unwrap();
        shop.rotate_account("token-2".into(), "client-2".into(), clock.now()).unwrap();
        assert_eq!(plain(shop.old.header.as_ref()), Some("header-1"));
        assert_eq!(plain(shop.old.client_secret.as_ref()), Some("client-1"));
        assert_eq!(plain(shop.old.access_token.as_ref()), Some("token-1"));
        assert_eq!(shop.access_token.expose_secret(), "token-2");
        let until = shop.old.header.as_ref().unwrap().until;
        let under_way = Err(NotRotated::UnderWay { until });
        assert_eq!(shop.rotate_header("header-3".into(), clock.now()), under_way);
        assert_eq!(shop.rotate_account("token-3".into(), "client-3".into(), clock.now()), under_way);
        clock.advance(OVERLAP);
        shop.rotate_header("header-3".into(), clock.now()).unwrap();
        assert_eq!(plain(shop.old.header.as_ref()), Some("header-2"));
    }

    #[test]
    fn a_rotation_of_which_only_the_first_half_was_stored_is_given_the_rest() {
        let (mut shop, now) = (shop(), Timestamp::UNIX_EPOCH);
        let mut whole = shop.clone();
        whole.rotate_account("token-2".into(), "client-2".into(), now).unwrap();
        shop.client_secrets.clone_from(&whole.client_secrets);
        shop.old.client_secret.clone_from(&whole.old.client_secret);
        assert!(shop.half_rotated(now).is_some() && whole.half_rotated(now).is_none());
        let mut other = shop.clone();
        assert!(other.rotate_account("token-3".into(), "client-3".into(), now).is_err(), "a third");
        shop.rotate_account("token-2".into(), "client-2".into(), now).unwrap();
        assert_eq!(plain(shop.old.client_secret.as_ref()), Some("client-1"));
        assert_eq!(plain(shop.old.access_token.as_ref()), Some("token-1"));
    }

    #[test]
    fn what_is_no_change_or_cannot_be_one_is_refused() {
        let (mut shop, now) = (shop(), Timestamp::UNIX_EPOCH);
        let same = Err(NotRotated::Same);
        assert_eq!(shop.rotate_header("header-1".into(), now), same);
        assert_eq!(shop.rotate_account("token-1".into(), "client-2".into(), now), same);
        assert_eq!(shop.rotate_account("token-2".into(), "client-1".into(), now), same);
        shop.client_secrets.push("client-0".into());
        let two = shop.rotate_account("token-2".into(), "client-2".into(), now);
        assert_eq!(two, Err(NotRotated::TwoSecrets));
        shop.header = None;
        assert_eq!(shop.rotate_header("header-2".into(), now), Err(NotRotated::NoHeader));
        assert!(shop.old.is_empty());
    }
}
