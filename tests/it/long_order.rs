//! Many lines, none missing, none twice, and nobody kept waiting.

use std::time::Duration;

use connector_sandbox::Worked;
use connector_simulators::BigCommerceConfig;
use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::Part;
use connector_sync::orders::Consumed;
use test_case::test_case;

use crate::basket::{gloves, guest};
use crate::world::{Plan, World};

#[test_case(None; "in pages of 250")]
#[test_case(Some(50); "although the store clamps its pages to 50")]
#[test_case(Some(7); "although the store clamps its pages to seven")]
#[tokio::test]
async fn a_hundred_and_twenty_lines_arrive_and_none_is_missing(page_clamp: Option<u32>) {
    let shop = BigCommerceConfig { page_clamp, ..BigCommerceConfig::new() };
    let world = World::with(Plan { shop, ..Plan::default() }).await;
    let mut order = guest();
    for n in 1..=120 {
        let (sku, price) = (format!("LONG-{n:03}"), dec(&format!("{}.{:02}", n % 9, n % 97)));
        world.company.add_part(&Part::new(&sku, "One of many", price));
        order = order.line(&sku, n % 5 + 1, price);
    }
    let order = world.order(order).await;
    let view = world.is_synced(order).await;

    let wanted: Vec<_> = (1..=120).map(|n| (format!("LONG-{n:03}"), dec(&(n % 5 + 1).to_string()))).collect();
    let written: Vec<_> =
        view.lines.iter().map(|line| (line.part_num.clone(), line.selling_quantity)).collect();
    assert_eq!(written, wanted);
    let references: Vec<_> =
        world.shop.order_lines(order).iter().map(|line| line["id"].to_string()).collect();
    let kept: Vec<_> = view.lines.iter().map(|line| line.po_line.clone()).collect();
    assert_eq!(kept, references, "each line bears the shop's own line id");
    assert_eq!(world.row(order).await.lines.len(), 120);
    world.ends(&[]).await;
}

#[tokio::test]
async fn a_thousand_lines_are_written_in_many_short_invocations_and_a_small_order_gets_its_turn() {
    const WINDOW: Duration = Duration::from_mins(1);
    let plan =
        Plan { latency: Duration::from_millis(40), ..Plan::default() }.rule("writers = 4", "writers = 1");
    let world = World::with(plan).await;
    world.company.add_part(&Part::new("LONG", "One of many", dec("4.00")));
    let long = world.shop.place_order((0..1000).fold(guest(), |order, _| order.line("LONG", 1, dec("4.00"))));
    let small = world.shop.place_order(gloves());
    world.shop.drain_hooks().await;

    let (mut continued, mut small_after) = (0, None);
    while let Some(worked) = world.pipeline.work_one(WINDOW).await.unwrap() {
        match worked {
            Worked::Order { became: Consumed::Continued, .. } => {
                continued += 1;
                let view = world.valid(long);
                assert!(!view.can_be_picked(), "nothing of it can be picked");
            }
            Worked::Order { key, became: Consumed::Recorded(_) } if key.order.0 == small => {
                small_after.get_or_insert(continued);
            }
            Worked::Order { .. } => {}
            other @ (Worked::ComesBack { .. } | Worked::Unreadable(_)) => panic!("{other:?}"),
        }
        world.shop.drain_hooks().await;
    }
    assert!(continued >= 4, "{continued} continuations");
    assert_eq!(small_after, Some(1), "the small order came right after the first of them");
    for order in [long, small] {
        world.is_synced(order).await;
    }
    let view = world.valid(long);
    let mut references: Vec<&str> = view.lines.iter().map(|line| line.po_line.as_str()).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!((view.lines.len(), references.len()), (1000, 1000), "each line once");
    assert_eq!(world.company.taxings(), 4, "calculated and released, both orders");
    world.ends(&[]).await;
}
