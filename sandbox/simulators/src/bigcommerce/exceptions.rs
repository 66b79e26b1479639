//! `store/hook/deliveryException`: a hook that is told when others fail (`docs/facts/bigcommerce.md` §2.4).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    BigCommerceConfig,
    events::Event,
    hooks::{DELIVERY_EXCEPTION, Hook},
    store::Store,
};

/// That a delivery will be tried again is told so often at most, for each destination.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exception {
    /// It failed and will be tried again.
    WillRetry,
    /// It failed for the last time, and the hook is switched off.
    Exhausted,
    /// Its domain is blocked for a while.
    Blocked,
}

impl Exception {
    fn code(self) -> u32 {
        match self {
            Self::WillRetry => 90001,
            Self::Exhausted => 90002,
            Self::Blocked => 90003,
        }
    }

    /// The words are ours: only their sense is known.
    fn message(self) -> &'static str {
        match self {
            Self::WillRetry => "The delivery failed and will be retried.",
            Self::Exhausted => "All retries failed; the webhook is being disabled.",
            Self::Blocked => "The domain is temporarily blocked.",
        }
    }
}

/// When a coming retry was told last, by account and destination.
#[derive(Debug, Default)]
pub(crate) struct Exceptions(BTreeMap<(String, String), Timestamp>);

impl Exceptions {
    /// Whether a coming retry is told now.
    fn due(&mut self, failed: &Hook, now: Timestamp) -> bool {
        let key = (failed.client_id.clone(), failed.destination.clone());
        let due = self.0.get(&key).is_none_or(|last| now.duration_since(*last) >= AT_MOST_EVERY);
        if due {
            self.0.insert(key, now);
        }
        due
    }
}

impl Store {
    /// Tells the account's hook for exceptions of `failed`; about itself it is told nothing.
    pub(crate) fn tell_exception(
        &mut self,
        exception: Exception,
        failed: &Hook,
        now: Timestamp,
        config: &BigCommerceConfig,
    ) {
        let of_account = self.hooks.values_mut().filter(|hook| hook.client_id == failed.client_id);
        let mut told = of_account.filter(|hook| hook.scope == DELIVERY_EXCEPTION && hook.id != failed.id);
        let Some(hook) = told.find(|hook| hook.is_active()) else { return };
        if exception == Exception::WillRetry && !self.exceptions.due(failed, now) {
            return;
        }
        hook.idle_since = now;
        if hook.muted {
            return;
        }
        let data = json!({
            "type": "webhook", "id": failed.id, "error_code": exception.code(), "message": exception.message(),
        });
        // It tells of no order.
        let event = Event::new(DELIVERY_EXCEPTION, &data, 0, now, config);
        self.outbox.push(hook.id, event, now);
    }
}
