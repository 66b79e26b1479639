//! What no revision and no hook tells: rows and lists that are gone, and prices that somebody typed into the store.

use test_case::test_case;

use super::*;

const A_DAY: Duration = Duration::from_hours(25);

/// A list of base prices, one of sale prices and one that is a list of the store, each with two parts.
async fn three_lists(typed: &str) -> Shop {
    let on = |code| PriceList::new(code).with("HB-001", dec("1.10"), &[]).with("HB-002", dec("1.20"), &[]);
    let prices = format!("base = \"WEB\"\nsale = \"SALE\"\n{DISTRIBUTORS}\n{typed}");
    let shop = Shop::open(vec![bolt(1), bolt(2)], ["WEB", "SALE", "DIST"].map(on).into(), &prices).await;
    assert_eq!(shop.night().await, 0, "all is as it should be");
    assert_eq!(shown(&shop, "HB-001"), (dec("1.10"), dec("1.10"), "1.1".to_owned()));
    shop
}

fn shown(shop: &Shop, sku: &str) -> (Decimal, Decimal, String) {
    (shop.price(sku), shop.product(sku).sale_price, shop.listed(sku))
}

impl Shop {
    /// The sweep, when all of it is compared.
    async fn night(&self) -> usize {
        self.later(A_DAY);
        self.run(CatalogueJob::Sweep).await
    }
}

#[tokio::test]
async fn rows_that_were_deleted_from_lists_are_found() {
    let shop = three_lists("").await;
    shop.world.company.office(|office| {
        assert!(["WEB", "SALE", "DIST"].into_iter().all(|code| office.delete_price(code, "HB-001")));
    });
    shop.later(FIVE_MINUTES);
    assert_eq!(shown(&shop, "HB-001").0, dec("1.10"), "no revision tells it");
    assert_eq!(shop.night().await, 3);
    assert_eq!(shown(&shop, "HB-001"), (dec("1.50"), Decimal::ZERO, "nothing".to_owned()));
    assert_eq!(shown(&shop, "HB-002"), (dec("1.20"), dec("1.20"), "1.2".to_owned()));
    assert_eq!(shop.night().await, 0);
}

#[test_case(true; "with its rows, at night")]
#[test_case(false; "and its rows are left, at once")]
#[tokio::test]
async fn a_list_that_was_deleted_in_kinetic_is_taken_off(rows: bool) {
    let dist = PriceList::new("DIST").with("HB-001", dec("1.10"), &[]).with("HB-002", dec("1.20"), &[]);
    let shop = Shop::open(vec![bolt(1), bolt(2)], vec![dist], DISTRIBUTORS).await;
    assert_eq!((shop.night().await, shop.world.shop.price_records(1)), (0, 2));
    shop.world.company.office(|office| {
        assert!(office.delete("PriceLst", &["DIST".into()]));
        assert!(["HB-001", "HB-002"].into_iter().all(|sku| !rows || office.delete_price("DIST", sku)));
    });
    // Without a newer row the newest known one is looked for as well: it is the list itself.
    shop.world.company.office(|office| office.add_price_list(&PriceList::new("OTHER")));
    let off = shop.prices().await;
    assert_eq!(off, if rows { 0 } else { 2 });
    assert_eq!(off + shop.night().await, 2);
    assert_eq!(shop.world.shop.price_records(1), 0);
}

#[test_case("", true; "put right")]
#[test_case("[sweep]\ntyped = \"keep\"", false; "kept by rule, and flagged")]
#[tokio::test]
async fn prices_that_somebody_typed_into_a_list_of_the_store_are_found(typed: &str, right: bool) {
    let shop = three_lists(typed).await;
    let typed = |record: &mut PriceRecord| record.price = Some(dec("0.01"));
    assert!(shop.world.shop.edit_price_record(1, "HB-001", "usd", typed));
    // Another currency is the merchandiser's.
    assert!(shop.world.shop.edit_price_record(1, "HB-002", "eur", typed));
    assert_eq!(shop.night().await, usize::from(right));
    assert_eq!(shop.listed("HB-001"), if right { "1.1" } else { "0.01" });
    assert_eq!(shop.world.shop.price_record(1, "HB-002", "eur").unwrap().price, Some(dec("0.01")));
    let issue = shop.shelved("HB-001").await.issue;
    if right {
        assert_eq!(issue, None);
        let (old, new) = shop.changes("HB-001", "list/DIST").await.remove(0);
        assert_eq!((old.as_deref(), new.as_deref()), (Some("1: USD 0.01"), Some("1: USD 1.1")));
    } else {
        let issue = issue.unwrap();
        assert_eq!((issue.reason.as_str(), issue.flagged_only), ("list_edited_in_shop", true));
        assert!(issue.words.contains("1: USD 0.01") && issue.words.contains("1: USD 1.1"), "{}", issue.words);
    }
    assert_eq!(shop.issue("HB-002").await, None);
    let before = shop.shelved("HB-001").await;
    assert_eq!(shop.night().await, 0);
    assert_eq!(shop.shelved("HB-001").await, before, "since when it is so is not forgotten");
    // Whoever it was takes it back.
    assert!(shop.world.shop.edit_price_record(1, "HB-001", "usd", |record| record.price = Some(dec("1.10"))));
    assert_eq!(shop.night().await, 0);
    assert_eq!(shop.issue("HB-001").await, None);
}

#[test_case("", "1.1"; "put right")]
#[test_case("[sweep]\ntyped = \"keep\"", "0.5"; "kept by rule, and flagged")]
#[tokio::test]
async fn a_sale_price_that_somebody_typed_is_found(typed: &str, sale: &str) {
    let shop = three_lists(typed).await;
    let product = shop.product("HB-001").id;
    assert!(shop.world.shop.edit_product(product, |product| product.sale_price = dec("0.5")));
    let sent = shop.night().await;
    assert_eq!(shop.product("HB-001").sale_price, dec(sale));
    assert_eq!(sent, usize::from(sale == "1.1"));
    let flag = shop.issue("HB-001").await;
    assert_eq!(flag, (sent == 0).then(|| ("list_edited_in_shop".to_owned(), true)));
    assert_eq!(shop.night().await, 0);
}

#[tokio::test]
async fn a_list_that_was_deleted_in_the_store_is_made_again_though_no_price_changed() {
    let shop = three_lists("").await;
    assert!(shop.world.shop.delete_price_list(1));
    shop.night().await;
    assert_eq!(shop.world.logs.count("WARN", "is not there any more; it is made again"), 1);
    shop.prices().await;
    assert_eq!(shop.world.shop.price_records(2), 2);
    assert_eq!(shop.night().await, 0);
}

#[tokio::test]
async fn a_new_part_is_on_a_list_that_is_made_again() {
    let dist = before_its_part(PriceList::new("DIST"), "HB-002", "1.20");
    let shop = Shop::open(vec![bolt(1)], vec![dist], DISTRIBUTORS).await;
    // Its row was read long ago.
    for _ in 0..4 {
        shop.prices().await;
    }
    assert!(shop.world.shop.delete_price_list(1));
    shop.world.company.office(|office| office.add_part(&bolt(2)));
    shop.publish().await;
    assert_eq!(shop.world.shop.price_records(2), 1);
}

#[tokio::test]
async fn rules_that_say_otherwise_are_applied_to_rows_that_do_not_change() {
    let dist = PriceList::new("DIST").with("HB-001", dec("39"), &[]).with("HB-002", dec("39"), &[]);
    let shop = Shop::open(vec![per("C", bolt(1)), bolt(2)], vec![dist], DISTRIBUTORS).await;
    for _ in 0..4 {
        shop.prices().await;
    }
    assert_eq!((shop.listed("HB-001"), shop.listed("HB-002")), ("0.39".to_owned(), "39".to_owned()));
    shop.world.connect_again(&rules(&format!("{DISTRIBUTORS}\nlist_price_per = \"each\"")));
    assert_eq!(shop.prices().await, 1);
    assert_eq!((shop.listed("HB-001"), shop.listed("HB-002")), ("39".to_owned(), "39".to_owned()));
}

#[tokio::test]
async fn a_price_that_is_right_again_is_flagged_no_more_and_by_no_other_list() {
    let on = |code| PriceList::new(code).with("HB-001", dec("1.10"), &[]);
    let lists = "lists = { A = \"One\", B = \"Two\" }";
    let shop = Shop::open(vec![bolt(1)], ["A", "B"].map(on).into(), lists).await;
    shop.world.company.office(|office| office.price("A", "HB-001", dec("-1")));
    assert_eq!(shop.prices().await, 0);
    assert_eq!(shop.issue("HB-001").await, Some(("list_no_price".to_owned(), false)));
    shop.world.company.office(|office| office.price("B", "HB-001", dec("1.05")));
    assert_eq!(shop.prices().await, 1);
    assert_eq!(shop.issue("HB-001").await, Some(("list_no_price".to_owned(), false)), "it is of list A");
    shop.world.company.office(|office| office.price("A", "HB-001", dec("1.10")));
    assert_eq!(shop.prices().await, 0, "it was never taken off");
    assert_eq!((shop.issue("HB-001").await, shop.upserts()), (None, 0));
}
