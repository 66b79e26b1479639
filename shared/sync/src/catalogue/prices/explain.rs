//! Why a SKU costs what it costs in the store: rows, rule and arithmetic, for a person.

use connector_bigcommerce::ProductId;
use connector_domain::{ConnectionId, Deadline, Sku, Timestamp};
use connector_kinetic::{ListPartRow, PartRow, PricePer};
use connector_ports::{Published, ShelfIssue, ShopPlace};
use serde::Serialize;

use super::offer::offer;
use super::place::{Head, Lists};
use crate::catalogue::explain::failed;
use crate::catalogue::turn::{Catalogue, Halt, Turn};
use crate::catalogue::wanted::priced;
use crate::job::Failure;
use crate::rules::{ListPricePer, Rules};

/// So many changes are told.
const CHANGES: usize = 10;

/// Why a SKU costs what it costs, as of now.
#[derive(Debug, Clone, Serialize)]
pub struct PriceExplained {
    /// Which.
    pub sku: Sku,
    /// When it was looked at.
    pub at: Timestamp,
    /// Whether the rules publish anything at all.
    pub published: bool,
    /// Where it is in the store, as far as the connector knows.
    pub place: Option<ShopPlace>,
    /// What Kinetic says, and what follows: the part first, then each list that the rules name.
    pub rows: Vec<PriceTold>,
    /// What the store shows as the product's price now.
    pub in_store: Option<String>,
    /// What stands in the way.
    pub issue: Option<ShelfIssue>,
    /// The last changes of its prices, the newest first.
    pub changes: Vec<Published>,
}

/// What one place in Kinetic says of the price.
#[derive(Debug, Clone, Serialize)]
pub struct PriceTold {
    /// `Part`, or a list's code.
    pub from: String,
    /// What of the store it is: `price`, `sale price`, the name of a price list; or that it counts for nothing, and why.
    pub is: String,
    /// What Kinetic says, with its unit and for how many it is.
    pub says: String,
    /// What that makes for one, and what is flagged or in the way.
    pub makes: String,
    /// What was published of it last.
    pub published: Option<String>,
}

impl Catalogue<'_> {
    /// Why a SKU costs what it costs in the store. It reads both systems, and writes nothing.
    ///
    /// # Errors
    /// A vendor or a port of ours failed, or the connection cannot be used.
    pub async fn explain_price(
        &self,
        connection: &ConnectionId,
        sku: &Sku,
        deadline: Deadline,
    ) -> Result<PriceExplained, Failure> {
        let turn = self.looking(connection, deadline).await?;
        let record =
            self.shelf.get(connection, std::slice::from_ref(sku)).await?.remove(sku).unwrap_or_default();
        let rows = turn.prices_of(sku, &record.fields).await.map_err(failed)?;
        let in_store = match record.place {
            Some(place) => turn.shown(place).await?,
            None => None,
        };
        let is_price =
            |change: &Published| change.field.ends_with("price") || change.field.starts_with("list/");
        let changes = self.shelf.changes(connection, sku, 10 * CHANGES).await?;
        Ok(PriceExplained {
            sku: sku.clone(),
            at: self.now(),
            published: turn.connected.rules.catalogue.publish,
            place: record.place,
            rows,
            in_store,
            issue: record.issue,
            changes: changes.into_iter().filter(is_price).take(CHANGES).collect(),
        })
    }
}

impl Turn<'_> {
    async fn prices_of(
        &self,
        sku: &Sku,
        fields: &std::collections::BTreeMap<String, String>,
    ) -> Result<Vec<PriceTold>, Halt> {
        let rules = &self.connected.rules;
        let named = super::rows::part_nums(std::slice::from_ref(sku));
        let parts = self.connected.kinetic.parts().rows_by_part_nums(&named, None, self.deadline).await?;
        let Some(part) = parts.into_iter().find(|part| part.part_num == sku.0) else { return Ok(Vec::new()) };
        let mut told = vec![of_part(&part, rules, fields.get("price").cloned())];
        if rules.prices.codes().is_empty() {
            return Ok(told);
        }
        let lists = self.known_lists().await?;
        for code in rules.prices.codes() {
            let rows = self.connected.kinetic.changes().prices_of(code, &named, self.deadline).await?;
            let of_sku: Vec<ListPartRow> = rows.into_iter().filter(|row| row.part_num == sku.0).collect();
            for is in roles(code, rules) {
                let field = match is.as_str() {
                    "price" => "price".to_owned(),
                    "sale price" => "sale_price".to_owned(),
                    _ => format!("list/{code}"),
                };
                let (says, makes) = of_list(code, &part, &of_sku, &lists, rules);
                let published = fields.get(&field).cloned();
                told.push(PriceTold { from: code.to_owned(), is, says, makes, published });
            }
        }
        Ok(told)
    }

    async fn shown(&self, place: ShopPlace) -> Result<Option<String>, Failure> {
        let ids = [ProductId(place.product)];
        let products = self.connected.shop.catalog().products_by_id(&ids, self.deadline).await?;
        let product = products.into_iter().next();
        Ok(product.map(|product| {
            let variant = product.variants.iter().find(|variant| variant.id.0 == place.variant);
            let own = variant.and_then(|variant| variant.price).filter(|_| !place.simple);
            own.unwrap_or(product.price).decimal().normalize().to_string()
        }))
    }
}

/// What a list is in the store, by the rules.
fn roles(code: &str, rules: &Rules) -> Vec<String> {
    let is = |named: &Option<String>| named.as_deref() == Some(code);
    let base = is(&rules.prices.base).then(|| "price".to_owned());
    let sale = is(&rules.prices.sale).then(|| "sale price".to_owned());
    let list = rules.prices.lists.get(code).map(|name| format!("price list \"{name}\""));
    base.into_iter().chain(sale).chain(list).collect()
}

fn for_how_many(per: &PricePer) -> String {
    match per {
        PricePer::Each => "for one (E)".to_owned(),
        PricePer::Hundred => "for a hundred (C)".to_owned(),
        PricePer::Thousand => "for a thousand (M)".to_owned(),
        PricePer::Other(code) => format!("for \"{code}\", which nobody has explained"),
    }
}

fn of_part(part: &PartRow, rules: &Rules, published: Option<String>) -> PriceTold {
    let makes = match priced(
        &part.part_num,
        "UnitPrice",
        part.unit_price,
        &part.price_per,
        rules.catalogue.inexact,
    ) {
        Ok((price, None)) => price.decimal().normalize().to_string(),
        Ok((price, Some(flag))) => format!("{}; {}", price.decimal().normalize(), flag.words),
        Err(problem) => problem.words,
    };
    let is = match &rules.prices.base {
        None => "price".to_owned(),
        Some(base) => format!("nothing, as long as list {base} has the part"),
    };
    PriceTold {
        from: "Part".to_owned(),
        is,
        says: format!(
            "UnitPrice {} {}, in {}",
            part.unit_price.normalize(),
            for_how_many(&part.price_per),
            part.sales_um
        ),
        makes,
        published: published.filter(|_| rules.prices.base.is_none()),
    }
}

/// What a list says of a part, and what that makes.
fn of_list(
    code: &str,
    part: &PartRow,
    rows: &[ListPartRow],
    lists: &Lists,
    rules: &Rules,
) -> (String, String) {
    let Some(head) = lists.heads.get(code) else {
        return ("Kinetic has no such list".to_owned(), "nothing".to_owned());
    };
    if !head.in_force {
        return (dates(head), "nothing: it is not in force".to_owned());
    }
    let Some(row) = rows.iter().find(|row| row.uom.trim().eq_ignore_ascii_case(part.sales_um.trim())) else {
        let units: Vec<&str> = rows.iter().map(|row| row.uom.as_str()).collect();
        let says = if units.is_empty() {
            "the part is not on it".to_owned()
        } else {
            format!("only in {}", units.join(", "))
        };
        return (says, format!("nothing: it is sold in {}", part.sales_um));
    };
    let per = match rules.prices.per {
        ListPricePer::Part => part.price_per.clone(),
        ListPricePer::Each => PricePer::Each,
    };
    let breaks: Vec<String> = row
        .breaks
        .iter()
        .map(|at| {
            let from = at.quantity.normalize();
            if at.discount_percent.is_zero() {
                format!("{from}+ {}", at.unit_price.normalize())
            } else {
                format!("{from}+ −{} %", at.discount_percent.normalize())
            }
        })
        .collect();
    let more = if breaks.is_empty() { String::new() } else { format!("; breaks {}", breaks.join(", ")) };
    let says = format!(
        "BasePrice {} {}, in {}{more}; {}",
        row.base_price.normalize(),
        for_how_many(&per),
        row.uom,
        dates(head)
    );
    if row.base_price.is_zero() && !head.zero {
        return (says, "nothing: 0 is passed over unless the list says UseZeroPrice".to_owned());
    }
    let makes = match offer(row, &per, rules.catalogue.inexact) {
        Ok((offer, flags)) => {
            let from =
                offer.from.iter().map(|(from, price)| format!(", {from}+ {}", price.decimal().normalize()));
            let flags = flags.into_iter().map(|flag| format!("; {}", flag.words));
            let one = offer.price.decimal().normalize().to_string();
            [one].into_iter().chain(from).chain(flags).collect()
        }
        Err(problem) => problem.words,
    };
    (says, makes)
}

fn dates(head: &Head) -> String {
    let day = |day: Option<jiff::civil::Date>, open: &str| {
        day.map_or_else(|| open.to_owned(), |day| day.to_string())
    };
    let kind = if head.discounts { "a list of discounts, or deleted; " } else { "" };
    format!("{kind}from {} to {}", day(head.start, "always"), day(head.end, "no end"))
}
