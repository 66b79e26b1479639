//! The job `sweep`: what the store has is compared with what it should have.

use super::turn::{CatalogueJob, Halt, Keeper, Turn};
use crate::job::after;
use crate::jobs::Ran;

impl Turn<'_> {
    pub(super) async fn sweep(&self) -> Result<Ran, Halt> {
        let mut at: Keeper<'_, ()> = self.keeper(CatalogueJob::Sweep).await?;
        at.next = after(self.on.now(), std::time::Duration::from_mins(5));
        at.keep().await?;
        Ok(Ran::default())
    }
}
