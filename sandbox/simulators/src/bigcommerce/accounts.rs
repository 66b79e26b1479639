//! The API accounts of a store: each has its own keys and sees only its own hooks (`docs/facts/bigcommerce.md` §2.1).

use std::collections::BTreeMap;

use super::{BigCommerceConfig, BigCommerceSim};

/// One API account.
#[derive(Clone)]
pub(crate) struct Account {
    /// Signs the webhooks of its hooks.
    pub(crate) client_secret: String,
    access_token: String,
}

/// All API accounts by their client id.
#[derive(Clone)]
pub(crate) struct Accounts(BTreeMap<String, Account>);

/// Put into a request's extensions by the guard: the client id that its token belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Owner(pub(crate) String);

impl Accounts {
    /// The configuration's account alone.
    pub(crate) fn new(config: &BigCommerceConfig) -> Self {
        let mut accounts = Self(BTreeMap::new());
        accounts.put(&config.client_id, &config.client_secret, &config.access_token);
        accounts
    }

    pub(crate) fn get(&self, client_id: &str) -> Option<&Account> {
        self.0.get(client_id)
    }

    /// Whose token this is.
    pub(crate) fn owner(&self, token: &str) -> Option<Owner> {
        let known = self.0.iter().find(|(_, account)| account.access_token == token);
        known.map(|(client_id, _)| Owner(client_id.clone()))
    }

    fn put(&mut self, client_id: &str, client_secret: &str, access_token: &str) {
        let account =
            Account { client_secret: client_secret.to_owned(), access_token: access_token.to_owned() };
        self.0.insert(client_id.to_owned(), account);
    }
}

/// Without the keys.
impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl BigCommerceSim {
    /// Adds an API account, besides the configuration's. One that is there already gets these keys and keeps its hooks.
    pub fn add_account(&self, client_id: &str, client_secret: &str, access_token: &str) {
        for secret in [client_secret, access_token] {
            self.shared.config.recorder.redact(secret);
        }
        self.store().accounts.put(client_id, client_secret, access_token);
    }

    /// Deletes an API account, the configuration's too: its hooks go with it, and its token is 401 from now on.
    /// `false` if there is no such account.
    pub fn remove_account(&self, client_id: &str) -> bool {
        let mut store = self.store();
        store.hooks.retain(|_, hook| hook.client_id != client_id);
        store.emails.remove(client_id);
        store.blocklist.forget(client_id);
        store.accounts.0.remove(client_id).is_some()
    }
}
