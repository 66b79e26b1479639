//! The job `stock`: levels of stock that changed go out to the store.

use std::time::Duration;

use connector_domain::{ConnectionId, Sku};

use super::turn::{Catalogue, CatalogueJob, Halt, Keeper, Turn};
use crate::job::{Failure, after};
use crate::jobs::Ran;

impl Catalogue<'_> {
    /// How old the store's stock can be; `None` where nothing was published yet, or none is to be.
    ///
    /// # Errors
    /// A port of ours failed.
    #[expect(clippy::unused_async, reason = "it will read the cursor")]
    pub async fn stock_age(&self, _connection: &ConnectionId) -> Result<Option<Duration>, Failure> {
        Ok(None)
    }
}

impl Turn<'_> {
    pub(super) async fn stock(&self) -> Result<Ran, Halt> {
        let mut at: Keeper<'_, ()> = self.keeper(CatalogueJob::Stock).await?;
        at.next = after(self.on.now(), Duration::from_mins(5));
        at.keep().await?;
        Ok(Ran::default())
    }

    /// Stock is published between the pages of another job, if its time has come.
    #[expect(clippy::unused_async, reason = "it will publish")]
    pub(super) async fn let_stock_in(&self) -> Result<(), Halt> {
        Ok(())
    }

    /// Publishes the stock of these SKUs anew, whatever the shelf says of it; how many levels went out.
    #[expect(clippy::unused_async, reason = "it will publish")]
    pub(super) async fn restock(&self, _skus: &[Sku]) -> Result<usize, Halt> {
        Ok(0)
    }
}
