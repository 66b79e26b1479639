//! What was deleted in the store comes back.

use std::collections::BTreeMap;

use connector_domain::{Sku, Text};
use connector_ports::Shelved;

use crate::catalogue::turn::{Halt, Turn};

impl Turn<'_> {
    /// Forgets where these were, and publishes their parts as if they had never been there: they may be under another number by now.
    pub(super) async fn bring_back(&self, gone: BTreeMap<Sku, Shelved>) -> Result<usize, Halt> {
        if gone.is_empty() {
            return Ok(0);
        }
        self.on_time()?;
        self.still_ours().await?;
        let (connection, products) = (&self.connected.id, gone.len());
        tracing::warn!(%connection, products, "{products} products of {connection} are not in the store any more: their parts are published anew");
        let part_nums: Vec<Text<50>> = gone.keys().filter_map(|sku| Text::exact(&sku.0)).collect();
        let only = self.connected.rules.catalogue.parts.filter.as_ref();
        let parts = self.connected.kinetic.parts();
        let mut rows = parts.rows_by_part_nums(&part_nums, only, self.deadline).await?;
        rows.retain(|row| gone.keys().any(|sku| sku.0 == row.part_num));
        let forgotten: Vec<(Sku, Shelved)> = gone
            .into_iter()
            .map(|(sku, record)| (sku, Shelved { part: record.part, ..Shelved::default() }))
            .collect();
        self.on.shelf.put(connection, &forgotten, &[]).await?;
        self.publish(&rows).await
    }
}
