//! A hundred and twenty lines, none missing.

use connector_simulators::BigCommerceConfig;
use connector_simulators::bigcommerce::dec;
use connector_simulators::kinetic::Part;
use test_case::test_case;

use crate::basket::guest;
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
