//! What named parts cost on a list (§6).

use connector_domain::Text;
use connector_kinetic::odata::RawFilter;
use serde_json::{Value, json};

use crate::support::Company;

const LIST_PARTS: &str = "PriceLstPartsSvc/PriceLstParts";

fn parts(count: u32) -> Vec<Text<50>> {
    (0..count).map(|at| Text::exact(&format!("P{at:03}")).unwrap()).collect()
}

fn row(list: &str, part: &str, uom: &str, revision: i64) -> Value {
    json!({
        "ListCode": list, "PartNum": part, "UOMCode": uom, "BasePrice": 12.34567, "SysRevID": revision,
        "SysRowID": format!("00000000-0000-0000-0000-{revision:012}"),
        "PLPartBrks": [{ "Quantity": 10.0, "DiscountPercent": 5, "UnitPrice": 0, "SysRevID": 3 }]
    })
}

#[tokio::test]
async fn the_prices_of_named_parts_are_asked_for_flat_and_in_batches() {
    let company = Company::start().await;
    company
        .set(LIST_PARTS, |option| {
            let filter = option("$filter");
            let rows: Vec<Value> = (0..45)
                .filter(|at| filter.contains(&format!("'P{at:03}'")))
                .map(|at| row("DIST", &format!("P{at:03}"), "EA", i64::from(at) + 1))
                .collect();
            json!({ "@odata.count": rows.len(), "value": rows })
        })
        .await;
    let changes = company.client.changes();
    let found = changes.prices_of("DIST", &parts(45), company.deadline()).await.unwrap();
    assert_eq!(found.len(), 45);
    assert_eq!((found[0].base_price.to_string().as_str(), found[0].breaks.len()), ("12.34567", 1));
    let sent = company.sent().await;
    assert_eq!(sent.len(), 3, "20 + 20 + 5 terms");
    let last = &sent[2]["query"];
    assert_eq!(
        last["$filter"],
        "SysRevID gt 0 and (PartNum eq 'P040' or PartNum eq 'P041' or PartNum eq 'P042' or PartNum eq 'P043' or PartNum eq 'P044') and ListCode eq 'DIST'"
    );
    assert_eq!((&last["$expand"], &last["$orderby"]), (&json!("PLPartBrks"), &json!("SysRevID")));
}

#[tokio::test]
async fn a_page_that_is_cut_short_is_gone_on_with_and_what_was_not_asked_for_is_left() {
    let company = Company::start().await;
    company
        .set(LIST_PARTS, |option| {
            if option("$filter").starts_with("SysRevID gt 0 ") {
                let rows = [row("DIST", "P000", "EA", 1), row("OTHER", "P000", "EA", 2)];
                json!({ "@odata.count": 4, "value": rows })
            } else {
                let rows = [row("dist", "p000 ", "BX", 5), row("DIST", "X", "EA", 6)];
                json!({ "@odata.count": 2, "value": rows })
            }
        })
        .await;
    let found = company.client.changes().prices_of("DIST", &parts(1), company.deadline()).await.unwrap();
    assert_eq!(found.iter().map(|row| row.uom.as_str()).collect::<Vec<_>>(), ["EA", "BX"]);
    let nothing = company.client.changes().prices_of("DIST", &[], company.deadline()).await.unwrap();
    assert!(nothing.is_empty());
    assert_eq!(company.requests().await.len(), 2);
}

#[tokio::test]
async fn named_parts_are_asked_for_with_the_merchants_filter() {
    let company = Company::start().await;
    company.set("PartSvc/Parts", |_| json!({ "@odata.count": 0, "value": [] })).await;
    let only: RawFilter = "WebPart eq true or ClassID eq 'A'".parse().unwrap();
    let found =
        company.client.parts().rows_by_part_nums(&parts(1), Some(&only), company.deadline()).await.unwrap();
    assert!(found.is_empty());
    assert_eq!(
        company.sent().await[0]["query"]["$filter"],
        "PartNum eq 'P000' and (WebPart eq true or ClassID eq 'A')"
    );
}
