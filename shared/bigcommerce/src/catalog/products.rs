//! The calls about products (`docs/facts/bigcommerce.md` §5.1).

use connector_domain::{Deadline, Sku};
use connector_http::{Answer, Call, CallError, Page, Safety};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::Catalog;
use super::product::{FIELDS, Product, ProductPage};
use super::write::{Created, DuplicateOf, NewProduct, ProductChange, ProductsUpdated, Written};
use crate::batch::Batch;
use crate::ids::{self, ProductId};
use crate::listing::{LIMIT, Listed, fitting};
use crate::refusal::{OF_KNOWN_ROWS, OF_ROWS, Sent, sent};
use crate::words;

/// Products that one call changes at most.
pub const PRODUCTS: usize = 10;

const PATH: &str = "v3/catalog/products";
const READ: &str = "GET /v3/catalog/products";

impl Catalog<'_> {
    /// One page of products with their variants, in one call, and the number after which the next begins. Pages go by number: a page that is
    /// counted shifts when a product is deleted, and one would be skipped.
    ///
    /// # Errors
    /// By class; `Unreadable` where the list is not as documented or not as asked for, because a product could be missing from it.
    pub async fn products(
        &self,
        page: &ProductPage,
        deadline: Deadline,
    ) -> Result<Page<Product, ProductId>, CallError> {
        let mut call = products_call(page.descriptions);
        if let Some(after) = page.after {
            // Inclusive by its name; whether `id:greater` is exclusive is not said.
            call = call.query("id:min", after.0.saturating_add(1).to_string());
        }
        let call = call.query("sort", "id").query("direction", "asc").query("limit", page.limit.to_string());
        let answer = self.remote.send(&call, deadline).await?;
        let listed: Listed<Product> = Listed::of(&answer)?;
        let mut last = page.after;
        for (index, product) in listed.data.iter().enumerate() {
            if last.is_some_and(|last| product.id <= last) {
                return Err(
                    answer.unreadable(format!("data[{index}].id: not in the order that was asked for"))
                );
            }
            last = Some(product.id);
        }
        let next = last.filter(|_| !listed.is_last());
        Ok(Page { items: listed.data, next })
    }

    /// The products whose own SKU is one of these, without case, in as few calls as their addresses allow. A SKU that only a variant has is
    /// not found here: [`Inventory::by_skus`](crate::Inventory::by_skus) finds both.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn products_by_sku(&self, skus: &[Sku], deadline: Deadline) -> Result<Vec<Product>, CallError> {
        let (alone, listed): (Vec<Sku>, Vec<Sku>) =
            skus.iter().filter(|sku| !sku.0.is_empty()).cloned().partition(|sku| sku.0.contains(','));
        let mut found = Vec::new();
        let mut rest = listed.as_slice();
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, sku_call);
            rest = left;
            self.all_of(&sku_call(batch), has_one_of(batch), &mut found, deadline).await?;
        }
        for sku in alone {
            // A comma would make two of it in a list.
            let call = products_call(false).query("sku", sku.0.clone()).query("limit", LIMIT);
            self.all_of(&call, has_one_of(std::slice::from_ref(&sku)), &mut found, deadline).await?;
        }
        Ok(found)
    }

    /// Those of these products that there are, with their variants, in as few calls as their addresses allow.
    ///
    /// # Errors
    /// By class; `Unreadable` names the path to what is not as documented.
    pub async fn products_by_id(
        &self,
        ids: &[ProductId],
        deadline: Deadline,
    ) -> Result<Vec<Product>, CallError> {
        let (mut found, mut rest) = (Vec::new(), ids);
        while !rest.is_empty() {
            let (batch, left) = fitting(self.remote, rest, id_call);
            rest = left;
            self.all_of(&id_call(batch), |product| batch.contains(&product.id), &mut found, deadline).await?;
        }
        Ok(found)
    }

    /// All pages of a call. A filter that a store does not know is ignored, and would give us just anything: so it is asked again.
    async fn all_of(
        &self,
        call: &Call,
        asked: impl Fn(&Product) -> bool + Send,
        found: &mut Vec<Product>,
        deadline: Deadline,
    ) -> Result<(), CallError> {
        for page in 1_u32.. {
            let answer = self.remote.send(&call.clone().query("page", page.to_string()), deadline).await?;
            let listed: Listed<Product> = Listed::of(&answer)?;
            let last = listed.is_last();
            let before = found.len();
            for product in listed.data.into_iter().filter(&asked) {
                if !found.iter().any(|known| known.id == product.id) {
                    found.push(product);
                }
            }
            if last || found.len() == before {
                break;
            }
        }
        Ok(())
    }

    /// Makes one product. Look first whether its SKU is there; the store refuses a second.
    ///
    /// # Errors
    /// By class. After `Ambiguous` it may exist.
    pub async fn create(&self, product: &NewProduct, deadline: Deadline) -> Result<Created, CallError> {
        let call = Call::post("POST /v3/catalog/products", PATH, Safety::Unsafe)
            // Texts and numbers can always be written; if they could not, the store would refuse the empty body.
            .body(serde_json::to_string(product).unwrap_or_default())
            .read_refusals(OF_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(answer) => created(&answer)?,
            Sent::TooLarge(words) => {
                let status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
                Created::Refused(crate::Refusal { status, words, fields: Vec::new() })
            }
            Sent::Refused(refusal, _) => match DuplicateOf::of(&refusal) {
                Some(of) => Created::Duplicate(of, refusal),
                None => Created::Refused(refusal),
            },
        })
    }

    /// Changes products; what is not set stays. No bulk call of the inventory beside it, and never the same product twice at a time (§5.3).
    ///
    /// # Errors
    /// By class.
    pub async fn update(
        &self,
        changes: Batch<'_, ProductChange, PRODUCTS>,
        deadline: Deadline,
    ) -> Result<ProductsUpdated, CallError> {
        let call = Call::put("PUT /v3/catalog/products", PATH)
            .body(serde_json::to_string(changes.rows()).unwrap_or_default())
            .read_refusals(OF_KNOWN_ROWS);
        Ok(match sent(self.remote.send(&call, deadline).await)? {
            Sent::Taken(answer) if answer.status == StatusCode::MULTI_STATUS => {
                ProductsUpdated::Partly(missing(&answer))
            }
            Sent::Taken(_) => ProductsUpdated::Whole,
            Sent::TooLarge(words) => ProductsUpdated::TooLarge(words),
            Sent::Refused(refusal, _) => ProductsUpdated::Refused(refusal),
        })
    }
}

fn products_call(descriptions: bool) -> Call {
    let fields = if descriptions { format!("{FIELDS},description") } else { FIELDS.to_owned() };
    Call::get(READ, PATH).query("include", "variants").query("include_fields", fields)
}

/// Whether its own SKU is one of these, without case.
fn has_one_of(skus: &[Sku]) -> impl Fn(&Product) -> bool {
    move |product| {
        let sku = product.sku.0.to_lowercase();
        skus.iter().any(|asked| asked.0.to_lowercase() == sku)
    }
}

fn id_call(ids: &[ProductId]) -> Call {
    products_call(false).query("id:in", ids::list(ids)).query("limit", LIMIT)
}

fn sku_call(skus: &[Sku]) -> Call {
    products_call(false).query("sku:in", ids::list(skus)).query("limit", LIMIT)
}

fn created(answer: &Answer) -> Result<Created, CallError> {
    #[derive(Deserialize)]
    struct One {
        data: Written,
    }
    let One { data: product } = answer.json()?;
    if answer.status == StatusCode::MULTI_STATUS {
        return Ok(Created::Partly { product, words: missing(answer) });
    }
    Ok(Created::Whole(product))
}

/// What a 207 says went wrong: its `errors`, which are an error of their own.
fn missing(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    body.get("errors").map(words::of_json).unwrap_or_default()
}
