//! How parts are read: late rows, another database, dates, runs that are cut off, rules that change.

use super::*;

#[tokio::test]
async fn a_catalogue_that_is_unchanged_costs_one_call_of_kinetic_and_none_of_the_store() {
    let shop = Shop::of((1..=60).map(bolt).collect()).await;
    shop.publish().await;
    for _ in 0..3 {
        assert_eq!(shop.publish().await, 0);
        assert_eq!(shop.world.company.traffic().calls().len(), 1);
        assert!(shop.world.shop.traffic().calls().is_empty());
    }
    shop.world.company.traffic().clear();
    assert_eq!(shop.try_publish(FIVE_MINUTES).await.unwrap().sent, 0);
    assert!(shop.world.company.traffic().calls().is_empty(), "before its time it does nothing");
}

#[tokio::test]
async fn a_row_that_is_committed_late_with_a_lower_revision_is_not_missed() {
    let shop = Shop::of(vec![bolt(1), bolt(2)]).await;
    shop.publish().await;
    let open = shop.world.company.uncommitted(|office| {
        office.edit_part("HB-001", |row| row.set("UnitPrice", dec("9.99")));
    });
    shop.world.company.edit_part("HB-002", |row| row.set("UnitPrice", dec("2.50")));
    assert_eq!(shop.publish().await, 1);
    shop.world.company.commit(open);
    assert_eq!(shop.publish().await, 1);
    assert_eq!(shop.product("HB-001").price, dec("9.99"));
}

#[tokio::test]
async fn a_database_that_was_replaced_stops_everything_and_is_told_once() {
    let shop = Shop::of((1..=40).map(bolt).collect()).await;
    for price in ["1.60", "1.70", "1.80"] {
        for number in 1..=40 {
            shop.world.company.edit_part(&format!("HB-{number:03}"), |row| row.set("UnitPrice", dec(price)));
        }
    }
    shop.publish().await;
    shop.world.company.refresh_database(1);
    let lowest = shop.world.company.part_rows().iter().map(|row| row.int("SysRevID")).max().unwrap();
    assert!(lowest < shop.shelved("HB-040").await.revisions["Parts"], "it is another");
    for _ in 0..3 {
        assert_eq!(shop.publish().await, 0);
        assert_eq!(shop.writes(), 0);
    }
    assert_eq!(shop.world.logs.count("ERROR", "database of main-store is another than before"), 1);
}

#[tokio::test]
async fn the_newest_part_may_be_deleted_without_a_stop() {
    let shop = Shop::of((1..=40).map(bolt).collect()).await;
    shop.publish().await;
    assert!(shop.world.company.delete_part("HB-040"));
    shop.world.company.edit_part("HB-001", |row| row.set("UnitPrice", dec("2.50")));
    assert_eq!(shop.publish().await, 1);
    assert_eq!(shop.world.logs.count("ERROR", "is another than before"), 0);
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on_without_repeating_or_skipping() {
    // A call takes a second: a run of three minutes creates about a hundred.
    let plan = Plan { latency: Duration::from_secs(1), ..Plan::default() };
    let shop = Shop::with((1..=300).map(bolt).collect(), "", plan).await;
    let mut runs = 0;
    while shop.world.shop.products().len() < 300 {
        runs += 1;
        assert!(runs < 20, "it gets on");
        shop.world.clock.advance(Duration::from_secs(1));
        shop.try_publish(Duration::from_mins(3)).await.unwrap();
    }
    assert!(runs > 2, "{runs} runs");
    assert_eq!(shop.world.shop.traffic().count("POST", "/v3/catalog/products"), 300, "none twice");
    assert_eq!(shop.publish().await, 0);
}

#[tokio::test]
async fn of_two_at_once_one_writes() {
    let plan = Plan { latency: Duration::from_secs(1), ..Plan::default() };
    let shop = Shop::with((1..=20).map(bolt).collect(), "", plan).await;
    let budget = Duration::from_mins(15);
    let (one, other) = tokio::join!(shop.try_publish(budget), shop.try_publish(budget));
    let (one, other) = (one.unwrap().sent, other.unwrap().sent);
    assert!(one == 0 || other == 0, "{one} and {other}");
    assert_eq!(shop.world.shop.traffic().count("POST", "/v3/catalog/products"), 20);
    assert_eq!(shop.world.shop.products().len(), 20);
}

#[tokio::test]
async fn a_site_that_refuses_to_filter_by_revision_is_read_by_date() {
    let company = KineticConfig { filters_revisions: false, ..KineticConfig::new() };
    let parts: Vec<Part> = (1..=300).map(bolt).collect();
    let plan = || Plan { company: company.clone(), ..Plan::default() };
    let refused = Shop::with(parts.clone(), "", plan()).await;
    refused.world.clock.advance(FIVE_MINUTES);
    assert!(refused.try_publish(Duration::from_mins(15)).await.is_err());

    let shop = Shop::with(parts, "changes = \"date\"", plan()).await;
    shop.publish().await;
    assert_eq!(shop.world.shop.products().len(), 300);
    shop.world.clock.advance(Duration::from_hours(100));
    shop.world.company.edit_part("HB-007", |row| row.set("UnitPrice", dec("2.50")));
    assert_eq!(shop.publish().await, 1);
    assert_eq!(shop.product("HB-007").price, dec("2.50"));
    let calls = shop.world.company.traffic().calls().len();
    assert!(calls <= 2, "only what changed in two days is read: {calls} calls");
    assert_eq!(shop.publish().await, 0);
}

#[tokio::test]
async fn rules_that_say_otherwise_are_applied_to_parts_that_do_not_change() {
    let shop = Shop::of((1..=40).map(bolt).collect()).await;
    shop.publish().await;
    for _ in 0..4 {
        assert_eq!(shop.publish().await, 0);
    }
    let rules = format!("{RULES}\n[catalogue]\npublish = true\nname = \"description\"\n");
    shop.world.connect_again(&rules);
    assert_eq!(shop.publish().await, 40);
    assert_eq!(shop.product("HB-007").name, "Hex bolt 7");
    assert_eq!(shop.publish().await, 0);
}
