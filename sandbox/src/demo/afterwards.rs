//! The second half: an answer that is lost after the save, an edit beside a clerk's change, a cancellation.

use std::collections::BTreeSet;

use connector_simulators::Fault;
use connector_simulators::bigcommerce::seed::shelf_line;
use connector_simulators::bigcommerce::{Address, NewOrder, dec};

use super::acts::{Placed, settle};
use super::report::{Check, Expected};
use super::stage::Stage;
use super::{Audience, DemoError};

const CANCELLED: u8 = 5;
const CLERK: &str = "Call before delivery";

/// Plays on; the orders join those that were played before.
pub(super) async fn play(
    stage: &Stage,
    orders: &mut Vec<Placed>,
    told: &mut BTreeSet<u64>,
    audience: &dyn Audience,
) -> Result<Vec<Check>, DemoError> {
    stage.company.faults().add(Fault::CutAfter.once().on("POST", "/MasterUpdate"));
    audience.hear("the next answer of Kinetic to a save is cut off after the save");
    let lost = place(stage, orders, "answer lost", Expected::Synced);
    told_and_settled(stage, orders, told, audience).await?;
    let edited = place(stage, orders, "edit beside a clerk's", Expected::Synced);
    let cancelled = place(stage, orders, "cancelled", Expected::Cancelled);
    told_and_settled(stage, orders, told, audience).await?;
    for view in stage.in_kinetic(edited) {
        stage.company.edit_order(view.order_num, |row| row.set("OrderComment", CLERK));
    }
    stage.shop.update_order(edited, |order| {
        if let Some(line) = order.lines.first_mut() {
            line.quantity = 7;
        }
    });
    stage.shop.update_order(cancelled, |order| order.status_id = CANCELLED);
    audience.hear(&format!(
        "a clerk comments on order {edited} in Kinetic, the shop makes it 7 pieces; the shop cancels order {cancelled}"
    ));
    told_and_settled(stage, orders, told, audience).await?;
    // The last numbers come home.
    told_and_settled(stage, orders, told, audience).await?;
    Ok(vec![found(stage, lost), followed(stage, edited), closed(stage, cancelled)])
}

fn place(stage: &Stage, orders: &mut Vec<Placed>, about: &'static str, expected: Expected) -> u64 {
    let buyer = Address::of("Mia", "Sommer", "mia.sommer@example.com");
    let line = shelf_line("GLV-LEA-M", 2);
    let order = line.into_iter().fold(NewOrder::guest(buyer).tax_rate(dec("0.0825")), NewOrder::with_line);
    let web_order = stage.shop.place_order(order);
    orders.push(Placed { web_order, about, expected });
    web_order
}

async fn told_and_settled(
    stage: &Stage,
    orders: &[Placed],
    told: &mut BTreeSet<u64>,
    audience: &dyn Audience,
) -> Result<(), DemoError> {
    stage.shop.drain_hooks().await;
    settle(stage, orders, told, audience).await
}

/// The save whose answer was lost was found, and not made again.
fn found(stage: &Stage, order: u64) -> Check {
    let struck = stage.company.faults().fired();
    let count = stage.in_kinetic(order).len();
    let says =
        format!("an answer lost after a save of order {order}: {struck} cut, {count} order in Kinetic");
    Check { name: "lost_answer", says, holds: struck == 1 && count == 1 }
}

/// The shop's edit is there, and so is what the clerk wrote.
fn followed(stage: &Stage, order: u64) -> Check {
    let views = stage.in_kinetic(order);
    let view = views.first();
    let pieces = view.and_then(|view| view.lines.first()).map(|line| line.selling_quantity.normalize());
    let comment = view.map(|view| view.comment().to_owned()).unwrap_or_default();
    let pieces_say = pieces.map(|pieces| pieces.to_string()).unwrap_or_default();
    let says = format!(
        "order {order} edited in the shop: {pieces_say} pieces in Kinetic, and the clerk's comment \"{comment}\" is still there"
    );
    Check { name: "edit_and_clerk", says, holds: pieces == Some(dec("7")) && comment == CLERK }
}

/// The cancelled order can be shipped by nobody.
fn closed(stage: &Stage, order: u64) -> Check {
    let views = stage.in_kinetic(order);
    let void = views.iter().filter(|view| view.void && !view.can_be_picked()).count();
    let says = format!(
        "order {order} cancelled in the shop: {void} of {} Kinetic orders closed and void",
        views.len()
    );
    Check { name: "cancellation", says, holds: views.len() == 1 && void == 1 }
}
