//! The items of the shelf: their keys, and what is read back from them.

use connector_domain::{ConnectionId, Sku, Timestamp};
use connector_ports::{Published, Shelved};

use crate::item::{Attributes, BadItem, bad, document, key, read_document, s, text};
use crate::table::STATE;

// A connection's id has no '#': no two of these hash values can be the same, whatever is in a SKU.

pub(super) fn records_pk(connection: &ConnectionId) -> String {
    format!("shelf#{connection}")
}

pub(super) fn changes_pk(connection: &ConnectionId, sku: &Sku) -> String {
    format!("changes#{connection}#{sku}")
}

/// The hash value of [`STATE`] of what has an issue. Orders are there too: theirs ends with a state, and none is called so.
pub(super) fn issues(connection: &ConnectionId) -> String {
    format!("{connection}#shelf#issue")
}

/// A SKU as it sorts: by its bytes. No key may be empty, and one item that has such a key would have its whole batch refused.
pub(super) fn sk(sku: &Sku) -> String {
    format!("#{sku}")
}

/// A change as it sorts: by time, then by field.
fn change_sk(at: Timestamp, field: &str) -> String {
    // Always nine digits, so that moments sort as text.
    format!("{at:.9}#{field}")
}

pub(super) fn record_key(connection: &ConnectionId, sku: &Sku) -> Attributes {
    key(&records_pk(connection), &sk(sku))
}

pub(super) fn record_item(
    connection: &ConnectionId,
    sku: &Sku,
    record: &Shelved,
) -> Result<Attributes, BadItem> {
    let mut item = record_key(connection, sku);
    item.insert("record".to_owned(), document(record)?);
    if record.issue.is_some() {
        item.insert(STATE.1.hash.0.to_owned(), s(issues(connection)));
    }
    Ok(item)
}

pub(super) fn change_item(connection: &ConnectionId, change: &Published) -> Result<Attributes, BadItem> {
    let mut item = key(&changes_pk(connection, &change.sku), &change_sk(change.at, &change.field));
    item.insert("change".to_owned(), document(change)?);
    Ok(item)
}

/// The SKU out of a record's key.
pub(super) fn sku(item: &Attributes) -> Result<Sku, BadItem> {
    let sku = text(item, "sk")?.strip_prefix('#').ok_or_else(|| bad("sk", "is no SKU's"))?;
    Ok(Sku(sku.to_owned()))
}

pub(super) fn record(item: &Attributes) -> Result<(Sku, Shelved), BadItem> {
    let record = read_document(item, "record")?.ok_or_else(|| bad("record", "is missing"))?;
    Ok((sku(item)?, record))
}

pub(super) fn change(item: &Attributes) -> Result<Published, BadItem> {
    read_document(item, "change")?.ok_or_else(|| bad("change", "is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sku_makes_an_empty_key_and_each_comes_back_from_its_own() {
        let connection = "main-store".parse().unwrap();
        for text in ["", "#", "BL-7/ø #1"] {
            let one = Sku(text.to_owned());
            assert_ne!(sk(&one), "");
            assert_eq!(sku(&record_key(&connection, &one)), Ok(one));
        }
    }

    #[test]
    fn changes_sort_by_time_whatever_its_fraction_and_then_by_field() {
        let moments = ["2026-03-31T10:05:00Z", "2026-03-31T10:05:00.000000001Z", "2026-03-31T10:05:00.1Z"];
        let keys = moments.map(|at| ["name", "price"].map(|field| change_sk(at.parse().unwrap(), field)));
        assert!(keys.as_flattened().is_sorted(), "{keys:?}");
        assert_eq!(keys[0][0], "2026-03-31T10:05:00.000000000Z#name");
    }
}
