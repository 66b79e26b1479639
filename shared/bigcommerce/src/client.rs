//! The client: one store.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use connector_http::{Pacer, Policy, Remote, Surroundings, Transport};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use crate::catalog::Catalog;
use crate::customers::Customers;
use crate::hooks::Hooks;
use crate::inventory::Inventory;
use crate::orders::Orders;
use crate::price_lists::PriceLists;
use crate::vendor::{RATE_HEADERS, Store};

/// Calls that may be unanswered at a time; the vendor gives no number, and some endpoints allow three
/// (`docs/facts/bigcommerce.md` §8).
const IN_FLIGHT: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// Which store, and how to be let in.
#[derive(Clone)]
pub struct Settings {
    /// `https://api.bigcommerce.com`, or where a simulator listens: all before `/stores/`.
    pub base_url: Url,
    /// The store's hash, as in `/stores/{hash}/`.
    pub store_hash: String,
    /// The API account's token.
    pub access_token: SecretString,
    /// The part of the store's quota that this client may spend, 1 to 100: other apps live from the same quota.
    pub quota_share: u8,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}, {}, {} %)", self.base_url, self.store_hash, self.quota_share)
    }
}

/// Settings with which no call could succeed. A person must correct the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// Neither `http` nor `https`, or with a query.
    #[error("the base URL of BigCommerce must be http or https, without query or fragment")]
    BaseUrl,
    /// It would change the path.
    #[error("the store hash must be letters and digits")]
    StoreHash,
    /// Nothing would be let in.
    #[error("the access token is empty")]
    AccessToken,
    /// Nothing, or more than all.
    #[error("the share of the quota must be from 1 to 100")]
    QuotaShare,
}

/// One store. Clones share connections, pace and count.
#[derive(Debug, Clone)]
pub struct BigCommerce {
    remote: Remote,
}

impl BigCommerce {
    /// A client for the store in `settings`; nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        settings: Settings,
        transport: Transport,
        surroundings: Surroundings,
    ) -> Result<Self, SettingsError> {
        let Settings { base_url, store_hash, access_token, quota_share } = settings;
        if !matches!(base_url.scheme(), "http" | "https")
            || base_url.query().is_some()
            || base_url.fragment().is_some()
        {
            return Err(SettingsError::BaseUrl);
        }
        if store_hash.is_empty() || !store_hash.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(SettingsError::StoreHash);
        }
        if access_token.expose_secret().trim().is_empty() {
            return Err(SettingsError::AccessToken);
        }
        if !(1..=100).contains(&quota_share) {
            return Err(SettingsError::QuotaShare);
        }
        let base = format!("{}/stores/{store_hash}", base_url.as_str().trim_end_matches('/'));
        let base = Url::parse(&base).map_err(|_| SettingsError::BaseUrl)?;
        let pacer = Pacer::learned(RATE_HEADERS, quota_share, IN_FLIGHT);
        let store = Arc::new(Store::new(access_token));
        Ok(Self { remote: Remote::new(base, store, transport, pacer, Policy::default(), surroundings) })
    }

    /// How many calls this store has answered with success so far; it never goes back. A breaker that sees it grow knows that the store works.
    pub fn heard(&self) -> u64 {
        self.remote.heard()
    }

    /// Orders and what belongs to them.
    pub const fn orders(&self) -> Orders<'_> {
        Orders::new(&self.remote)
    }

    /// Registered shoppers.
    pub const fn customers(&self) -> Customers<'_> {
        Customers::new(&self.remote)
    }

    /// Products and variants.
    pub const fn catalog(&self) -> Catalog<'_> {
        Catalog::new(&self.remote)
    }

    /// Stock by location.
    pub const fn inventory(&self) -> Inventory<'_> {
        Inventory::new(&self.remote)
    }

    /// Price lists.
    pub const fn price_lists(&self) -> PriceLists<'_> {
        PriceLists::new(&self.remote)
    }

    /// The hooks of our API account.
    pub const fn hooks(&self) -> Hooks<'_> {
        Hooks::new(&self.remote)
    }

    /// The store itself.
    pub const fn store(&self) -> crate::store::Store<'_> {
        crate::store::Store::new(&self.remote)
    }
}

#[cfg(test)]
mod tests {
    use connector_domain::{ManualClock, SeededRandom, Timestamp};
    use connector_http::TransportSettings;
    use test_case::test_case;

    use super::*;

    fn settings() -> Settings {
        Settings {
            base_url: Url::parse("https://api.bigcommerce.com").unwrap(),
            store_hash: "abc123".to_owned(),
            access_token: "the-token".into(),
            quota_share: 40,
        }
    }

    fn client(settings: Settings) -> Result<BigCommerce, SettingsError> {
        let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        let surroundings = Surroundings { clock, random: Arc::new(SeededRandom::new(1)) };
        BigCommerce::new(settings, Transport::new(&TransportSettings::default()).unwrap(), surroundings)
    }

    #[test_case(|s| s.base_url = "ftp://x/".parse().unwrap(), SettingsError::BaseUrl; "no web")]
    #[test_case(|s| s.base_url = "https://x/?a=1".parse().unwrap(), SettingsError::BaseUrl; "a query")]
    #[test_case(|s| s.store_hash = String::new(), SettingsError::StoreHash; "no store")]
    #[test_case(|s| s.store_hash = "../abc".to_owned(), SettingsError::StoreHash; "a way out of the store")]
    #[test_case(|s| s.access_token = " ".into(), SettingsError::AccessToken; "no token")]
    #[test_case(|s| s.quota_share = 0, SettingsError::QuotaShare; "nothing of the quota")]
    #[test_case(|s| s.quota_share = 101, SettingsError::QuotaShare; "more than all of the quota")]
    fn settings_that_cannot_work_are_refused(spoil: fn(&mut Settings), error: SettingsError) {
        let mut settings = settings();
        spoil(&mut settings);
        assert_eq!(client(settings).unwrap_err(), error);
    }

    #[test]
    fn no_key_can_be_printed() {
        assert!(!format!("{:?} {:?}", settings(), client(settings())).contains("the-token"));
    }
}
