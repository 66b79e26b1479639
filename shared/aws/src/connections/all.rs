//! What is read of all connections at once. They stand under one hash value, so it is one `Query` for each MB of them
//! (`docs/facts/aws.md` 3.10).

use std::collections::HashMap;

use connector_domain::ConnectionId;
use connector_ports::{Outline, SourceError};

use super::{HASH, Place};
use crate::item::{Attributes, BadItem, bad, s, text};

impl Place {
    pub(super) async fn list(&self) -> Result<Vec<ConnectionId>, SourceError> {
        let items = self.items(&["sk"]).await?;
        items.iter().map(|item| id(item).map_err(|error| self.unreadable(&error))).collect()
    }

    pub(super) async fn outlines(&self) -> Result<Vec<Outline>, SourceError> {
        let mut outlines = Vec::new();
        for item in self.items(&["sk", "rules", "kinetic_url", "company"]).await? {
            match outline(&item) {
                Ok(outline) => outlines.push(outline),
                Err(error) => {
                    let connection = text(&item, "sk").unwrap_or_default();
                    let error = self.unreadable(&error);
                    tracing::warn!(connection, %error, "connection {connection} is compared with no other: {error}");
                }
            }
        }
        Ok(outlines)
    }

    /// These attributes of every item, in order of the ids.
    async fn items(&self, attributes: &[&str]) -> Result<Vec<Attributes>, SourceError> {
        // By other names, since DynamoDB keeps words like `rules` for itself.
        let names: HashMap<_, _> =
            attributes.iter().map(|name| (format!("#{name}"), (*name).to_owned())).collect();
        let wanted: Vec<_> = attributes.iter().map(|name| format!("#{name}")).collect();
        let query = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table.0)
            .consistent_read(true)
            .key_condition_expression("pk = :hash")
            .projection_expression(wanted.join(", "))
            .set_expression_attribute_names(Some(names))
            .expression_attribute_values(":hash", s(HASH));
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await;
            let page = page.map_err(|error| self.unavailable("Query", &error))?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}

fn id(item: &Attributes) -> Result<ConnectionId, BadItem> {
    text(item, "sk")?.parse().map_err(|_| bad("sk", "is no connection's id"))
}

fn outline(item: &Attributes) -> Result<Outline, BadItem> {
    let url = |error: url::ParseError| bad("kinetic_url", error);
    Ok(Outline {
        id: id(item)?,
        rules: text(item, "rules")?.to_owned(),
        kinetic_url: text(item, "kinetic_url")?.parse().map_err(url)?,
        company: text(item, "company")?.to_owned(),
    })
}
