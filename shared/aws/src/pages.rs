//! The pages of a query.

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

use crate::failure;
use crate::item::Attributes;
use crate::table::TableName;

/// One page of a query, beginning where the one before ended.
///
/// # Errors
/// What is told of the failure.
pub(crate) async fn page(
    query: &QueryFluentBuilder,
    limit: usize,
    from: Option<Attributes>,
    table: &TableName,
) -> Result<QueryOutput, String> {
    let limit = i32::try_from(limit).unwrap_or(i32::MAX);
    let page = query.clone().limit(limit).set_exclusive_start_key(from).send().await;
    page.map_err(|error| failure::words("Query", &table.0, &error))
}

/// Up to `limit` items of a query, over as many pages as that takes.
///
/// # Errors
/// As [`page`].
pub(crate) async fn queried(
    query: &QueryFluentBuilder,
    limit: usize,
    table: &TableName,
) -> Result<Vec<Attributes>, String> {
    let (mut found, mut from) = (Vec::new(), None);
    while found.len() < limit {
        let page = page(query, limit.saturating_sub(found.len()), from, table).await?;
        found.extend(page.items.unwrap_or_default());
        from = page.last_evaluated_key;
        if from.is_none() {
            break;
        }
    }
    Ok(found)
}
