//! Products that the store told of.

use std::collections::BTreeSet;

use connector_bigcommerce::{Product, ProductId};
use connector_domain::Sku;

use crate::catalogue::turn::{Halt, Turn};

/// So many are looked at together.
const MARKS: usize = 250;

/// So often in a run: a product that is marked again and again stays marked, and would be looked at for ever.
const PAGES: usize = 40;

impl Turn<'_> {
    /// Looks at the products that are marked. A mark is taken back when what it told of is done; one that was renewed meanwhile stays.
    ///
    /// Most are echoes of our own writes: then the store shows what the shelf says, and one call for all of them is all it costs.
    pub(super) async fn look_at_marked(&self) -> Result<usize, Halt> {
        let (on, connection) = (self.on.shelf, &self.connected.id);
        let mut sent = 0;
        for _ in 0..PAGES {
            let marks = on.marked(connection, MARKS).await?;
            if marks.is_empty() {
                break;
            }
            self.on_time()?;
            self.let_stock_in().await?;
            self.still_ours().await?;
            let ids: Vec<ProductId> = marks.iter().map(|mark| ProductId(mark.product)).collect();
            // One that is not there any more is found by the next look at the whole shelf: nothing here tells which SKU it was.
            let products = self.connected.shop.catalog().products_by_id(&ids, self.deadline).await?;
            let mut records = on.get(connection, &spellings(&products)).await?;
            let there: BTreeSet<u64> = products.iter().map(|product| product.id.0).collect();
            records.retain(|_, record| record.place.is_some_and(|place| there.contains(&place.product)));
            sent += self.look(records.clone(), &products).await?;
            sent += self.reprice_edited(records, &products).await?;
            on.unmark(connection, &marks).await?;
            if marks.len() < MARKS {
                break;
            }
        }
        Ok(sent)
    }
}

/// The SKUs that these products may have on the shelf, where they are spelled as Kinetic does.
fn spellings(products: &[Product]) -> Vec<Sku> {
    let own = products.iter().map(|product| &product.sku);
    let all =
        own.chain(products.iter().flat_map(|product| product.variants.iter().map(|variant| &variant.sku)));
    let mut skus: Vec<Sku> = all
        .filter(|sku| !sku.0.is_empty())
        .flat_map(|sku| [sku.0.clone(), sku.0.to_uppercase(), sku.0.to_lowercase()])
        .map(Sku)
        .collect();
    skus.sort_unstable();
    skus.dedup();
    skus
}
