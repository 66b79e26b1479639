//! Hooks as a story handles them, past the API and its rules.

use std::collections::BTreeMap;

use url::Url;

use super::{
    BigCommerceSim, OrderEvent,
    hooks::{Activity, Hook},
};

impl BigCommerceSim {
    /// Registers a hook of the configuration's account without asking the API's rules; answers the id.
    pub fn add_hook(&self, scope: &str, destination: &Url, headers: &[(&str, &str)]) -> u64 {
        self.insert_hook(&self.shared.config.client_id, scope, destination, headers)
    }

    /// As [`BigCommerceSim::add_hook`], of another API account; `None` if there is no such account.
    pub fn add_hook_of(
        &self,
        client_id: &str,
        scope: &str,
        destination: &Url,
        headers: &[(&str, &str)],
    ) -> Option<u64> {
        self.store().accounts.get(client_id)?;
        Some(self.insert_hook(client_id, scope, destination, headers))
    }

    fn insert_hook(&self, client_id: &str, scope: &str, destination: &Url, headers: &[(&str, &str)]) -> u64 {
        self.redact_all(headers);
        let now = self.shared.config.clock.now();
        let mut store = self.store();
        let id = store.next_hook;
        store.next_hook += 1;
        store.hooks.insert(
            id,
            Hook {
                id,
                client_id: client_id.to_owned(),
                scope: scope.to_owned(),
                destination: destination.to_string(),
                headers: Some(owned(headers)),
                state: Activity::Active,
                muted: false,
                idle_since: now,
                created_at: now.as_second(),
                updated_at: now.as_second(),
            },
        );
        id
    }

    fn redact_all(&self, headers: &[(&str, &str)]) {
        for (_, secret) in headers {
            self.shared.config.recorder.redact(secret);
        }
    }

    /// Switches a hook off, as the store does after 48 hours of refusals, and says whether there is one.
    pub fn switch_off_hook(&self, id: u64) -> bool {
        self.edit_hook(id, |hook| hook.state = Activity::Deactivated)
    }

    /// The hook stays listed as active and delivers nothing from now on, not even what is queued for it.
    pub fn mute_hook(&self, id: u64) -> bool {
        self.edit_hook(id, |hook| hook.muted = true)
    }

    /// The hook delivers what happens from now on.
    pub fn unmute_hook(&self, id: u64) -> bool {
        self.edit_hook(id, |hook| hook.muted = false)
    }

    /// Deletes a hook, whoever's it is.
    pub fn delete_hook(&self, id: u64) -> bool {
        self.store().hooks.remove(&id).is_some()
    }

    /// Points a hook elsewhere, as another program with the same keys might.
    pub fn repoint_hook(&self, id: u64, destination: &Url) -> bool {
        self.edit_hook(id, |hook| hook.destination = destination.to_string())
    }

    /// Gives a hook these custom headers in place of its own.
    pub fn set_hook_headers(&self, id: u64, headers: &[(&str, &str)]) -> bool {
        self.redact_all(headers);
        self.edit_hook(id, |hook| hook.headers = Some(owned(headers)))
    }

    fn edit_hook(&self, id: u64, edit: impl FnOnce(&mut Hook)) -> bool {
        let now = self.shared.config.clock.now();
        self.store().hooks_at(now).get_mut(&id).map(edit).is_some()
    }

    /// All hooks as the wire shows them, of all accounts.
    pub fn hooks(&self) -> Vec<serde_json::Value> {
        let config = &self.shared.config;
        self.store().hooks_at(config.clock.now()).values().map(|hook| hook.wire(config)).collect()
    }

    /// Queues an event for every hook that asked for it, without changing the order.
    pub fn emit(&self, event: OrderEvent, order_id: u64) {
        let now = self.shared.config.clock.now();
        self.store().emit(event, order_id, now, &self.shared.config);
    }
}

fn owned(headers: &[(&str, &str)]) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
