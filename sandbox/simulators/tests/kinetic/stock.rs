//! Stock follows orders and the warehouse.

use connector_simulators::{
    KineticConfig,
    bigcommerce::dec,
    kinetic::{Part, Row},
};
use rust_decimal::Decimal;
use serde_json::json;

use crate::desk::{Desk, num};

fn row(desk: &Desk) -> Row {
    desk.sim.stock_row("ABC-100", "MAIN").unwrap()
}

fn quantities<const N: usize>(desk: &Desk, columns: [&str; N]) -> [Decimal; N] {
    let row = row(desk);
    columns.map(|column| row.decimal(column).normalize())
}

fn all<const N: usize>(numbers: [i64; N]) -> [Decimal; N] {
    numbers.map(Decimal::from)
}

/// An order of 12, its number.
async fn ordered(desk: &Desk) -> i32 {
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    desk.line(order, "ABC-100", "12", "5").await;
    i32::try_from(order).unwrap()
}

const DEMAND: [&str; 3] = ["OnHandQty", "DemandQty", "SalesAllocatedQty"];

#[tokio::test]
async fn a_written_order_raises_the_demand_of_its_row_and_moves_its_revision() {
    let desk = Desk::new().await;
    let before = row(&desk).int("SysRevID");
    let order = ordered(&desk).await;
    assert_eq!(quantities(&desk, DEMAND), all([58, 12, 12]));
    assert_eq!(quantities(&desk, ["SalesDemandQty", "AllocatedQty"]), all([12, 0]));
    let after = row(&desk).int("SysRevID");
    assert!(after > before);
    desk.sim.edit_order(order, |head| head.set("OrderComment", "later"));
    assert_eq!(row(&desk).int("SysRevID"), after, "a header moves no stock");

    desk.sim.edit_line(order, 1, |line| line.set("SellingQuantity", dec("5")));
    assert_eq!(quantities(&desk, DEMAND), all([58, 5, 5]));
    assert_eq!(desk.sim.add_clerk_line(order, "ABC-100", dec("3"), dec("5")), Some(2));
    assert_eq!(quantities(&desk, DEMAND), all([58, 8, 8]));
    assert!(desk.sim.remove_clerk_line(order, 1));
    assert_eq!(quantities(&desk, DEMAND), all([58, 3, 3]));
}

#[tokio::test]
async fn closing_gives_back_and_opening_takes_again() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert!(desk.sim.void_order(order));
    assert_eq!(quantities(&desk, DEMAND), all([58, 0, 0]));
    assert!(desk.sim.reopen_order(order));
    assert_eq!(quantities(&desk, DEMAND), all([58, 12, 12]));
    desk.order("CloseOrder", json!({"iOrderNum": order})).await.ok();
    assert_eq!(quantities(&desk, DEMAND), all([58, 0, 0]));
}

#[tokio::test]
async fn what_is_shipped_leaves_the_shelf_and_the_demand() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    assert!(desk.sim.ship(order, 1, dec("4")));
    assert_eq!(quantities(&desk, DEMAND), all([54, 8, 8]));
    assert!(desk.sim.void_order(order));
    assert_eq!(quantities(&desk, DEMAND), all([54, 0, 0]));
}

#[tokio::test]
async fn the_warehouse_reserves_picks_and_ships_in_turn() {
    let desk = Desk::new().await;
    let order = ordered(&desk).await;
    let steps = ["SalesAllocatedQty", "ReservedQty", "PickingQty", "PickedQty", "AllocatedQty", "DemandQty"];
    assert!(desk.sim.reserve(order, 1, dec("10")));
    assert!(!desk.sim.reserve(order, 1, dec("3")), "two are left");
    assert_eq!(quantities(&desk, steps), all([2, 10, 0, 0, 10, 12]));
    assert!(desk.sim.start_picking(order, 1, dec("6")));
    assert!(desk.sim.pick(order, 1, dec("5")));
    assert_eq!(quantities(&desk, steps), all([2, 4, 1, 5, 10, 12]));
    assert!(desk.sim.ship(order, 1, dec("5")));
    assert_eq!(quantities(&desk, steps), all([2, 4, 1, 0, 5, 7]));
    assert_eq!(quantities(&desk, ["SalesReservedQty", "SalesPickingQty", "OnHandQty"]), all([4, 1, 53]));
    assert!(desk.sim.void_order(order));
    assert_eq!(quantities(&desk, steps), all([0, 0, 0, 0, 0, 0]));
    assert!(!desk.sim.reserve(order, 1, dec("1")));
}

#[tokio::test]
async fn a_site_may_count_a_release_as_allocated_at_once() {
    let desk = Desk::with(KineticConfig { orders_allocate: true, ..KineticConfig::new() }).await;
    let order = ordered(&desk).await;
    assert_eq!(quantities(&desk, ["AllocatedQty"]), all([12]));
    assert!(desk.sim.reserve(order, 1, dec("10")));
    assert_eq!(quantities(&desk, ["AllocatedQty"]), all([12]));
    assert!(desk.sim.ship_all(order));
    assert_eq!(quantities(&desk, ["AllocatedQty", "OnHandQty"]), all([0, 46]));
}

#[tokio::test]
async fn demand_is_in_the_unit_of_stock_and_only_of_what_is_stocked() {
    let desk = Desk::new().await;
    desk.sim.add_part(&Part {
        ium: Some("EA".to_owned()),
        sales_um: "BX".to_owned(),
        selling_factor: dec("0.01"),
        ..Part::new("BOXED", "", dec("1"))
    });
    desk.sim.add_part(&Part { type_code: "K".to_owned(), ..Part::new("KIT", "", dec("1")) });
    desk.sim.add_part(&Part { non_stock: true, ..Part::new("SERVICE", "", dec("1")) });
    let order = num(&desk.opened("WEBGUEST", "BC-1").await);
    for part in ["BOXED", "KIT", "SERVICE", "UNKNOWN"] {
        desk.line(order, part, "3", "5").await;
    }
    assert_eq!(desk.sim.stock_row("BOXED", "MAIN").unwrap().decimal("DemandQty"), dec("300"));
    for part in ["KIT", "SERVICE", "UNKNOWN"] {
        assert!(desk.sim.stock_row(part, "MAIN").is_none(), "{part}");
    }
}

#[tokio::test]
async fn a_refused_save_moves_no_stock() {
    let desk = Desk::new().await;
    let order = i64::from(ordered(&desk).await);
    let ds = desk.new_line(order).await;
    let mut ds = desk.part("ABC-100", &ds).await.ds();
    ds["OrderDtl"][0]["SellingQuantity"] = json!(0);
    desk.save("OrderDtl", &ds).await.breaks("SellingQuantity");
    assert_eq!(quantities(&desk, DEMAND), all([58, 12, 12]));
}
