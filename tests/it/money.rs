//! Exact to the cent, or held with the difference.

use connector_simulators::bigcommerce::{FeesShape, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, KineticConfig};
use test_case::test_case;

use crate::basket::{guest, line};
use crate::world::{Plan, World};

fn three_lines() -> NewOrder {
    guest()
        .with_line(line("HB-M8-40-ZN", 333))
        .with_line(line("WSH-M8-ZN", 1777))
        .with_line(line("GLV-NIT-L", 1))
        .shipping("Flat Rate", dec("8.50"))
}

#[test_case(three_lines().percent_off("SPRING", dec("10")); "ten percent")]
#[test_case(three_lines().percent_off("ODD", dec("33.33")); "a third")]
#[test_case(three_lines().amount_off("FIVER", dec("5.00")); "five off")]
#[test_case(three_lines().percent_off("A", dec("7.5")).amount_off("B", dec("3.33")); "two coupons")]
#[test_case(three_lines().manual_discount(dec("1.01")); "a discount by hand")]
#[test_case(three_lines().percent_off("A", dec("12.5")).manual_discount(dec("0.07")); "coupon and hand")]
#[test_case(three_lines().percent_off("ALL", dec("100")); "everything free")]
#[tokio::test]
async fn a_coupon_is_exact_to_the_cent(order: NewOrder) {
    let world = World::new().await;
    let expected = order.totals();
    let order = world.order(order).await;
    let view = world.is_synced(order).await;
    let discount = expected.coupon_discount + expected.discount_amount;
    assert_eq!(view.doc_discount, discount, "all of it is on the lines");
    assert_eq!(view.doc_total - view.doc_tax, expected.total.ex);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_discount_of_the_whole_order_can_be_one_charge() {
    let plan = Plan::default()
        .rule("[charges]", "[discounts]\ncarry = \"charge\"\nmisc_code = \"DISC\"\n\n[charges]");
    let world = World::with(plan).await;
    let order = three_lines().percent_off("SPRING", dec("10"));
    let discount = order.totals().coupon_discount;
    let order = world.order(order).await;
    let view = world.is_synced(order).await;
    assert!(view.charges.iter().any(|charge| charge.misc_code == "DISC" && charge.doc_misc_amt == -discount));
    assert!(view.lines.iter().all(|line| line.doc_discount.is_zero()));
    world.ends(&[]).await;
}

#[tokio::test]
async fn shipping_handling_wrapping_and_fees_are_charges_of_their_own() {
    let world = World::new().await;
    let order = guest()
        .with_line(line("GLV-LEA-M", 2))
        .shipping("Flat Rate", dec("8.50"))
        .handling(dec("1.50"))
        .wrapping(dec("3.25"))
        .fee("Package Protection", dec("0.98"))
        .fee("Small order", dec("2.50"));
    let order = world.order(order).await;
    let view = world.is_synced(order).await;
    let charges: Vec<_> = view
        .charges
        .iter()
        .map(|charge| (charge.misc_code.as_str(), charge.description.as_str(), charge.doc_misc_amt))
        .collect();
    assert_eq!(
        charges,
        [
            ("FRT", "Shipping", dec("8.50")),
            ("HAND", "Handling", dec("1.50")),
            ("WRAP", "Gift wrapping", dec("3.25")),
            ("FEE", "Package Protection", dec("0.98")),
            ("FEE", "Small order", dec("2.50")),
        ]
    );
    world.ends(&[]).await;
}

#[test_case(FeesShape::Wrapped, 2; "in an object of fees")]
#[test_case(FeesShape::Object, 1; "as one object")]
#[tokio::test]
async fn fees_are_read_in_every_shape_that_is_documented(fees_shape: FeesShape, fees: usize) {
    let shop = BigCommerceConfig { fees_shape, ..BigCommerceConfig::new() };
    let world = World::with(Plan { shop, ..Plan::default() }).await;
    let order = guest().with_line(line("GLV-LEA-M", 2)).fee("Package Protection", dec("0.98"));
    let order = if fees == 2 { order.fee("Small order", dec("2.50")) } else { order };
    let order = world.order(order).await;
    assert_eq!(world.is_synced(order).await.charges.len(), fees);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_charge_without_a_code_is_held_before_anything_is_written() {
    let world = World::with(Plan::default().rule("handling = \"HAND\"\n", "")).await;
    let order = world.order(three_lines().handling(dec("1.50"))).await;
    let (reason, subject, words) = world.held(order).await;
    assert_eq!((reason.as_str(), subject.as_deref()), ("charge_without_code", Some("handling")));
    assert!(words.contains("handling of 1.50"), "{words}");
    assert!(world.company.orders().is_empty());
    world.ends(&[order]).await;
}

#[tokio::test]
async fn tax_that_differs_beyond_the_tolerance_is_held_with_the_difference_and_stays_staged() {
    let world = World::new().await;
    // The shop took 7 %, the plant's region takes 8.25.
    let order = world.order(three_lines().tax_rate(dec("0.07"))).await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "totals_differ");
    assert!(words.contains("of tax") && words.contains("difference"), "{words}");
    let view = world.kinetic(order).await;
    assert_eq!(view.lines.len(), 3, "complete, but not released");
    assert!(!view.can_be_picked());
    assert!(view.order_held, "held, for people to see");
    world.ends(&[order]).await;
}

#[tokio::test]
async fn tax_within_the_tolerance_is_taken() {
    let world = World::with(Plan::default().rule("tolerance = \"0.05\"", "tolerance = \"5.00\"")).await;
    let order = world.order(three_lines().tax_rate(dec("0.07"))).await;
    world.is_synced(order).await;
    world.ends(&[]).await;
}

#[tokio::test]
async fn tax_can_be_a_charge_in_an_exempt_region() {
    let tax = "mode = \"charge\"\nmisc_code = \"WTAX\"\nexempt_region = \"EXMT\"";
    let world = World::with(Plan::default().rule("tolerance = \"0.05\"", tax)).await;
    let order = three_lines().tax_rate(dec("0.07"));
    let totals = order.totals();
    let order = world.order(order).await;
    assert_eq!(world.state(order).await, connector_ports::OrderState::Synced);
    let view = world.kinetic(order).await;
    assert!(
        view.charges
            .iter()
            .any(|charge| charge.misc_code == "WTAX" && charge.doc_misc_amt == totals.total.tax)
    );
    assert_eq!((view.doc_tax, view.doc_total), (dec("0"), totals.total.inc), "the very total of the shop");
    assert!(view.can_be_picked());
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_shop_that_does_not_add_up_is_held() {
    let world = World::new().await;
    let order = world.order(three_lines().raw("total_ex_tax", "1.0000")).await;
    let (reason, _, words) = world.held(order).await;
    assert_eq!(reason, "shop_totals_differ");
    assert!(words.contains("the shop says 1.00 before tax"), "{words}");
    assert!(world.company.orders().is_empty());
    world.ends(&[order]).await;
}

#[tokio::test]
async fn another_currency_is_held() {
    let company = KineticConfig { currencies: vec!["USD".into(), "EUR".into()], ..KineticConfig::new() };
    let world = World::with(Plan { company, ..Plan::default() }).await;
    let order = world.order(NewOrder { currency: "EUR".to_owned(), ..three_lines() }).await;
    assert_eq!(world.held(order).await.0, "foreign_currency");
    assert!(world.company.orders().is_empty());
    world.ends(&[order]).await;
}
