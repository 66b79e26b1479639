//! How lists are read: what is unchanged, another database, runs that are cut off.

use super::*;

#[tokio::test]
async fn what_is_unchanged_costs_one_call_for_each_set_and_none_of_the_store() {
    let all = |code: &str| {
        (1..=60).fold(PriceList::new(code), |list, number| {
            list.with(&format!("HB-{number:03}"), dec("1.10"), &[(10, dec("1.00"))])
        })
    };
    let prices = format!("base = \"WEB\"\nsale = \"SALE\"\n{DISTRIBUTORS}\nbreaks_baq = \"MLC-PLPartBrk\"");
    let lists = ["WEB", "SALE", "DIST"].map(all).into();
    let parts: Vec<Part> = (1..=60).map(bolt).collect();
    let shop = Shop::open(parts, lists, &prices).await;
    shop.publish().await;
    for _ in 0..3 {
        assert_eq!(shop.publish().await, 0);
        let mut asked = shop.asked();
        asked.sort();
        assert_eq!(asked, ["Data", "Parts", "PriceLstParts", "PriceLsts"]);
        assert_eq!(shop.store_calls(), 0);
    }
    // Nor do an edit that means nothing, and what it leaves behind.
    shop.world.company.edit_part("HB-001", |row| row.set("SearchWord", "X"));
    assert_eq!(shop.publish().await, 0);
    assert_eq!(shop.publish().await, 0);
    assert_eq!((shop.asked().len(), shop.store_calls()), (4, 0));
    assert!(
        shop.world
            .company
            .traffic()
            .calls()
            .iter()
            .all(|call| !call.path.contains("PriceLstSvc/PriceLstParts"))
    );
}

#[tokio::test]
async fn another_database_stops_the_prices_and_is_told_once() {
    let all = (1..=40)
        .fold(PriceList::new("DIST"), |dist, number| dist.with(&format!("HB-{number:03}"), dec("1.10"), &[]));
    let shop = Shop::open((1..=40).map(bolt).collect(), vec![all], DISTRIBUTORS).await;
    shop.world.company.office(|office| {
        for _ in 0..10 {
            for number in 1..=40 {
                office.price("DIST", &format!("HB-{number:03}"), dec("1.20"));
            }
        }
    });
    shop.prices().await;
    shop.world.company.refresh_database(1);
    for _ in 0..3 {
        assert_eq!(shop.prices().await, 0);
        assert_eq!(shop.store_calls(), 0);
    }
    assert_eq!(shop.world.logs.count("ERROR", "is another than before"), 1);
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on() {
    let all = (1..=120)
        .fold(PriceList::new("WEB"), |list, number| list.with(&format!("HB-{number:03}"), dec("1.10"), &[]));
    let plan = Plan { latency: Duration::from_secs(2), ..Plan::default() };
    let shop = Shop::with((1..=120).map(bolt).collect(), vec![all], "base = \"WEB\"", plan).await;
    while shop.world.shop.products().len() < 120 {
        shop.publish().await;
    }
    shop.world.company.office(|office| {
        for number in 1..=120 {
            office.price("WEB", &format!("HB-{number:03}"), dec("1.05"));
        }
    });
    shop.later(FIVE_MINUTES);
    let mut runs = 0;
    while shop.price("HB-120") != dec("1.05") {
        runs += 1;
        assert!(runs < 20, "it gets on");
        shop.world.clock.advance(Duration::from_secs(1));
        shop.try_run(CatalogueJob::Prices, Duration::from_secs(80)).await.unwrap();
    }
    assert!(runs > 1, "{runs} runs");
    assert!((1..=120).all(|number| shop.price(&format!("HB-{number:03}")) == dec("1.05")));
    assert_eq!(shop.world.shop.traffic().count("PUT", "/v3/catalog/products"), 12, "none twice");
}
