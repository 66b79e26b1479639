//! What the catalogue needs of both systems, where it is switched on.

use connector_domain::{Deadline, Sku};
use connector_http::CallError;
use connector_kinetic::{BaqId, KineticError, RootSet, Since, SysRevId};
use connector_sync::connected::Connected;
use connector_sync::rules::Formula;

use super::check::{Checks, System};
use super::company;
use super::todo::{Whose, todo};

const BC: System = System::BigCommerce;
const KINETIC: System = System::Kinetic;

pub(super) async fn check(connected: &Connected, deadline: Deadline, checks: &mut Checks) {
    let rules = &connected.rules;
    if !rules.catalogue.publish {
        return checks.not_checked(System::Rules, "catalogue", "catalogue.publish is false");
    }
    match connected.shop.catalog().products_by_sku(&[Sku("connector-ping".to_owned())], deadline).await {
        Ok(_) => checks.passed(BC, "may read products", "yes"),
        Err(error) => shop_failed(checks, "may read products", &error),
    }
    checks.not_checked(
        BC,
        "may write products",
        "only writing shows it; the API account needs store_v2_products, and store_inventory for stock",
    );
    match connected.kinetic.changes().highest(RootSet::Parts, deadline).await {
        Ok(Some(_)) => checks.passed(KINETIC, "may read parts", "yes, by revision"),
        Ok(None) => checks.noted(
            KINETIC,
            "may read parts",
            "there is none",
            "look whether company and user are the right ones",
        ),
        Err(error) => company::failed(checks, "may read parts", &error),
    }
    if !rules.stock.publish {
        return checks.not_checked(System::Rules, "stock", "stock.publish is false");
    }
    locations(connected, deadline, checks).await;
    match &rules.stock.baq {
        Some(query) => stock_query(connected, query, deadline, checks).await,
        None => match connected.kinetic.stock().page(None, None, 1, deadline).await {
            Ok(_) => checks.noted(
                KINETIC,
                "may read stock",
                "yes; all rows are read each time",
                "with more than some thousand parts make the query of docs/queries.md and name it in stock.baq",
            ),
            Err(error) => company::failed(checks, "may read stock", &error),
        },
    }
}

async fn locations(connected: &Connected, deadline: Deadline, checks: &mut Checks) {
    const CHECK: &str = "locations";
    let there = match connected.shop.inventory().locations(deadline).await {
        Ok(there) => there,
        Err(error) => return shop_failed(checks, CHECK, &error),
    };
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (warehouse, location) in &connected.rules.stock.warehouses {
        match there.iter().find(|one| one.id.0 == *location) {
            Some(one) if one.enabled => good.push(format!("{warehouse} → {} ({location})", one.label)),
            Some(one) => wrong.push(format!("{} ({location}) of {warehouse} is disabled", one.label)),
            None => wrong.push(format!("there is no location {location}, which {warehouse} is sold from")),
        }
    }
    if wrong.is_empty() {
        checks.passed(BC, CHECK, &good.join(", "));
    } else {
        checks.failed(
            BC,
            CHECK,
            &wrong.join("; "),
            "enable it in the store, or correct stock.warehouses in the rules",
        );
    }
}

async fn stock_query(connected: &Connected, query: &BaqId, deadline: Deadline, checks: &mut Checks) {
    const CHECK: &str = "query of stock";
    let since = Since { after: SysRevId(0), top: 1, only: None };
    match connected.kinetic.baq(query).page(since, deadline).await {
        Ok(page) => {
            let lacks = page.rows.iter().any(|row| row.available.is_none());
            if connected.rules.stock.formula == Formula::Query && lacks {
                let words = format!("{query} has no column Calculated_Available");
                checks.failed(KINETIC, CHECK, &words, "add it to the query, or choose another stock.formula");
            } else if page.rows.is_empty() {
                checks.noted(
                    KINETIC,
                    CHECK,
                    &format!("{query} shows no row"),
                    "look at its criteria in Kinetic",
                );
            } else {
                checks.passed(KINETIC, CHECK, &query.to_string());
            }
        }
        Err(error @ KineticError::Call(_)) => {
            let words = error.to_string();
            let wrong = "make it as docs/queries.md says, share it, and let the integration's user read it";
            checks.failed(KINETIC, CHECK, &words, wrong);
        }
        Err(error) => company::failed(checks, CHECK, &error),
    }
}

fn shop_failed(checks: &mut Checks, check: &str, error: &CallError) {
    checks.failed(BC, check, &error.to_string(), todo(Whose::Shop, error.class, error.cause));
}
