//! How the catalogue refuses.

use serde_json::{Value, json};

use crate::bigcommerce::answer::{Refused, v3};

/// Two things that may not be in the store at once, or one that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conflict {
    Name,
    Sku,
    /// There is no such category.
    Category(u64),
}

impl Conflict {
    /// The title and the field that it is about.
    pub(crate) fn words(self) -> (String, &'static str) {
        match self {
            Self::Name => ("The product name is a duplicate".to_owned(), "name"),
            Self::Sku => ("The product sku is a duplicate".to_owned(), "sku"),
            Self::Category(id) => (format!("The category with id {id} does not exist"), "categories"),
        }
    }

    /// 409 with the documented title, which stands at the field too.
    pub(crate) fn refuse(self) -> Refused {
        let (title, field) = self.words();
        v3(409, &title, &json!({ field: title }))
    }
}

/// 422 for one field.
pub(crate) fn invalid(field: &str, reason: &str) -> Refused {
    v3(422, &format!("The field '{field}' is invalid."), &json!({ field: reason }))
}

/// 422 for the fields that a new product lacks.
pub(crate) fn missing(errors: &Value) -> Refused {
    v3(422, "Missing Required Fields", errors)
}

/// 404 for a product or a variant.
pub(crate) fn not_found() -> Refused {
    v3(404, "The resource was not found.", &json!({}))
}

/// 413 with the documented words; only some of them end in a full stop.
pub(crate) fn too_many(most: usize, stop: &str) -> Refused {
    let title =
        format!("The request payload is too large. The maximum items allowed in the array is {most}{stop}");
    v3(413, &title, &json!({}))
}

/// 507: the plan allows no more products.
pub(crate) fn plan_is_full() -> Refused {
    v3(507, "The store has reached its product limit.", &json!({}))
}

/// The elements of a batch, or the refusal of what is none.
pub(crate) fn elements(body: &[u8], most: usize, stop: &str) -> Result<Vec<Value>, Refused> {
    let Ok(Value::Array(rows)) = serde_json::from_slice(body) else {
        return Err(v3(400, "Input is invalid.", &json!({})));
    };
    if rows.len() > most { Err(too_many(most, stop)) } else { Ok(rows) }
}
