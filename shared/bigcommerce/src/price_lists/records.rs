//! The calls about prices on a list (`docs/facts/bigcommerce.md` §7).

use connector_domain::{CurrencyCode, Deadline};
use connector_http::{Call, CallError, Page, Safety, absent};
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::PriceLists;
use super::record::{PriceRecord, RecordChange, RecordError};
use crate::batch::Batch;
use crate::ids::{self, PriceListId, VariantId};
use crate::listing::{Listed, fitting};
use crate::refusal::{OF_ROWS, Refusal, Sent, of_map, sent};
use crate::words;

/// Prices that one call writes at most.
pub const PRICE_RECORDS: usize = 1_000;

/// What became of a batch of prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upserted {
    /// All but these were saved; none failed where the list is empty. Send again what failed, and only that, once it is put right. That the
    /// others were saved is said of a "non-strict mode" only: reading them back tells.
    Saved {
        /// The rows that were not.
        failed: Vec<RecordError>,
    },
    /// Refused as a whole, or without saying which rows: whether any was saved is documented nowhere. Halve and send again.
    Refused(Refusal),
    /// The store takes fewer rows at once than is documented; its words.
    TooLarge(String),
}

impl PriceLists<'_> {
    /// One page of the prices on a list with their breaks, in one call, and the cursor of the next.
    ///
    /// # Errors
    /// By class; `NotFound` if there is no such list.
    pub async fn records(
        &self,
        list: PriceListId,
        after: Option<&str>,
        deadline: Deadline,
    ) -> Result<Page<PriceRecord, String>, CallError> {
        let call = Call::get("GET /v3/pricelists/{id}/records", path(list))
            .query("include", "bulk_pricing_tiers,sku");
        let listed: Listed<PriceRecord> = self.page(call, after, deadline).await?;
        let next = listed.next_cursor().filter(|next| Some(next.as_str()) != after);
        Ok(Page { items: listed.data, next })
    }

    /// The prices of these variants on a list, in every currency and with their breaks, in as few calls as their addresses allow.
    ///
    /// # Errors
    /// As [`Self::records`].
    pub async fn records_of(
        &self,
        list: PriceListId,
        variants: &[VariantId],
        deadline: Deadline,
    ) -> Result<Vec<PriceRecord>, CallError> {
        let call = |variants: &[VariantId]| {
            Call::get("GET /v3/pricelists/{id}/records", path(list))
                .query("include", "bulk_pricing_tiers,sku")
                .query("variant_id:in", ids::list(variants))
        };
        let (mut rest, mut records) = (variants, Vec::new());
        // Without a filter everything would come.
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, call);
            rest = left;
            records.extend(self.all(|| call(batch), deadline).await?);
        }
        Ok(records)
    }

    /// Writes prices; a price that is there is changed. One call at a time for a store, whatever the list: a second one is answered 429
    /// without rate headers, which is waited for like any other (§7, §8).
    ///
    /// # Errors
    /// By class; `NotFound` if there is no such list.
    pub async fn upsert(
        &self,
        list: PriceListId,
        records: Batch<'_, RecordChange, PRICE_RECORDS>,
        deadline: Deadline,
    ) -> Result<Upserted, CallError> {
        let call = Call::put("PUT /v3/pricelists/{id}/records", path(list))
            .body(serde_json::to_string(records.rows()).unwrap_or_default())
            .read_refusals(OF_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(_) => Upserted::Saved { failed: Vec::new() },
            Sent::TooLarge(words) => Upserted::TooLarge(words),
            Sent::Refused(refusal, answer) => match failed(&answer.body) {
                Some(failed) if refusal.status == 422 => Upserted::Saved { failed },
                Some(_) | None => Upserted::Refused(refusal),
            },
        })
    }

    /// Takes all prices of these variants off a list, in every currency, in as few calls as their addresses allow.
    ///
    /// # Errors
    /// By class; `Unavailable` where the store is too busy to delete, and says how long to wait.
    pub async fn delete_records(
        &self,
        list: PriceListId,
        variants: &[VariantId],
        deadline: Deadline,
    ) -> Result<(), CallError> {
        let call = |variants: &[VariantId]| {
            let call = Call::new(
                "DELETE /v3/pricelists/{id}/records",
                Method::DELETE,
                path(list),
                Safety::Idempotent,
            );
            call.query("variant_id:in", ids::list(variants))
        };
        let mut rest = variants;
        // Without a filter everything would go.
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, call);
            rest = left;
            absent(self.remote.send(&call(batch), deadline).await)?;
        }
        Ok(())
    }

    /// Takes one price off a list; one that is gone already is no error.
    ///
    /// # Errors
    /// As [`Self::delete_records`].
    pub async fn delete_record(
        &self,
        list: PriceListId,
        variant: VariantId,
        currency: &CurrencyCode,
        deadline: Deadline,
    ) -> Result<(), CallError> {
        let path = format!("{}/{variant}/{}", path(list), currency.as_str().to_ascii_lowercase());
        let name = "DELETE /v3/pricelists/{id}/records/{variant}/{currency}";
        let call = Call::new(name, Method::DELETE, path, Safety::Idempotent);
        absent(self.remote.send(&call, deadline).await).map(drop)
    }
}

fn path(list: PriceListId) -> String {
    format!("v3/pricelists/{list}/records")
}

/// The rows that a refusal names; `None` if it does not name any, or one that cannot be told which it is.
fn failed(body: &[u8]) -> Option<Vec<RecordError>> {
    #[derive(Deserialize)]
    struct Body {
        batch_errors: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        data: Named,
        #[serde(default)]
        field_errors: Map<String, Value>,
    }
    #[derive(Deserialize)]
    struct Named {
        variant_id: Option<VariantId>,
        sku: Option<String>,
        currency: Option<String>,
    }
    let Body { batch_errors } = serde_json::from_slice(body).ok()?;
    let one = |row: Row| {
        let Named { variant_id, sku, currency } = row.data;
        let words = words::of_json(&Value::Object(row.field_errors.clone()));
        let told = variant_id.is_some() || sku.is_some();
        told.then(|| RecordError { variant_id, sku, currency, words, fields: of_map(&row.field_errors) })
    };
    let failed: Option<Vec<RecordError>> = batch_errors.into_iter().map(one).collect();
    failed.filter(|failed| !failed.is_empty())
}
