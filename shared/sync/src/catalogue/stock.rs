//! The job `stock`: levels of stock that changed go out to the store.

use super::turn::{CatalogueJob, Halt, Keeper, Turn};
use crate::job::after;
use crate::jobs::Ran;

impl Turn<'_> {
    pub(super) async fn stock(&self) -> Result<Ran, Halt> {
        let mut at: Keeper<'_, ()> = self.keeper(CatalogueJob::Stock).await?;
        at.next = after(self.on.now(), std::time::Duration::from_mins(5));
        at.keep().await?;
        Ok(Ran::default())
    }
}
