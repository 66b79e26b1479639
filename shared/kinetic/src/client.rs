//! The client: one company.

use std::sync::Arc;

use connector_http::{Pacer, Policy, Remote, Surroundings, Transport};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::auth::Identity;
use crate::customers::Customers;
use crate::invoke::Door;
use crate::parts::Parts;
use crate::sales_orders::SalesOrders;
use crate::settings::{Settings, SettingsError};
use crate::vendor::Company;

/// One company of one Kinetic. Clones share connections and pace.
#[derive(Debug, Clone)]
pub struct Kinetic {
    door: Door,
}

impl Kinetic {
    /// A client for the company in `settings`; nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(
        settings: Settings,
        transport: Transport,
        surroundings: Surroundings,
    ) -> Result<Self, SettingsError> {
        let (per_second, in_flight) = settings.checked()?;
        let company = utf8_percent_encode(&settings.company, NON_ALPHANUMERIC);
        let base = format!("{}/api/v2/odata/{company}", settings.base_url.as_str().trim_end_matches('/'));
        let base = Url::parse(&base).map_err(|_| SettingsError::BaseUrl)?;
        let vendor = Arc::new(Company::new(Identity::of(&settings)));
        let pacer = Pacer::fixed(per_second, in_flight, surroundings.clock.clone());
        let remote = Remote::new(base, vendor, transport, pacer, Policy::default(), surroundings);
        Ok(Self { door: Door::new(remote, settings) })
    }

    /// Sales orders.
    pub const fn sales_orders(&self) -> SalesOrders<'_> {
        SalesOrders::new(&self.door)
    }

    /// Customers.
    pub const fn customers(&self) -> Customers<'_> {
        Customers::new(&self.door)
    }

    /// Parts.
    pub const fn parts(&self) -> Parts<'_> {
        Parts::new(&self.door)
    }
}
