//! Parts by batch (§5.1).

use connector_domain::Text;
use connector_kinetic::PricePer;
use serde_json::{Value, json};
use test_case::test_case;

use crate::support::{Company, text};

fn row(part_num: &str, per: &str) -> Value {
    json!({
        "PartNum": part_num, "PartDescription": "Widget", "InActive": false, "OnHold": true, "RunOut": false,
        "SalesUM": "EA", "PricePerCode": per, "TypeCode": "P", "TrackLots": false, "TrackSerialNum": true
    })
}

/// Finds each part that is asked for, and gives at most so many a page.
async fn warehouse(most: usize) -> Company {
    let company = Company::start().await;
    company
        .set("PartSvc/Parts", move |option| {
            let filter = option("$filter");
            let (terms, after) = filter.split_once(") and PartNum gt ").unwrap_or((&filter, ""));
            let unquoted = |quoted: &str| quoted.trim_matches('\'').replace("''", "'");
            let mut parts: Vec<String> = terms
                .trim_start_matches('(')
                .split(" or ")
                .map(|term| unquoted(term.strip_prefix("PartNum eq ").unwrap()))
                .filter(|part| *part > unquoted(after))
                .collect();
            parts.sort();
            let page: Vec<Value> = parts.iter().take(most).map(|part| row(part, "E")).collect();
            json!({ "@odata.count": parts.len(), "value": page })
        })
        .await;
    company
}

fn numbered(count: usize, form: impl Fn(usize) -> String) -> Vec<Text<50>> {
    (0..count).map(|at| text(&form(at))).collect()
}

#[tokio::test]
async fn parts_are_asked_for_in_one_filter() {
    let company = warehouse(100).await;
    let wanted = [text("ABC-100"), text(r#"3/4" O'Ring x"#), text("ABC-100"), Text::default()];
    let found = company.client.parts().by_part_nums(&wanted, company.deadline()).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].price_per.clone(), found[0].on_hold, found[0].track_serials),
        (PricePer::Each, true, true)
    );
    insta::assert_json_snapshot!(company.sent().await);
}

#[test_case("C" => PricePer::Hundred)]
#[test_case("M" => PricePer::Thousand)]
#[test_case("X" => PricePer::Other("X".to_owned()))]
#[tokio::test]
async fn a_price_is_for_so_many(code: &'static str) -> PricePer {
    let company = Company::start().await;
    company.set("PartSvc/Parts", move |_| json!({ "@odata.count": 1, "value": [row("A", code)] })).await;
    let mut found = company.client.parts().by_part_nums(&[text("A")], company.deadline()).await.unwrap();
    found.pop().unwrap().price_per
}

#[tokio::test]
async fn a_batch_has_no_more_terms_and_no_longer_url_than_is_set() {
    let company = warehouse(100).await;
    let short = numbered(45, |at| format!("P{at:03}"));
    assert_eq!(company.client.parts().by_part_nums(&short, company.deadline()).await.unwrap().len(), 45);
    assert_eq!(company.requests().await.len(), 3, "20 + 20 + 5 terms");
    company.server.reset().await;

    let company = warehouse(100).await;
    let long = numbered(40, |at| format!("{at:03} {}", "'%/ä".repeat(11)));
    assert_eq!(company.client.parts().by_part_nums(&long, company.deadline()).await.unwrap().len(), 40);
    let requests = company.requests().await;
    assert!(requests.len() > 2);
    assert!(requests.iter().all(|request| request.url.as_str().len() <= 1800));
}

#[tokio::test]
async fn a_site_that_cuts_pages_short_hides_no_part() {
    let company = warehouse(7).await;
    let wanted = numbered(20, |at| format!("P{at:03}"));
    assert_eq!(company.client.parts().by_part_nums(&wanted, company.deadline()).await.unwrap().len(), 20);
    assert_eq!(company.requests().await.len(), 3, "7 + 7 + 6 rows");
}

#[tokio::test]
async fn another_spelling_is_found_and_another_part_is_not() {
    let company = Company::start().await;
    company
        .set(
            "PartSvc/Parts",
            |_| json!({ "@odata.count": 2, "value": [row("abc-100", "E"), row("ABC-1000", "E")] }),
        )
        .await;
    let found = company.client.parts().by_part_nums(&[text("ABC-100")], company.deadline()).await.unwrap();
    assert_eq!(found.iter().map(|part| part.part_num.as_str()).collect::<Vec<_>>(), ["abc-100"]);
}

#[tokio::test]
async fn nothing_wanted_asks_nothing() {
    let company = warehouse(100).await;
    assert!(company.client.parts().by_part_nums(&[], company.deadline()).await.unwrap().is_empty());
    assert!(company.requests().await.is_empty());
}
