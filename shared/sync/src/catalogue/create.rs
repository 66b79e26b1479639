//! Parts that the store does not have become products.

use connector_bigcommerce::{
    Batch, CHANNEL_ASSIGNMENTS, ChannelAssignment, ChannelId, ChannelsAssigned, Created, DuplicateOf,
    InventoryTracking, Measure, NewProduct, ProductFields, ProductId, ProductKind, Refusal, Written as Made,
};
use connector_domain::{Money, Sku};
use connector_ports::{Shelved, ShopPlace};

use super::publish::{Publishing, duplicate_name, refused};
use super::turn::Halt;
use super::wanted::{Field, Problem, Product};
use super::written::{Known, Written};
use crate::rules::Owned;

/// On the shelf: whether a product is in its channels.
pub(super) const CHANNELS: &str = "channels";

/// We have put it there.
const ASSIGNED: &str = "assigned";

/// It was in the store before us: where it is sold is the merchandiser's.
pub(super) const THEIRS: &str = "theirs";

/// It is being created, by us: what is found of it in the store by its SKU is ours, though nobody wrote down that it came to be.
pub(super) const CREATING: &str = "creating";

/// So many products are created before they are written down.
const CREATED: usize = 10;

impl Publishing<'_> {
    /// Creates products one by one, as the store has it, and writes some down at a time.
    pub(super) async fn create(&self, new: &[Product], on: Known<'_>) -> Result<usize, Halt> {
        let (mut published, mut unassigned) = (0, Vec::new());
        for some in new.chunks(CREATED) {
            self.announce(some, on).await?;
            let mut written = Written::default();
            for product in some {
                if !self.on_time() {
                    break;
                }
                let asked = self.new_product(product);
                let created = self.connected.shop.catalog().create(&asked, self.deadline).await;
                // What was created before it is written down, whatever became of this one.
                let created = match created {
                    Ok(created) => created,
                    Err(error) => {
                        self.keep(written).await?;
                        return Err(error.into());
                    }
                };
                let sku = &product.sku;
                match created {
                    Created::Whole(made) => {
                        published += self.made(&mut written, product, &made, None, on);
                    }
                    Created::Partly { product: made, words } => {
                        let words =
                            format!("the product of \"{sku}\" was created, and not all of it: {words}");
                        let flag = Problem { reason: "partly_created", words };
                        published += self.made(&mut written, product, &made, Some(flag), on);
                    }
                    Created::Duplicate(of, refusal) => {
                        self.hold(&mut written, sku, on.records.get(sku), &duplicate(sku, of, &refusal));
                    }
                    Created::Refused(refusal) => {
                        self.hold(
                            &mut written,
                            sku,
                            on.records.get(sku),
                            &refused(sku, &refusal.to_string()),
                        );
                    }
                }
            }
            unassigned
                .extend(written.records.iter().filter(|(_, record)| self.is_unassigned(record)).cloned());
            self.keep(written).await?;
            if !self.on_time() {
                // They stand on the shelf, and are put there when their page is read again.
                return Err(Halt::Time);
            }
        }
        // All of a page in one call.
        self.assign(unassigned).await?;
        Ok(published)
    }

    /// Writes down ahead what is about to be created. Only where there are channels: else it makes no difference whose a product is.
    async fn announce(&self, some: &[Product], on: Known<'_>) -> Result<(), Halt> {
        if self.connected.rules.catalogue.new.channels.is_empty() {
            return Ok(());
        }
        let announced = some.iter().map(|product| {
            let mut record = on.records.get(&product.sku).cloned().unwrap_or_default();
            record.fields.insert(CHANNELS.to_owned(), CREATING.to_owned());
            (product.sku.clone(), record)
        });
        self.keep(Written { records: announced.collect(), changes: Vec::new() }).await
    }

    fn new_product(&self, product: &Product) -> NewProduct {
        let rules = &self.connected.rules.catalogue;
        let text = |field| match product.fields.get(&field) {
            Some(Field::Text(text)) => text.clone(),
            Some(Field::Number(_) | Field::Flag(_)) | None => String::new(),
        };
        let number = |field| match product.fields.get(&field) {
            Some(Field::Number(number)) => *number,
            Some(Field::Text(_) | Field::Flag(_)) | None => rust_decimal::Decimal::ZERO,
        };
        let sold = product.fields.get(&Owned::Visible) != Some(&Field::Flag(false));
        let fields = ProductFields {
            sku: Some(product.sku.clone()),
            categories: (!rules.new.categories.is_empty()).then(|| rules.new.categories.clone()),
            upc: Some(text(Owned::Upc)).filter(|upc| !upc.is_empty()),
            is_visible: Some(rules.new.visible && sold),
            inventory_tracking: Some(InventoryTracking::Product),
            ..ProductFields::default()
        };
        NewProduct::new(
            ProductKind::Physical,
            text(Owned::Name),
            Measure(number(Owned::Weight)),
            Money::new(number(Owned::Price)),
            fields,
        )
    }

    fn made(
        &self,
        written: &mut Written,
        product: &Product,
        made: &Made,
        flag: Option<Problem>,
        on: Known<'_>,
    ) -> usize {
        // Without its variant it is found anew at the next reading.
        let base = made.base_variant_id;
        let place = base.map(|base| ShopPlace { product: made.id.0, variant: base.0, simple: true });
        let record = Shelved { place, ..Shelved::default() };
        let mut flags = product.flags.clone();
        flags.extend(flag);
        let (revision, now) = (on.revision(&product.sku), self.on.now());
        let count = written.change(&product.sku, &record, &product.fields, revision, now);
        written.flag(&product.sku, &flags, now, None);
        count
    }

    /// Puts products that were created into their channels; one that is there already stays. Which are not there yet stands on the shelf, so
    /// that a run that is cut off before this is made good. Gives the records of those that it put there.
    pub(super) async fn assign(&self, records: Vec<(Sku, Shelved)>) -> Result<Vec<(Sku, Shelved)>, Halt> {
        let channels = &self.connected.rules.catalogue.new.channels;
        let mut waiting: Vec<_> =
            records.into_iter().filter(|(_, record)| self.is_unassigned(record)).collect();
        let of = |record: &Shelved| {
            let product = record.place.map(|place| ProductId(place.product));
            let each = channels.iter().map(|channel| ChannelId(*channel));
            product.into_iter().flat_map(move |product_id| {
                each.clone().map(move |channel_id| ChannelAssignment { product_id, channel_id })
            })
        };
        let all: Vec<ChannelAssignment> = waiting.iter().flat_map(|(_, record)| of(record)).collect();
        for batch in Batch::<_, CHANNEL_ASSIGNMENTS>::all(&all) {
            let connection = &self.connected.id;
            let words = match self.connected.shop.catalog().assign_channels(batch, self.deadline).await? {
                ChannelsAssigned::Whole => continue,
                ChannelsAssigned::Refused(refusal) => refusal.to_string(),
                ChannelsAssigned::TooLarge(words) => words,
            };
            tracing::error!(%connection, "new products of {connection} could not be put into the channels of catalogue.channels: {words}");
            return Ok(Vec::new());
        }
        for (_, record) in &mut waiting {
            record.fields.insert(CHANNELS.to_owned(), ASSIGNED.to_owned());
        }
        self.keep(Written { records: waiting.clone(), changes: Vec::new() }).await?;
        Ok(waiting)
    }

    /// Whether we created it, and it is in no channel yet.
    pub(super) fn is_unassigned(&self, record: &Shelved) -> bool {
        let wanted = !self.connected.rules.catalogue.new.channels.is_empty();
        wanted && record.place.is_some() && !record.fields.contains_key(CHANNELS)
    }
}

fn duplicate(sku: &Sku, of: DuplicateOf, refusal: &Refusal) -> Problem {
    match of {
        DuplicateOf::Name => duplicate_name(sku, &refusal.words),
        DuplicateOf::Sku => Problem {
            reason: "sku_taken",
            words: format!(
                "the store says that \"{sku}\" is taken, and shows nothing of that SKU ({}); look for it among deleted products and variants",
                refusal.words
            ),
        },
    }
}
