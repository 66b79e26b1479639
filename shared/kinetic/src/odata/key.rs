//! Keys of several columns: where a page goes on, and in which order.

use super::Filter;

/// The rows behind `key` in the order of `columns`: `A gt 'a' or (A eq 'a' and B gt 'b')`.
///
/// Only the server knows how its collation orders texts, so it compares, and nothing here does.
pub(crate) fn after(columns: &[&'static str], key: &[String]) -> Option<Filter> {
    let (column, columns) = columns.split_first()?;
    let (value, key) = key.split_first()?;
    let above = Filter::above(column, value.as_str());
    Some(match after(columns, key) {
        Some(deeper) => Filter::Any(vec![above, Filter::equals(column, value.as_str()).and(deeper)]),
        None => above,
    })
}

/// `$orderby` of a key.
pub(crate) fn order(columns: &[&'static str]) -> String {
    columns.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_several_columns_goes_on_behind_all_of_it() {
        let key = ["L1", "O'N", "EA"].map(str::to_owned);
        assert_eq!(
            after(&["ListCode", "PartNum", "UOMCode"], &key).unwrap().to_string(),
            "ListCode gt 'L1' or (ListCode eq 'L1' and (PartNum gt 'O''N' or (PartNum eq 'O''N' and UOMCode gt 'EA')))"
        );
        assert_eq!(after(&["PartNum"], &key[1..2]).unwrap().to_string(), "PartNum gt 'O''N'");
    }
}
