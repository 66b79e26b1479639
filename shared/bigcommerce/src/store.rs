//! The store itself: its time, its name, its currency (`docs/facts/bigcommerce.md` §9).

use connector_domain::{Deadline, Timestamp};
use connector_http::{Call, CallError, Remote};
use serde::Deserialize;

use crate::wire::lenient;

/// What a person recognises a store by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoreInformation {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// Where it is.
    #[serde(default, deserialize_with = "lenient::text")]
    pub domain: String,
    /// `live`, for example.
    #[serde(default, deserialize_with = "lenient::text")]
    pub status: String,
    /// Its default currency.
    #[serde(default, deserialize_with = "lenient::text")]
    pub currency: String,
}

/// The store itself.
#[derive(Debug, Clone, Copy)]
pub struct Store<'a> {
    remote: &'a Remote,
}

impl<'a> Store<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// What time it is there, to the second.
    ///
    /// # Errors
    /// By class; `Unreadable` if it is no time.
    pub async fn time(&self, deadline: Deadline) -> Result<Timestamp, CallError> {
        #[derive(Deserialize)]
        struct Told {
            time: i64,
        }
        let answer = self.remote.send(&Call::get("GET /v2/time", "v2/time"), deadline).await?;
        let Told { time } = answer.json()?;
        Timestamp::from_second(time).map_err(|_| answer.unreadable("time: is no moment"))
    }

    /// Name, address, status and currency.
    ///
    /// # Errors
    /// By class: `Forbidden` where the API account lacks the scope of the store's information.
    pub async fn information(&self, deadline: Deadline) -> Result<StoreInformation, CallError> {
        self.remote.send(&Call::get("GET /v2/store", "v2/store"), deadline).await?.json()
    }
}
