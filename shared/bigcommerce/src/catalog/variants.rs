//! Variants in bulk (`docs/facts/bigcommerce.md` §5.2).

use connector_domain::{Deadline, Sku};
use connector_http::{Call, CallError, Remote};
use serde::Deserialize;
use serde_json::Value;

use super::variant::{Variant, VariantChange};
use crate::batch::Batch;
use crate::listing::{LIMIT, Listed};
use crate::refusal::{FieldError, OF_ROWS, Refusal, Sent, of_map, sent};
use crate::words;

/// Variants that one call changes at most.
pub const VARIANTS: usize = 50;

const PATH: &str = "v3/catalog/variants";

/// Variants of the store.
#[derive(Debug, Clone, Copy)]
pub struct Variants<'a> {
    remote: &'a Remote,
}

/// What became of a batch of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariantsUpdated {
    /// All are as they should be.
    Whole,
    /// Some rows are at fault, and whether the others were written is documented nowhere: halve and send again, which does no harm.
    Refused {
        /// All of it.
        refusal: Refusal,
        /// Of each row, where the store says so. Which row each is about is documented nowhere, so it is not guessed.
        rows: Vec<RowRefusal>,
    },
    /// The store takes fewer rows at once than is documented; its words.
    TooLarge(String),
}

/// What the store says of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRefusal {
    /// A status of the row's own, if it has one.
    pub status: Option<u16>,
    /// What it calls the row, if it does.
    pub instance: String,
    /// All of its words.
    pub words: String,
    /// What it says of single fields.
    pub fields: Vec<FieldError>,
}

impl<'a> Variants<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// The variants with this SKU, without case: one, or none, and not two. There is no filter for several.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn by_sku(&self, sku: &Sku, deadline: Deadline) -> Result<Vec<Variant>, CallError> {
        let call =
            Call::get("GET /v3/catalog/variants", PATH).query("sku", sku.0.clone()).query("limit", LIMIT);
        let listed: Listed<Variant> = Listed::of(&self.remote.send(&call, deadline).await?)?;
        let wanted = sku.0.to_lowercase();
        Ok(listed.data.into_iter().filter(|variant| variant.sku.0.to_lowercase() == wanted).collect())
    }

    /// Changes variants; what is not set stays. No bulk call of the inventory beside it (§5.3).
    ///
    /// # Errors
    /// By class.
    pub async fn update(
        &self,
        changes: Batch<'_, VariantChange, VARIANTS>,
        deadline: Deadline,
    ) -> Result<VariantsUpdated, CallError> {
        let call = Call::put("PUT /v3/catalog/variants", PATH)
            .body(serde_json::to_string(changes.rows()).unwrap_or_default())
            .read_refusals(OF_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(_) => VariantsUpdated::Whole,
            Sent::TooLarge(words) => VariantsUpdated::TooLarge(words),
            Sent::Refused(refusal, answer) => VariantsUpdated::Refused { refusal, rows: rows(&answer.body) },
        })
    }
}

fn rows(body: &[u8]) -> Vec<RowRefusal> {
    #[derive(Deserialize)]
    struct Body {
        batch_errors: Vec<Value>,
    }
    let Ok(Body { batch_errors }) = serde_json::from_slice(body) else { return Vec::new() };
    let one = |said: &Value| RowRefusal {
        status: said.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok()),
        instance: said.get("instance").map(words::of_json).unwrap_or_default(),
        words: words::of_json(said),
        fields: said.get("errors").and_then(Value::as_object).map(of_map).unwrap_or_default(),
    };
    batch_errors.iter().map(one).collect()
}
