//! Price lists (`docs/facts/bigcommerce.md` §7).

mod assignments;
mod list;
mod record;
mod records;

use connector_domain::Deadline;
use connector_http::{Call, CallError, Remote, Safety};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::listing::{LIMIT, Listed};
use crate::refusal::{Sent, sent};

pub use assignments::{Assigned, PriceListAssignment};
pub use list::{PriceList, PriceListCreated};
pub use record::{BulkTier, PriceRecord, RecordChange, RecordError, RecordOf, TierKind};
pub use records::{PRICE_RECORDS, Upserted};

/// Price lists of the store. Some plans have none.
#[derive(Debug, Clone, Copy)]
pub struct PriceLists<'a> {
    remote: &'a Remote,
}

impl<'a> PriceLists<'a> {
    pub(crate) const fn new(remote: &'a Remote) -> Self {
        Self { remote }
    }

    /// All price lists.
    ///
    /// # Errors
    /// By class: `Forbidden` where the plan or the API account has no price lists.
    pub async fn list(&self, deadline: Deadline) -> Result<Vec<PriceList>, CallError> {
        self.all(|| Call::get("GET /v3/pricelists", "v3/pricelists"), deadline).await
    }

    /// Makes a list. Look first whether there is one of its name; the store refuses a second.
    ///
    /// # Errors
    /// By class. After `Ambiguous` it may exist.
    pub async fn create(&self, name: &str, deadline: Deadline) -> Result<PriceListCreated, CallError> {
        #[derive(Serialize)]
        struct Body<'a> {
            name: &'a str,
            active: bool,
        }
        #[derive(serde::Deserialize)]
        struct One {
            data: PriceList,
        }
        let call = Call::post("POST /v3/pricelists", "v3/pricelists", Safety::Unsafe)
            // A text and a flag can always be written; if they could not, the store would refuse the empty body.
            .body(serde_json::to_string(&Body { name, active: true }).unwrap_or_default())
            .read_refusals(&[409, 422]);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(answer) => PriceListCreated::Whole(answer.json::<One>()?.data),
            Sent::Refused(refusal, _) if refusal.status == 409 => PriceListCreated::Duplicate(refusal),
            Sent::Refused(refusal, _) => PriceListCreated::Refused(refusal),
            // 413 is not asked to be read, so it is a failure before it comes here.
            Sent::TooLarge(words) => {
                PriceListCreated::Refused(crate::Refusal { status: 413, words, fields: Vec::new() })
            }
        })
    }

    /// All rows of a list with cursors.
    async fn all<T: DeserializeOwned>(
        &self,
        call: impl Fn() -> Call,
        deadline: Deadline,
    ) -> Result<Vec<T>, CallError> {
        let (mut rows, mut after): (Vec<T>, Option<String>) = (Vec::new(), None);
        loop {
            let listed: Listed<T> = self.page(call(), after.as_deref(), deadline).await?;
            let next = listed.next_cursor().filter(|next| after.as_ref() != Some(next));
            rows.extend(listed.data);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(rows),
            }
        }
    }

    async fn page<T: DeserializeOwned>(
        &self,
        call: Call,
        after: Option<&str>,
        deadline: Deadline,
    ) -> Result<Listed<T>, CallError> {
        let mut call = call.query("limit", LIMIT);
        if let Some(after) = after {
            call = call.query("after", after);
        }
        Listed::of(&self.remote.send(&call, deadline).await?)
    }
}
