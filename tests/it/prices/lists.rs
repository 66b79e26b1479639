//! Price lists of the store.

use test_case::test_case;

use super::*;

#[tokio::test]
async fn a_list_with_breaks_arrives_and_follows() {
    let breaks = [(1_000, dec("36.50")), (5_000, dec("33.00"))];
    let list = PriceList::new("DIST").with("HB-001", dec("39.00"), &breaks);
    let shop = Shop::open(vec![per("C", bolt(1)), bolt(2)], vec![list], DISTRIBUTORS).await;
    assert_eq!(shop.listed("HB-001"), "0.39 1000-4999:0.365 5000-:0.33");
    assert_eq!(shop.listed("HB-002"), "nothing");
    assert_eq!(shop.price("HB-001"), dec("0.015"), "the product has the part's own");
    shop.world.company.office(|office| office.price("DIST", "HB-001", dec("38.00")));
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.listed("HB-001"), "0.38 1000-4999:0.365 5000-:0.33");
    assert_eq!(shop.upserts(), 1);
    let changes = shop.changes("HB-001", "list/DIST").await;
    assert_eq!(
        changes[0],
        (
            Some("1: USD 0.39, 1000+ 0.365, 5000+ 0.33".to_owned()),
            Some("1: USD 0.38, 1000+ 0.365, 5000+ 0.33".to_owned())
        )
    );
    // A row in another unit is another price.
    let boxes = connector_simulators::kinetic::ListPart {
        part_num: "HB-001".to_owned(),
        uom: Some("BX".to_owned()),
        base_price: dec("900"),
        breaks: Vec::new(),
    };
    let more = PriceList { parts: vec![boxes], ..PriceList::new("DIST") };
    shop.world.company.office(|office| office.add_price_list(&more));
    shop.prices().await;
    assert_eq!(shop.listed("HB-001"), "0.38 1000-4999:0.365 5000-:0.33");
}

#[test_case(true; "by the site's query, at once")]
#[test_case(false; "by reading all rows again, at their time")]
#[tokio::test]
async fn a_break_that_changes_alone_is_found(query: bool) {
    let list = |number| format!("HB-{number:03}");
    let dist = (1..=30).fold(PriceList::new("DIST"), |dist, number| {
        dist.with(&list(number), dec("39.00"), &[(10, dec("36.50"))])
    });
    let baq = if query { "breaks_baq = \"MLC-PLPartBrk\"" } else { "" };
    let prices = format!("{DISTRIBUTORS}\n{baq}");
    let shop = Shop::open((1..=30).map(bolt).collect(), vec![dist], &prices).await;
    shop.prices().await;
    let change = |price: &str| {
        shop.world.company.office(|office| office.price_break("DIST", "HB-001", dec("10"), dec(price)));
    };
    change("35.00");
    if query {
        assert_eq!(shop.prices().await, 1);
    } else {
        assert_eq!(shop.prices().await, 0, "no revision tells it");
        assert_eq!(shop.listed("HB-001"), "39 10-:36.5");
        shop.later(Duration::from_hours(24));
        assert_eq!(shop.run(CatalogueJob::Prices).await, 1);
    }
    assert_eq!(shop.listed("HB-001"), "39 10-:35");
    assert_eq!(shop.upserts(), 1);
    assert_eq!(shop.record("HB-002").unwrap().bulk_pricing_tiers.len(), 1, "and no other is touched");
    assert_eq!(shop.world.company.traffic().count("GET", "PriceLstSvc/PriceLstParts"), 0, "the child set");
    // What is deleted no query tells; the next reading of all rows does.
    shop.world.company.office(|office| office.delete_break("DIST", "HB-001", dec("10")));
    shop.later(Duration::from_hours(24));
    assert_eq!(shop.run(CatalogueJob::Prices).await, 1);
    assert_eq!(shop.listed("HB-001"), "39");
}

#[tokio::test]
async fn a_break_that_is_committed_late_is_not_missed() {
    let dist = PriceList::new("DIST").with("HB-001", dec("39"), &[(10, dec("36")), (100, dec("33"))]);
    let prices = format!("{DISTRIBUTORS}\nbreaks_baq = \"MLC-PLPartBrk\"");
    let shop = Shop::open(vec![bolt(1)], vec![dist], &prices).await;
    let open = shop.world.company.uncommitted(|office| {
        office.price_break("DIST", "HB-001", dec("10"), dec("35"));
    });
    shop.world.company.office(|office| office.price_break("DIST", "HB-001", dec("100"), dec("30")));
    assert_eq!(shop.prices().await, 1);
    shop.world.company.commit(open);
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.listed("HB-001"), "39 10-99:35 100-:30");
}

#[tokio::test]
async fn a_price_list_out_of_force_is_taken_off_and_comes_back() {
    let dist = PriceList { ends: day("2026-03-31"), ..PriceList::new("DIST") };
    let dist = dist.with("HB-001", dec("1.10"), &[]).with("HB-002", dec("1.20"), &[]);
    let shop = Shop::open(vec![bolt(1), bolt(2)], vec![dist], DISTRIBUTORS).await;
    assert_eq!(shop.listed("HB-001"), "1.1");
    shop.later(Duration::from_hours(2));
    assert_eq!(shop.prices().await, 2);
    assert_eq!((shop.listed("HB-001"), shop.world.shop.price_records(1)), ("nothing".to_owned(), 0));
    assert_eq!(shop.world.shop.traffic().count("DELETE", "/records"), 1, "in one call");
    shop.world.company.office(|office| {
        office.edit_price_list("DIST", |row| row.set("EndDate", day("2026-12-31").unwrap()));
    });
    assert_eq!(shop.prices().await, 2);
    assert_eq!(shop.listed("HB-002"), "1.2");
}

#[tokio::test]
async fn price_lists_go_out_in_their_own_currency() {
    let of = |code: &str, currency: &str| {
        let list = PriceList { currency: Some(currency.to_owned()), ..PriceList::new(code) };
        list.with("HB-001", dec("1.10"), &[])
    };
    let prices = "lists = { A = \"One\", B = \"Two\", C = \"Three\" }\ncurrencies = { KR = \"NOK\" }";
    let lists = vec![of("A", "EUR"), of("B", "Kr"), of("C", "X$")];
    let shop = Shop::open(vec![bolt(1)], lists, prices).await;
    let price =
        |list, currency| shop.world.shop.price_record(list, "HB-001", currency).and_then(|at| at.price);
    assert_eq!((price(1, "eur"), price(2, "nok")), (Some(dec("1.10")), Some(dec("1.10"))));
    assert_eq!((shop.world.shop.price_records(1), shop.world.shop.price_records(3)), (1, 0));
    assert_eq!(shop.world.logs.count("ERROR", "is in X$, which is no currency of the store"), 1);
    // The list changes its currency: the price in the old one goes.
    shop.world.company.office(|office| office.edit_price_list("A", |row| row.set("CurrencyCode", "USD")));
    assert_eq!(shop.prices().await, 1);
    assert_eq!((price(1, "eur"), price(1, "usd")), (None, Some(dec("1.10"))));
}

#[tokio::test]
async fn a_throttled_upsert_without_headers_is_waited_for_and_sent_again() {
    let dist = PriceList::new("DIST").with("HB-001", dec("1.10"), &[]);
    let shop = Shop::open(vec![bolt(1)], vec![dist], DISTRIBUTORS).await;
    shop.world.shop.faults().add(Fault::Throttle { headers: false }.times(2).on("PUT", "/records"));
    shop.world.company.office(|office| office.price("DIST", "HB-001", dec("1.05")));
    let began = connector_domain::Clock::now(&shop.world.clock);
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.listed("HB-001"), "1.05");
    assert_eq!(shop.upserts(), 3, "two were refused");
    let passed = connector_domain::Clock::now(&shop.world.clock).duration_since(began);
    assert!(passed > jiff::SignedDuration::from_mins(5), "it waited");
}

#[tokio::test]
async fn a_new_part_gets_the_prices_of_the_lists_it_is_on() {
    let list = |code: &str| before_its_part(PriceList::new(code), "HB-002", "1.10");
    let prices = format!("base = \"WEB\"\nsale = \"SALE\"\n{DISTRIBUTORS}");
    let lists = ["WEB", "SALE", "DIST"].map(list).into();
    let shop = Shop::open(vec![bolt(1)], lists, &prices).await;
    shop.prices().await;
    assert_eq!(shop.world.shop.price_records(1), 0);
    // The rows of the lists were read long ago, and do not change.
    shop.world.company.office(|office| office.add_part(&bolt(2)));
    shop.later(FIVE_MINUTES);
    assert!(shop.run(CatalogueJob::Parts).await > 0);
    assert_eq!((shop.price("HB-002"), shop.listed("HB-002")), (dec("1.10"), "1.1 10-:1".to_owned()));
    assert_eq!(shop.product("HB-002").sale_price, dec("1.10"));
    assert_eq!(shop.publish().await, 0);
    assert_eq!(shop.store_calls(), 0);
}

#[tokio::test]
async fn a_new_part_whose_list_prices_could_not_be_written_gets_them_with_the_next_run() {
    let dist = before_its_part(PriceList::new("DIST"), "HB-002", "1.10");
    let shop = Shop::open(vec![bolt(1)], vec![dist], DISTRIBUTORS).await;
    shop.world.company.office(|office| office.add_part(&bolt(2)));
    shop.world.shop.faults().add(Fault::Status { status: 503, body: None }.always().on("PUT", "/records"));
    shop.later(FIVE_MINUTES);
    assert!(shop.try_run(CatalogueJob::Parts, Duration::from_mins(15)).await.is_err());
    assert_eq!(
        (shop.product("HB-002").sku.as_str(), shop.listed("HB-002")),
        ("HB-002", "nothing".to_owned())
    );
    shop.world.shop.faults().clear();
    for _ in 0..3 {
        shop.later(FIVE_MINUTES);
        shop.run(CatalogueJob::Parts).await;
    }
    assert_eq!(shop.listed("HB-002"), "1.1 10-:1");
}

#[tokio::test]
async fn a_part_that_is_sold_otherwise_gets_the_prices_of_its_new_unit() {
    let mut dist = PriceList::new("DIST").with("HB-001", dec("1.10"), &[]);
    let boxes = PriceList::new("DIST").with("HB-001", dec("90"), &[]).parts.remove(0);
    dist.parts.push(connector_simulators::kinetic::ListPart { uom: Some("BX".to_owned()), ..boxes });
    let shop = Shop::open(vec![bolt(1)], vec![dist], DISTRIBUTORS).await;
    assert_eq!(shop.listed("HB-001"), "1.1");
    shop.world.company.edit_part("HB-001", |row| {
        row.set("SalesUM", "BX");
        row.set("PricePerCode", "C");
    });
    shop.publish().await;
    assert_eq!(shop.listed("HB-001"), "0.9");
}

#[tokio::test]
async fn a_store_without_price_lists_says_so_once_and_the_rest_goes_on() {
    let list = |code: &str| PriceList::new(code).with("HB-001", dec("1.10"), &[]);
    let shop = Shop::with(
        vec![bolt(1)],
        vec![list("WEB"), list("DIST")],
        &format!("base = \"WEB\"\n{DISTRIBUTORS}"),
        Plan::default(),
    )
    .await;
    let no_plan = Fault::Status { status: 403, body: None }.always();
    shop.world.shop.faults().add(no_plan.on_path("/v3/pricelists"));
    shop.publish().await;
    shop.world.company.office(|office| office.price("WEB", "HB-001", dec("1.05")));
    for _ in 0..3 {
        shop.publish().await;
    }
    assert_eq!(shop.price("HB-001"), dec("1.05"));
    assert_eq!(shop.world.logs.count("ERROR", "has no price lists for us"), 1);
    assert_eq!(shop.world.shop.traffic().count("GET", "/v3/pricelists"), 0, "it is asked once an hour");
    shop.world.shop.faults().clear();
    shop.later(Duration::from_hours(1));
    assert_eq!(shop.run(CatalogueJob::Prices).await, 1);
    assert_eq!(shop.listed("HB-001"), "1.1");
}

#[tokio::test]
async fn a_list_of_the_store_is_found_by_its_name_and_made_again_when_it_is_deleted() {
    let dist = PriceList::new("DIST").with("HB-001", dec("1.10"), &[]).with("HB-002", dec("1.20"), &[]);
    let shop = Shop::with(vec![bolt(1), bolt(2)], vec![dist], DISTRIBUTORS, Plan::default()).await;
    assert_eq!(shop.world.shop.create_price_list("distributors"), Some(1));
    shop.publish().await;
    assert_eq!(shop.listed("HB-001"), "1.1", "in the list that was there");
    shop.world.shop.delete_price_list(1);
    shop.world.company.office(|office| office.price("DIST", "HB-001", dec("1.05")));
    for _ in 0..2 {
        shop.prices().await;
    }
    assert_eq!(shop.world.shop.price_records(2), 2, "all of its prices, not only the one that changed");
    assert_eq!(shop.prices().await, 0);
}
