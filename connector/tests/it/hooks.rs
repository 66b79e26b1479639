//! `connector hooks …`, against a store that keeps its hooks.

use connector_sandbox::connection::{HEADER, HEADER_SECRET};
use serde_json::Value;

use crate::vendors::Vendors;

fn done(told: &Value) -> Vec<&str> {
    told.as_array().unwrap().iter().map(|hook| hook["done"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn hooks_are_registered_once_switched_on_again_and_never_doubled() {
    let vendors = Vendors::start().await;
    let register = ["hooks", "register", "--url", "http://127.0.0.1:9/"];
    assert!(vendors.desk.good(&["hooks", "list"]).await.contains("there is no hook yet"));
    assert_eq!(done(&vendors.desk.json(&register).await), ["registered"; 5]);
    let hooks = vendors.shop.hooks();
    assert_eq!(hooks.len(), 5);
    for hook in &hooks {
        assert_eq!(hook["destination"], "http://127.0.0.1:9/webhooks/main-store");
        assert_eq!(hook["headers"][HEADER], HEADER_SECRET);
    }
    assert_eq!(done(&vendors.desk.json(&register).await), ["left as it is"; 5]);
    assert!(vendors.shop.switch_off_hook(hooks[0]["id"].as_u64().unwrap()));
    let listed = vendors.desk.good(&["hooks", "list"]).await;
    assert!(
        listed.contains("✗ off") && listed.contains(HEADER) && !listed.contains(HEADER_SECRET),
        "{listed}"
    );
    let told = vendors.desk.json(&register).await;
    assert_eq!(done(&told).iter().filter(|done| **done == "switched on").count(), 1, "{told}");
    assert!(vendors.shop.hooks().iter().all(|hook| hook["is_active"] == true));
    assert_eq!(vendors.shop.hooks().len(), 5);
}

#[tokio::test]
async fn an_address_that_the_store_would_not_deliver_to_is_refused_here() {
    let vendors = Vendors::start().await;
    let told = vendors.desk.bad(&["hooks", "register", "--url", "http://x.example.com"]).await;
    assert!(told.contains("https on port 443"), "{told}");
    assert!(vendors.shop.hooks().is_empty());
    let told = vendors.desk.bad(&["hooks", "register", "--url", "no address"]).await;
    assert!(told.contains("--url"), "{told}");
}

#[tokio::test]
async fn an_audit_says_what_would_be_done_and_changes_nothing_while_nobody_answers_there() {
    let vendors = Vendors::start().await;
    let stranger = "https://flows.example.org/catch/a-secret".parse().unwrap();
    vendors.shop.add_hook("store/order/created", &stranger, &[]);
    let told = vendors.desk.bad(&["hooks", "audit"]).await;
    assert!(told.contains("nobody says where webhooks come in"), "{told}");
    let told = vendors.desk.bad(&["hooks", "audit", "--url", "http://x.example.com"]).await;
    assert!(told.contains("--url must be https on port 443"), "{told}");
    for more in [&[][..], &["--apply"]] {
        let audit = [&["hooks", "audit", "--url", "http://127.0.0.1:9/"][..], more].concat();
        let told = vendors.desk.bad(&audit).await;
        for words in ["store/order/refund/created", "create it", "does not take what the store would send"] {
            assert!(told.contains(words), "{words} in {told}");
        }
        assert!(told.contains("flows.example.org") && !told.contains("a-secret"), "{told}");
        assert_eq!(vendors.shop.hooks().len(), 1, "the stranger's");
    }
}
