//! Hooks as a story handles them, past the API and its rules.

use url::Url;

use super::{BigCommerceSim, OrderEvent, hooks::Hook};

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
        let now = self.shared.config.clock.now().as_second();
        let mut store = self.store();
        let id = store.next_hook;
        store.next_hook += 1;
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        store.hooks.insert(
            id,
            Hook {
                id,
                client_id: client_id.to_owned(),
                scope: scope.to_owned(),
                destination: destination.to_string(),
                headers: Some(headers),
                is_active: true,
                created_at: now,
                updated_at: now,
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
        self.edit_hook(id, |hook| hook.is_active = false)
    }

    fn edit_hook(&self, id: u64, edit: impl FnOnce(&mut Hook)) -> bool {
        self.store().hooks.get_mut(&id).map(edit).is_some()
    }

    /// All hooks as the wire shows them, of all accounts.
    pub fn hooks(&self) -> Vec<serde_json::Value> {
        self.store().hooks.values().map(|hook| hook.wire(&self.shared.config)).collect()
    }

    /// Queues an event for every hook that asked for it, without changing the order.
    pub fn emit(&self, event: OrderEvent, order_id: u64) {
        let now = self.shared.config.clock.now();
        self.store().emit(event, order_id, now, &self.shared.config);
    }
}
