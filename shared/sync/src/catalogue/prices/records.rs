//! Prices on a price list of the store. One call at a time: whoever writes them holds the lease.

use connector_bigcommerce::{
    Batch, PRICE_RECORDS, PriceListId, RecordChange, RecordError, RecordOf, Upserted, VariantId,
};
use connector_domain::CurrencyCode;
use connector_http::{CallError, Class};

use super::note::{Note, What};
use super::offer::Offer;
use crate::catalogue::halves::Halves;
use crate::catalogue::turn::{Halt, Turn};
use crate::catalogue::wanted::Problem;

/// A price that a variant should have on a list.
pub(super) struct Record {
    pub(super) variant: u64,
    pub(super) currency: CurrencyCode,
    /// `None`: it is taken off.
    pub(super) offer: Option<Offer>,
    /// What was published before.
    pub(super) was: Option<String>,
    /// What is written down when the store has taken it.
    pub(super) taken: Note,
}

impl Record {
    /// Whether there is a price that the new one does not replace.
    fn leaves_one(&self) -> bool {
        let currency = |text: &String| text.split_whitespace().nth(1).map(str::to_owned);
        let was = self.was.as_ref().map(currency);
        was.is_some_and(|was| self.offer.is_none() || was.as_deref() != Some(self.currency.as_str()))
    }

    fn change(&self) -> Option<RecordChange> {
        let offer = self.offer.as_ref()?;
        Some(RecordChange {
            of: RecordOf::Variant(VariantId(self.variant)),
            currency: self.currency.clone(),
            price: Some(offer.price),
            sale_price: None,
            bulk_pricing_tiers: Some(offer.tiers()),
        })
    }
}

/// What became of some records.
enum Sent {
    /// All were taken.
    Taken,
    /// All but these were, as far as the store says.
    Partly(Vec<RecordError>),
    /// None, or nobody knows which.
    Refused(String),
    /// There is no such list.
    Lost,
}

impl Turn<'_> {
    /// Writes prices and takes others off; says how many. `None`: the store has no such list any more.
    pub(super) async fn publish_records(
        &self,
        list: u64,
        code: &str,
        records: &[Record],
    ) -> Result<Option<usize>, Halt> {
        let id = PriceListId(list);
        let gone: Vec<&Record> = records.iter().filter(|record| record.leaves_one()).collect();
        let mut sent = 0;
        if !gone.is_empty() {
            self.on_time()?;
            self.still_ours().await?;
            let variants: Vec<VariantId> = gone.iter().map(|record| VariantId(record.variant)).collect();
            let lists = self.connected.shop.price_lists();
            if self.lost(code, lists.delete_records(id, &variants, self.deadline).await)?.is_none() {
                return Ok(None);
            }
            let off = gone.iter().filter(|record| record.offer.is_none());
            sent += self.note(off.map(|record| record.taken.clone()).collect()).await?;
        }
        let new: Vec<(&Record, RecordChange)> =
            records.iter().filter_map(|record| Some((record, record.change()?))).collect();
        for some in new.chunks(PRICE_RECORDS) {
            let mut halves = Halves::of(some.len());
            while let Some(batch) = halves.next() {
                let mut left: Vec<&(&Record, RecordChange)> =
                    some.get(batch.clone()).unwrap_or_default().iter().collect();
                while !left.is_empty() {
                    let refusal = match self.upsert(id, code, &left).await? {
                        Sent::Lost => return Ok(None),
                        Sent::Taken => {
                            let taken = left.drain(..).map(|(record, _)| record.taken.clone()).collect();
                            sent += self.note(taken).await?;
                            continue;
                        }
                        Sent::Partly(failed) => {
                            // Whether the others were saved depends on the store's mode, so they are sent again without these.
                            let of = |row: &RecordChange| failed.iter().find(|error| error.is_of(row));
                            let (bad, good): (Vec<_>, Vec<_>) =
                                left.iter().copied().partition(|(_, row)| of(row).is_some());
                            let held =
                                bad.iter().filter_map(|(record, row)| Some(held(record, &of(row)?.words)));
                            self.note(held.collect()).await?;
                            if !bad.is_empty() {
                                left = good;
                                continue;
                            }
                            "the store refused rows that were not sent".to_owned()
                        }
                        Sent::Refused(words) => words,
                    };
                    if let Some((record, _)) = halves.refused(batch.clone()).and_then(|row| some.get(row)) {
                        self.note(vec![held(record, &refusal)]).await?;
                    }
                    break;
                }
            }
        }
        Ok(Some(sent))
    }

    async fn upsert(
        &self,
        list: PriceListId,
        code: &str,
        records: &[&(&Record, RecordChange)],
    ) -> Result<Sent, Halt> {
        self.on_time()?;
        self.still_ours().await?;
        let rows: Vec<RecordChange> = records.iter().map(|(_, row)| row.clone()).collect();
        let Some(batch) = Batch::of(&rows) else { return Ok(Sent::Taken) };
        let lists = self.connected.shop.price_lists();
        let upserted = self.lost(code, lists.upsert(list, batch, self.deadline).await)?;
        Ok(match upserted {
            None => Sent::Lost,
            Some(Upserted::Saved { failed }) if failed.is_empty() => Sent::Taken,
            Some(Upserted::Saved { failed }) => Sent::Partly(failed),
            Some(Upserted::Refused(refusal)) => Sent::Refused(refusal.to_string()),
            Some(Upserted::TooLarge(words)) => Sent::Refused(words),
        })
    }

    /// `None` where there is no such list: somebody deleted it.
    fn lost<T>(&self, code: &str, answer: Result<T, CallError>) -> Result<Option<T>, Halt> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.class == Class::NotFound => {
                let connection = &self.connected.id;
                tracing::warn!(%connection, list = code, "the store's price list for {code} of {connection} is not there any more; it is made again");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn held(record: &Record, words: &str) -> Note {
    let problem = Problem {
        reason: "refused",
        words: format!("the store refused the price of \"{}\": {words}", record.taken.sku),
    };
    Note { what: What::Held(problem), ..record.taken.clone() }
}
