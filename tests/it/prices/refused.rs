//! Prices that the store does not take.

use test_case::test_case;

use super::*;

#[test_case(false; "the store saves the others at once")]
#[test_case(true; "the store saves none of them")]
#[tokio::test]
async fn one_bad_price_of_many_is_an_issue_and_all_others_are_saved(strict: bool) {
    let all = (1..=40)
        .fold(PriceList::new("DIST"), |dist, number| dist.with(&format!("HB-{number:03}"), dec("1.10"), &[]));
    let shop = Shop::open((1..=40).map(bolt).collect(), vec![all], DISTRIBUTORS).await;
    assert_eq!(shop.world.shop.price_records(1), 40);
    shop.world.shop.change_habits(|habits| habits.price_records_strict = strict);
    // Somebody deletes a product, which nothing tells the connector yet.
    let gone = shop.product("HB-007").id;
    assert!(shop.world.shop.delete_product(gone));
    shop.world.company.office(|office| {
        for number in 1..=40 {
            office.price("DIST", &format!("HB-{number:03}"), dec("1.05"));
        }
    });
    assert_eq!(shop.prices().await, 39);
    assert_eq!(shop.upserts(), 2, "all, and then the others once more");
    assert_eq!(shop.issue("HB-007").await, Some(("list_refused".to_owned(), false)));
    let words = shop.shelved("HB-007").await.issue.unwrap().words;
    assert!(words.contains("DIST") && words.contains("HB-007") && words.contains("variant"), "{words}");
    for number in (1..=40).filter(|number| *number != 7) {
        assert_eq!(shop.listed(&format!("HB-{number:03}")), "1.05");
    }
    assert_eq!(shop.prices().await, 0);
    assert_eq!(shop.upserts(), 0, "it is not sent again as it is");
}

#[tokio::test]
async fn prices_that_are_refused_as_a_whole_are_halved_and_none_is_lost() {
    let all = (1..=8)
        .fold(PriceList::new("DIST"), |dist, number| dist.with(&format!("HB-{number:03}"), dec("1.10"), &[]));
    let shop = Shop::open((1..=8).map(bolt).collect(), vec![all], DISTRIBUTORS).await;
    let odd = Fault::Status { status: 422, body: Some("{\"title\":\"No\"}".to_owned()) };
    shop.world.shop.faults().add(odd.once().on("PUT", "/records"));
    shop.world.company.office(|office| {
        for number in 1..=8 {
            office.price("DIST", &format!("HB-{number:03}"), dec("1.05"));
        }
    });
    assert_eq!(shop.prices().await, 8);
    assert_eq!(shop.upserts(), 3);
    assert!((1..=8).all(|number| shop.listed(&format!("HB-{number:03}")) == "1.05"));
}
