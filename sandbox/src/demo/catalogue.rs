//! The fourth part: parts become products, a price and a level follow, and what was just sold is not offered again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock as _, Deadline, Sku};
use connector_ports::{ShelfError, Shelved};
use connector_simulators::bigcommerce::{Address, NewOrder, dec, seed::shelf_line};
use connector_simulators::kinetic::Part;
use connector_sync::catalogue::CatalogueJob;
use connector_sync::jobs::{Figure, Ran};
use parking_lot::Mutex;

use super::acts::{Placed, settle};
use super::report::{Check, Expected};
use super::stage::Stage;
use super::{Audience, DemoError};

/// What is bought.
const GLOVES: &str = "GLV-LEA-M";

/// What is sold by the hundred.
const BOLTS: &str = "HB-M8-40-ZN";

/// A part whose price is for a number that nobody has explained.
const BROKEN: &str = "BROKEN-1";

/// Where it all lies, and the location it is sold from.
const MAIN: (&str, u64) = ("MAIN", 1);

/// After it every job is due again.
const LATER: Duration = Duration::from_mins(6);

/// What a job has for a run.
const JOB: Duration = Duration::from_mins(5);

/// So many are sold before anybody has told of it, and so many more in the very moment of the push.
const SOLD: (u32, u32) = (4, 2);

/// Plays on; the orders join those that were played before.
pub(super) async fn play(
    stage: &Stage,
    orders: &mut Vec<Placed>,
    told: &mut BTreeSet<u64>,
    audience: &dyn Audience,
) -> Result<Vec<Check>, DemoError> {
    let appeared = appeared(stage, audience).await?;
    let price = price(stage, audience).await?;
    let movement = movement(stage, audience).await?;
    let oversell = oversell(stage, orders, audience).await?;
    stage.shop.drain_hooks().await;
    settle(stage, orders, told, audience).await?;
    stage.shop.drain_hooks().await;
    settle(stage, orders, told, audience).await?;
    let afterwards = afterwards(stage).await?;
    // What the last jobs changed in the store comes home as well.
    stage.shop.drain_hooks().await;
    Ok(vec![appeared, price, movement, oversell, afterwards])
}

async fn run(stage: &Stage, job: CatalogueJob) -> Result<Ran, DemoError> {
    stage.clock.leap(LATER);
    let deadline = Deadline::after(&stage.clock, JOB);
    let catalogue = stage.pipeline.catalogue();
    let mut ran = catalogue.run(job, &stage.connected.id, deadline).await?;
    while ran.more {
        ran = catalogue.run(job, &stage.connected.id, Deadline::after(&stage.clock, JOB)).await?;
    }
    Ok(ran)
}

async fn shelved(stage: &Stage, sku: &str) -> Result<Shelved, ShelfError> {
    let sku = Sku(sku.to_owned());
    let found = stage.pipeline.ports().shelf().get(&stage.connected.id, std::slice::from_ref(&sku)).await?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// Each part is a product, hidden until somebody shows it; one that cannot go out is held, and stops nobody.
async fn appeared(stage: &Stage, audience: &dyn Audience) -> Result<Check, DemoError> {
    let broken = Part::new(BROKEN, "Priced per dozen", dec("12.00")).priced_per("D");
    stage.company.office(|office| office.add_part(&broken));
    let parts = stage.company.part_rows().len();
    run(stage, CatalogueJob::Parts).await?;
    let products = stage.shop.products();
    let hidden = products.iter().filter(|product| !product.is_visible).count();
    let issue = shelved(stage, BROKEN).await?.issue;
    let reason = issue.as_ref().map_or("not held", |issue| issue.reason.as_str());
    let says = format!(
        "{} of {parts} parts are products of the store, {hidden} of them hidden until somebody shows them; {BROKEN} is held ({reason}) and stopped nobody",
        products.len()
    );
    audience.hear(&says);
    let holds = products.len() + 1 == parts && hidden == products.len() && reason == "unknown_price_code";
    Ok(Check { name: "parts_appear", says, holds })
}

/// A price for a hundred is what it is for one.
async fn price(stage: &Stage, audience: &dyn Audience) -> Result<Check, DemoError> {
    stage.company.edit_part(BOLTS, |row| row.set("UnitPrice", dec("43.75")));
    let ran = run(stage, CatalogueJob::Parts).await?;
    let shown = stage.shop.product_by_sku(BOLTS).map(|product| product.price.normalize());
    let says = format!(
        "{BOLTS} costs 43.75 for a hundred in Kinetic, and {} for one in the store; {} field was written",
        shown.map_or_else(|| "nothing".to_owned(), |price| price.to_string()),
        ran.sent
    );
    audience.hear(&says);
    Ok(Check { name: "price_follows", says, holds: shown == Some(dec("0.4375")) && ran.sent == 1 })
}

/// What the store can sell of the gloves.
fn offered(stage: &Stage) -> i64 {
    stage.shop.stock_of(GLOVES, MAIN.1).unwrap_or(-1)
}

/// What Kinetic itself would let be sold: on hand less what its orders want.
fn in_kinetic(stage: &Stage) -> i64 {
    let Some(row) = stage.company.stock_row(GLOVES, MAIN.0) else { return -1 };
    let open = row.decimal("OnHandQty") - row.decimal("DemandQty");
    i64::try_from(open.floor()).unwrap_or(-1)
}

/// Somebody counts the shelf.
async fn movement(stage: &Stage, audience: &dyn Audience) -> Result<Check, DemoError> {
    let before = offered(stage);
    stage.company.stock(GLOVES, MAIN.0, dec("60"));
    let ran = run(stage, CatalogueJob::Stock).await?;
    let (offered, there) = (offered(stage), in_kinetic(stage));
    let says = format!(
        "60 {GLOVES} were counted, of which orders in Kinetic want {}: the store offers {offered} instead of {before}; {} level was written",
        60 - there,
        ran.sent
    );
    audience.hear(&says);
    Ok(Check { name: "stock_follows", says, holds: offered == there && ran.sent == 1 })
}

/// Gloves are sold that Kinetic does not know of, some of them while their level is being pushed.
async fn oversell(
    stage: &Stage,
    orders: &mut Vec<Placed>,
    audience: &dyn Audience,
) -> Result<Check, DemoError> {
    let mut placed = |web_order| {
        orders.push(Placed { web_order, about: "sold before Kinetic knows", expected: Expected::Synced });
    };
    placed(stage.shop.place_order(gloves(SOLD.0)));
    stage.company.stock(GLOVES, MAIN.0, dec("50"));
    let (office, late) = (stage.shop.back_office(), Arc::new(Mutex::new(None)));
    let kept = late.clone();
    stage.shop.on_request(move |path| {
        let mut kept = kept.lock();
        if kept.is_none() && path.contains("/v3/inventory/adjustments") {
            *kept = office.place_order(gloves(SOLD.1));
        }
    });
    let begun = stage.clock.now();
    let ran = run(stage, CatalogueJob::Stock).await?;
    stage.shop.on_request(|_| {});
    let late = *late.lock();
    if let Some(late) = late {
        placed(late);
    }
    let (offered, there) = (offered(stage), in_kinetic(stage));
    let sold = i64::from(SOLD.0) + i64::from(SOLD.1);
    let window =
        ran.figures.iter().find(|(figure, _)| *figure == Figure::StockWindow).map(|(_, seconds)| *seconds);
    let says = format!(
        "Kinetic has {there} {GLOVES} and does not know yet that {} are sold, nor of {} that were bought in the moment of the push: the store offers {offered}; orders were read again {} s later, in the same run",
        SOLD.0,
        SOLD.1,
        window.map_or_else(|| "never".to_owned(), |seconds| seconds.to_string())
    );
    audience.hear(&says);
    let in_time = stage.clock.now().duration_since(begun).as_secs() < 600;
    Ok(Check {
        name: "no_oversell",
        says,
        holds: late.is_some() && offered == there - sold && window.is_some() && in_time,
    })
}

fn gloves(many: u32) -> NewOrder {
    let buyer = Address::of("Lea", "Herbst", "lea.herbst@example.com");
    let line = shelf_line(GLOVES, many);
    line.into_iter().fold(NewOrder::guest(buyer).tax_rate(dec("0.0825")), NewOrder::with_line)
}

/// When Kinetic has them all, both sides say the same, and nothing is left to do.
async fn afterwards(stage: &Stage) -> Result<Check, DemoError> {
    run(stage, CatalogueJob::Stock).await?;
    let written = run(stage, CatalogueJob::Parts).await?.sent + run(stage, CatalogueJob::Stock).await?.sent;
    let (offered, there) = (offered(stage), in_kinetic(stage));
    let says = format!(
        "with all of it in Kinetic the store offers {offered}, and Kinetic has {there}; of an unchanged catalogue {written} fields are written"
    );
    Ok(Check { name: "both_agree", says, holds: offered == there && written == 0 })
}
