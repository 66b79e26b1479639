//! What the store has sold, and a reading of Kinetic cannot contain, is taken off.

use connector_domain::Clock as _;
use connector_ports::{ClaimOutcome, Ledger as _, OrderState};
use rust_decimal::Decimal;
use test_case::test_case;

use super::*;
use crate::world::key;

/// Places an order at the `nth` request to the store that `asked` names, as a shopper does who knows nothing of us.
fn buys_at(shop: &Shop, asked: &'static str, nth: usize, sku: &str, many: u32) -> Arc<Mutex<usize>> {
    let (office, sku, seen) = (shop.world.shop.back_office(), sku.to_owned(), Arc::new(Mutex::new(0)));
    let counted = seen.clone();
    shop.world.shop.on_request(move |path| {
        if path.contains(asked) {
            let now = {
                let mut seen = counted.lock();
                *seen += 1;
                *seen
            };
            if now == nth {
                office.place_order(guest().line(&sku, many, dec("1.50"))).unwrap();
            }
        }
    });
    seen
}

#[test_case(QUERY; "by a query")]
#[test_case(ROWS; "by all rows")]
#[tokio::test]
async fn what_was_ordered_and_is_not_in_kinetic_is_not_offered_again(stock: &str) {
    let shop = Shop::of(1, stock).await;
    shop.publish().await;
    shop.buys("HB-001", 3);
    assert_eq!(shop.level("HB-001"), 7, "the store itself has taken it off");
    shop.world.company.stock("HB-001", "MAIN", dec("15"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 12, "15, of which 3 are sold");
    shop.world.settle().await;
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 12, "in Kinetic they are not counted twice");
}

#[tokio::test]
async fn an_order_that_is_held_for_days_is_still_taken_off() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    let order = guest().line("HB-001", 4, dec("1.50")).line("NO-SUCH-PART", 1, dec("1"));
    let held = shop.world.order(order).await;
    assert_eq!(shop.world.held(held).await.0, "unknown_part");
    shop.world.clock.advance(Duration::from_hours(72));
    shop.world.company.stock("HB-001", "MAIN", dec("20"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 16);
    assert_eq!(shop.world.shop.traffic().count("GET", "/products"), 0, "the ledger knows its lines");
}

#[tokio::test]
async fn of_an_order_that_is_half_written_the_lines_that_are_missing_are_taken_off() {
    let shop = Shop::of(2, QUERY).await;
    shop.publish().await;
    let broken = Fault::Status { status: 503, body: None }.always();
    shop.world.company.faults().add(broken.on("POST", "/GetNewOrderDtl").after(1));
    let order = guest().line("HB-001", 2, dec("1.50")).line("HB-002", 3, dec("1.50"));
    let order = shop.world.order(order).await;
    shop.world.company.faults().clear();
    let row = shop.world.row(order).await;
    let written = row.applied.unwrap().lines.into_iter().map(|line| line.part_num).collect::<Vec<_>>();
    assert_eq!(written, ["HB-001"], "{:?}", row.state);
    for part in ["HB-001", "HB-002"] {
        let _moved = shop
            .world
            .company
            .office(|office| office.edit_stock(part, "MAIN", |row| row.set("OnHandQty", dec("20"))));
    }
    shop.publish().await;
    assert_eq!((shop.level("HB-001"), shop.level("HB-002")), (18, 17), "each counted once");
}

#[test_case("/v3/inventory/adjustments/absolute", 1, 0; "as the push comes in")]
#[test_case("/v3/inventory/items", 1, 3; "after the push was accepted, before it is applied")]
#[test_case("/v2/orders?", 2, 0; "as orders are read before the push")]
#[tokio::test]
async fn an_order_between_the_reading_and_the_push_is_found_and_put_right_in_the_same_run(
    asked: &'static str,
    nth: usize,
    lag: i64,
) {
    let shop = Shop::of(2, QUERY).await;
    shop.publish().await;
    shop.world.company.stock("HB-001", "MAIN", dec("6"));
    shop.world.shop.set_stock_lag(SignedDuration::from_secs(lag));
    let seen = buys_at(&shop, asked, nth, "HB-001", 2);
    let ran = shop.publish().await;
    assert!(*seen.lock() >= nth, "the order was placed");
    shop.world.clock.advance(Duration::from_secs(10));
    assert_eq!(shop.level("HB-001"), 4, "6, of which 2 are sold");
    let window = ran.figures.iter().find(|(figure, _)| *figure == Figure::StockWindow);
    assert!(window.is_some_and(|(_, seconds)| *seconds < 60), "{:?}", ran.figures);
}

#[tokio::test]
async fn a_checkout_that_was_only_begun_takes_nothing_off_however_old_it_is() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    let begun = shop.world.order(guest().line("HB-001", 4, dec("1.50")).status(0)).await;
    assert_eq!(shop.world.state(begun).await, OrderState::Waiting { rule: "status.incomplete".to_owned() });
    for level in [20, 21] {
        shop.world.company.stock("HB-001", "MAIN", Decimal::from(level));
        shop.publish().await;
        assert_eq!(shop.level("HB-001"), level);
        shop.world.clock.advance(Duration::from_hours(72));
    }
}

#[tokio::test]
async fn an_order_that_somebody_is_at_work_on_counts_as_sold() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    let order = shop.world.order(guest().line("HB-001", 3, dec("1.50"))).await;
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 7, "it is in Kinetic");
    // What of it is in Kinetic nobody can say just now: somebody may be writing it again.
    let claimed =
        shop.world.pipeline.ledger().claim(&key(MAIN, order), Duration::from_mins(9)).await.unwrap();
    assert!(matches!(claimed, ClaimOutcome::Granted(..)), "{claimed:?}");
    shop.world.company.stock("HB-001", "MAIN", dec("20"));
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 14, "20, of which 3 are demanded in Kinetic and 3 may be as well");
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 17, "in doubt too little, until it is known");
}

#[tokio::test]
async fn an_order_that_came_into_kinetic_in_the_instant_of_the_reading_counts_as_sold() {
    let shop = Shop::of(1, QUERY).await;
    shop.publish().await;
    shop.world.clock.advance(FIVE_MINUTES);
    let order = shop.world.order(guest().line("HB-001", 3, dec("1.50"))).await;
    assert_eq!(shop.world.row(order).await.changed_at, shop.world.clock.now());
    shop.run(CatalogueJob::Stock, LONG).await.unwrap();
    assert_eq!(shop.level("HB-001"), 4, "whether the reading has it nobody can say");
    shop.publish().await;
    assert_eq!(shop.level("HB-001"), 7);
}
