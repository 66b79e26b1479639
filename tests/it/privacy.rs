//! Nothing personal and no secret in logs, audit, ledger or record.

use std::time::Duration;

use connector_ports::{Ledger, QueueName};
use connector_sandbox::connection::HEADER_SECRET;
use connector_simulators::bigcommerce::{BigCommerceSeed, DeliveryMode, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, Fault};

use crate::world::{MAIN, Plan, World, id};

/// Words that repeat what was sent: the worst a vendor can do.
fn all_about(order: &NewOrder) -> String {
    let billing = &order.billing;
    format!(
        "Ship-to {} {}, {}, {} {} ({}, {}) is not valid.",
        billing.first_name,
        billing.last_name,
        billing.street_1,
        billing.zip,
        billing.city,
        billing.phone,
        billing.email
    )
}

/// The shop's refusal of our write-back, with those words.
fn shop_echoing(order: &NewOrder) -> Fault {
    let body = serde_json::json!([{"status": 400, "message": all_about(order)}]);
    Fault::Status { status: 400, body: Some(body.to_string()) }
}

/// Kinetic's refusal, with those words.
fn echoing(order: &NewOrder) -> Fault {
    let words = all_about(order);
    let body = serde_json::json!({
        "HttpStatus": 400,
        "ReasonPhrase": "REST API Exception",
        "ErrorMessage": words,
        "ErrorType": "Ice.Common.BusinessObjectException",
        "ErrorDetails": [{"Message": words, "Type": "Error", "Table": "OrderHed", "Field": "OTSName"}],
        "CorrelationId": "0",
    });
    Fault::Status { status: 400, body: Some(body.to_string()) }
}

#[tokio::test]
async fn no_personal_string_and_no_secret_is_kept_anywhere() {
    let (recorder, file) = World::recorder("privacy.jsonl");
    let shop = BigCommerceConfig::new().recorder(recorder);
    let world = World::with(Plan { shop, ..Plan::default() }).await;
    let seed = BigCommerceSeed::distributor();
    let mut orders = Vec::new();
    for order in seed.orders {
        // Each once as it is but for a shop that refuses the number, once refused with all its data repeated, once with a SKU that nobody knows.
        world.shop.faults().add(shop_echoing(&order).once().on("PUT", "/v2/orders/"));
        orders.push(world.order(order.clone()).await);
        world.company.faults().add(echoing(&order).once().on("POST", "/MasterUpdate"));
        orders.push(world.order(order.clone()).await);
        world.company.faults().clear();
        orders.push(world.order(order.line("NOBODY-KNOWS-ME", 1, dec("1"))).await);
    }
    // A forged and a malformed delivery.
    for mode in [DeliveryMode::BadSignature, DeliveryMode::Unsigned] {
        let delivery = world.shop.delivery("store/order/created", orders[0], mode).unwrap();
        world.shop.send(&delivery, &world.address()).await.unwrap();
    }
    assert_eq!(
        world.logs.count("ERROR", "does not bear its Kinetic number"),
        4,
        "the shop's refusals were told"
    );
    world.later(Duration::from_hours(1)).await;

    let mut kept = vec![("the log", world.logs.text())];
    for order in &orders {
        kept.push(("a trail", format!("{:?}", world.trail(*order).await)));
        kept.push(("a row", format!("{:?}", world.row(*order).await)));
    }
    kept.push(("the dead letters", format!("{:?}", world.pipeline.queue().dead_letters(QueueName::Orders))));
    kept.push(("Debug of the pipeline", format!("{:?}", world.pipeline)));
    let personal = world.shop.personal_strings();
    assert!(personal.len() > 20, "the story needs something to look for: {personal:?}");
    for (place, text) in &kept {
        for string in &personal {
            assert!(!text.contains(string.as_str()), "{string:?} stands in {place}:\n{text}");
        }
    }

    kept.push(("the record", std::fs::read_to_string(file).unwrap()));
    let (store, company) = (world.shop.config(), world.company.config());
    let secrets =
        [&store.client_secret, &store.access_token, &company.api_key, &company.password].map(String::as_str);
    for (place, text) in &kept {
        assert!(!text.is_empty(), "{place} is empty");
        for secret in secrets.into_iter().chain([HEADER_SECRET]) {
            assert!(!text.contains(secret), "a secret stands in {place}");
        }
    }
    let held =
        world.pipeline.ledger().list(&id(MAIN), Some(connector_ports::StateName::Held), None, 100).await;
    let held: Vec<u64> = held.unwrap().iter().map(|row| row.key.order.0).collect();
    assert_eq!(held.len(), 8, "each order was held twice, for the refusal and for the SKU");
    world.ends(&held).await;
}
