//! Products and variants (`docs/facts/bigcommerce.md` §5).

use connector_bigcommerce::{
    Batch, ChannelAssignment, ChannelId, ChannelsAssigned, Created, CustomField, DuplicateOf,
    InventoryTracking, Measure, NewProduct, ProductChange, ProductFields, ProductId, ProductKind,
    ProductPage, ProductsUpdated, Sale, VariantChange, VariantId, VariantsUpdated,
};
use connector_domain::Sku;
use connector_http::{CallError, Class};
use test_case::test_case;
use wiremock::ResponseTemplate;

use crate::support::{Store, json, money, refused};

const FIELDS: &str = "name,sku,price,sale_price,retail_price,cost_price,weight,categories,inventory_tracking,is_visible,availability,upc,gtin,mpn,base_variant_id,variants";
const PRODUCTS: &str = "v3/catalog/products";

fn product(id: u64, sku: &str) -> String {
    format!(
        r#"{{"id":{id},"name":"Hex Bolt {id}","type":"physical","sku":"{sku}","description":"","weight":0.02,"price":0.4525,"cost_price":0.21,"retail_price":0,"sale_price":0,"categories":[23],"inventory_tracking":"product","is_visible":false,"availability":"available","upc":"","gtin":"","mpn":"HB","base_variant_id":{id}1,"variants":[{{"id":{id}1,"product_id":{id},"sku":"{sku}","sku_id":null,"price":null,"sale_price":0,"weight":null,"upc":null,"purchasing_disabled":false,"option_values":[]}}]}}"#
    )
}

fn listed(rows: &[String], page: u32, of: u32) -> ResponseTemplate {
    json(&format!(
        r#"{{"data":[{}],"meta":{{"pagination":{{"current_page":{page},"total_pages":{of}}}}}}}"#,
        rows.join(",")
    ))
}

fn bolt() -> NewProduct {
    let fields = ProductFields {
        sku: Some(Sku("HB-M8-40".to_owned())),
        categories: Some(vec![23]),
        inventory_tracking: Some(InventoryTracking::Product),
        is_visible: Some(false),
        custom_fields: Some(vec![CustomField { name: "Material".to_owned(), value: "Zinc".to_owned() }]),
        ..ProductFields::default()
    };
    let weight = Measure(money("0.02").decimal());
    NewProduct::new(ProductKind::Physical, "Hex Bolt (HB-M8-40)".to_owned(), weight, money("0.4525"), fields)
}

async fn create(store: &Store) -> Result<Created, CallError> {
    store.client.catalog().create(&bolt(), store.deadline()).await
}

async fn made(answer: ResponseTemplate) -> Created {
    let store = Store::start().await;
    store.answers("POST", PRODUCTS, answer).await;
    create(&store).await.unwrap()
}

fn change(id: u64) -> ProductChange {
    ProductChange { id: ProductId(id), fields: ProductFields::default() }
}

#[tokio::test]
async fn products_are_paged_by_number_with_their_variants() {
    let store = Store::start().await;
    store.get(PRODUCTS, listed(&[product(118, "A"), product(120, "B")], 1, 4)).await;
    let all = ProductPage::all();
    let page = store.client.catalog().products(&all, store.deadline()).await.unwrap();
    assert_eq!(page.next, Some(ProductId(120)));
    let first = &page.items[0];
    assert_eq!(
        (first.price, first.cost_price, first.sale_price),
        (money("0.4525"), Some(money("0.21")), None)
    );
    assert_eq!(first.weight.unwrap().0.to_string(), "0.02");
    assert_eq!((&first.inventory_tracking, first.is_visible), (&InventoryTracking::Product, false));
    let variant = &first.variants[0];
    assert_eq!((variant.id, variant.price, variant.sale_price), (VariantId(1181), None, None));
    let asked = format!("GET /v3/catalog/products?include=variants&include_fields={FIELDS}");
    assert_eq!(store.asked().await, [format!("{asked}&sort=id&direction=asc&limit=250")]);
}

#[tokio::test]
async fn the_next_page_begins_after_the_last_number_and_ends_where_the_store_says_so() {
    let store = Store::start().await;
    store.get(PRODUCTS, listed(&[product(121, "C")], 1, 1)).await;
    let page = ProductPage { after: Some(ProductId(120)), limit: 50, descriptions: true };
    let page = store.client.catalog().products(&page, store.deadline()).await.unwrap();
    assert_eq!(page.next, None);
    let asked = format!("GET /v3/catalog/products?include=variants&include_fields={FIELDS},description");
    assert_eq!(store.asked().await, [format!("{asked}&id:min=121&sort=id&direction=asc&limit=50")]);
}

#[test_case(Some(121), &[product(121, "C")]; "a filter that was ignored")]
#[test_case(None, &[product(9, "C"), product(8, "B")]; "not sorted")]
#[test_case(None, &[product(9, "C").replace("variants", "others")]; "without variants a sku would look free")]
#[tokio::test]
async fn a_page_that_is_not_as_asked_is_no_page(after: Option<u64>, rows: &[String]) {
    let store = Store::start().await;
    store.get(PRODUCTS, listed(rows, 1, 1)).await;
    let page = ProductPage { after: after.map(ProductId), ..ProductPage::all() };
    let error = store.client.catalog().products(&page, store.deadline()).await.unwrap_err();
    assert_eq!(error.class, Class::Unreadable);
}

#[tokio::test]
async fn products_are_found_by_sku_in_any_case_and_one_with_a_comma_is_asked_for_alone() {
    let store = Store::start().await;
    let rows = [product(1, "hb-m8-40"), product(2, "A,B"), product(3, "other")];
    store.get(PRODUCTS, listed(&rows, 1, 1)).await;
    let skus = ["HB-M8-40", "A,B", "X", ""].map(|sku| Sku(sku.to_owned()));
    let found = store.client.catalog().products_by_sku(&skus, store.deadline()).await.unwrap();
    assert_eq!(found.iter().map(|product| product.id.0).collect::<Vec<_>>(), [1, 2]);
    let asked = format!("GET /v3/catalog/products?include=variants&include_fields={FIELDS}");
    assert_eq!(
        store.asked().await,
        [format!("{asked}&sku:in=HB-M8-40,X&limit=250&page=1"), format!("{asked}&sku=A,B&limit=250&page=1")]
    );
}

#[tokio::test]
async fn a_product_is_made_with_what_is_set_and_nothing_else() {
    let store = Store::start().await;
    let answer = format!(r#"{{"data":{},"meta":{{}}}}"#, product(118, "HB-M8-40"));
    store.answers("POST", PRODUCTS, json(&answer)).await;
    let Created::Whole(written) = create(&store).await.unwrap() else { panic!("it is not there") };
    assert_eq!((written.id, written.base_variant_id), (ProductId(118), Some(VariantId(1181))));
    assert_eq!(
        store.said().await,
        r#"{"type":"physical","name":"Hex Bolt (HB-M8-40)","sku":"HB-M8-40","price":0.4525,"weight":0.02,"categories":[23],"inventory_tracking":"product","is_visible":false,"custom_fields":[{"name":"Material","value":"Zinc"}]}"#
    );
}

#[tokio::test]
async fn a_207_is_a_product_with_something_missing() {
    let body = r#"{"data":{"id":118,"sku":"HB-M8-40","name":"Hex Bolt"},"errors":{"status":207,"title":"Inventory could not be updated","type":"x","errors":{}},"meta":{}}"#;
    let Created::Partly { product, words } = made(refused(207, body)).await else { panic!("it is whole") };
    assert_eq!((product.id, product.base_variant_id), (ProductId(118), None));
    assert_eq!(words, "Inventory could not be updated");
}

#[test_case(r#"{"status":409,"title":"The product sku is a duplicate","errors":{"sku":"The product sku is a duplicate"}}"# => Some(DuplicateOf::Sku); "a sku")]
#[test_case(r#"{"status":409,"title":"The product name is a duplicate","errors":{"name":"The product name is a duplicate"}}"# => Some(DuplicateOf::Name); "a name")]
#[test_case(r#"{"status":409,"title":"The product name is a duplicate"}"# => Some(DuplicateOf::Name); "a title only")]
#[test_case(r#"{"status":409,"title":"Conflict","errors":{"categories":"The category 23 does not exist"}}"# => None; "a category")]
#[tokio::test]
async fn what_is_in_conflict_is_told_apart(body: &'static str) -> Option<DuplicateOf> {
    match made(refused(409, body)).await {
        Created::Duplicate(of, _) => Some(of),
        Created::Refused(refusal) => {
            assert_eq!(refusal.status, 409);
            None
        }
        Created::Whole(_) | Created::Partly { .. } => panic!("it was made"),
    }
}

#[tokio::test]
async fn a_refusal_names_its_fields() {
    let body = r#"{"status":422,"title":"Missing Required Fields","errors":{"name":"Please provide a name.","price":"Please provide a price."}}"#;
    let Created::Refused(refusal) = made(refused(422, body)).await else { panic!("it was not refused") };
    let fields: Vec<_> = refusal.fields.iter().map(|at| (at.field.as_str(), at.words.as_str())).collect();
    assert_eq!(fields, [("name", "Please provide a name."), ("price", "Please provide a price.")]);
    assert!(refusal.to_string().starts_with("Missing Required Fields; "), "{refusal}");
}

#[test_case(503, Class::Unavailable, 1; "it may exist")]
#[test_case(507, Class::Rejected, 1; "the plan is full")]
#[test_case(429, Class::Throttled, 4; "nothing happened")]
#[tokio::test]
async fn a_product_of_which_the_answer_was_lost_is_not_made_twice(status: u16, class: Class, sent: usize) {
    let store = Store::start().await;
    store.answers("POST", PRODUCTS, ResponseTemplate::new(status)).await;
    let error = create(&store).await.unwrap_err();
    assert_eq!((error.class, store.asked().await.len()), (class, sent));
}

async fn updated(answer: ResponseTemplate) -> ProductsUpdated {
    let store = Store::start().await;
    store.answers("PUT", PRODUCTS, answer).await;
    let changes = [change(118)];
    store.client.catalog().update(Batch::of(&changes).unwrap(), store.deadline()).await.unwrap()
}

#[tokio::test]
async fn a_change_says_only_what_is_set_and_a_sale_can_end() {
    let store = Store::start().await;
    store.answers("PUT", PRODUCTS, json(r#"{"data":[],"meta":{}}"#)).await;
    let priced = |id, price: &str, sale| ProductChange {
        id: ProductId(id),
        fields: ProductFields { price: Some(money(price)), sale_price: sale, ..ProductFields::default() },
    };
    let on = Some(Sale::At(money("0.3995")));
    let changes = [priced(118, "12.10", None), priced(119, "0.4525", on), priced(120, "7", Some(Sale::Off))];
    let done = store.client.catalog().update(Batch::of(&changes).unwrap(), store.deadline()).await.unwrap();
    assert_eq!(done, ProductsUpdated::Whole);
    assert_eq!(
        store.said().await,
        r#"[{"id":118,"price":12.10},{"id":119,"price":0.4525,"sale_price":0.3995},{"id":120,"price":7,"sale_price":0}]"#
    );
}

#[tokio::test]
async fn what_becomes_of_a_batch_of_changes_is_told_apart() {
    let part = r#"{"data":[],"errors":{"title":"The URL is taken"},"meta":{}}"#;
    assert_eq!(updated(refused(207, part)).await, ProductsUpdated::Partly("The URL is taken".to_owned()));
    let large = r#"{"errors":{},"status":413,"title":"The maximum items allowed in the array is 10."}"#;
    let words = "The maximum items allowed in the array is 10.".to_owned();
    assert_eq!(updated(refused(413, large)).await, ProductsUpdated::TooLarge(words));
    for status in [404, 409, 422] {
        let body = format!(r#"{{"status":{status},"title":"No","errors":{{}}}}"#);
        let ProductsUpdated::Refused(refusal) = updated(refused(status, &body)).await else {
            panic!("{status} is no refusal")
        };
        assert_eq!((refusal.status, refusal.words.as_str()), (status, "No"));
    }
}

#[tokio::test]
async fn a_change_is_sent_again_after_a_lost_answer() {
    let store = Store::start().await;
    store.answers("PUT", PRODUCTS, ResponseTemplate::new(503)).await;
    let changes = [change(118)];
    let result = store.client.catalog().update(Batch::of(&changes).unwrap(), store.deadline()).await;
    assert_eq!((result.unwrap_err().class, store.asked().await.len()), (Class::Unavailable, 4));
}

#[tokio::test]
async fn a_missing_route_is_our_setup_and_no_refusal_of_rows() {
    let store = Store::start().await;
    let body = r#"{"status":404,"title":"The route is not found, check the URL"}"#;
    store.answers("PUT", PRODUCTS, refused(404, body)).await;
    let changes = [change(118)];
    let result = store.client.catalog().update(Batch::of(&changes).unwrap(), store.deadline()).await;
    assert_eq!(result.unwrap_err().class, Class::Forbidden);
}

#[tokio::test]
async fn variants_are_changed_and_what_is_said_of_rows_is_kept() {
    let store = Store::start().await;
    let body = r#"{"batch_errors":[{"status":422,"title":"Invalid upc","type":"x","instance":"/v3/catalog/variants/94","errors":{"upc":"is too long"}}]}"#;
    store.answers("PUT", "v3/catalog/variants", refused(422, body)).await;
    let price = Some(money("15.67"));
    let changes = [
        VariantChange { price, sale_price: Some(Sale::Off), ..VariantChange::of(VariantId(93)) },
        VariantChange { upc: Some("0".repeat(20)), ..VariantChange::of(VariantId(94)) },
    ];
    let batch = Batch::of(&changes).unwrap();
    let done = store.client.catalog().variants().update(batch, store.deadline()).await.unwrap();
    let VariantsUpdated::Refused { refusal, rows } = done else { panic!("it was not refused") };
    assert_eq!(refusal.words, "Invalid upc; upc: is too long");
    assert_eq!((rows[0].status, rows[0].instance.as_str()), (Some(422), "/v3/catalog/variants/94"));
    assert_eq!((rows[0].fields[0].field.as_str(), rows[0].fields[0].words.as_str()), ("upc", "is too long"));
    assert_eq!(
        store.said().await,
        r#"[{"id":93,"price":15.67,"sale_price":null},{"id":94,"upc":"00000000000000000000"}]"#
    );
}

#[tokio::test]
async fn a_variant_is_found_by_its_sku() {
    let store = Store::start().await;
    let row = r#"{"id":93,"product_id":118,"sku":"hb-1","price":15.67,"sale_price":null,"option_values":[{"id":1,"option_id":2,"label":"M8","option_display_name":"Size"}]}"#;
    store.get("v3/catalog/variants", listed(&[row.to_owned(), row.replace("hb-1", "hb-10")], 1, 1)).await;
    let found = store.client.catalog().variants().by_sku(&Sku("HB-1".to_owned()), store.deadline()).await;
    let found = found.unwrap();
    assert_eq!((found.len(), found[0].option_values[0].label.as_str()), (1, "M8"));
    assert_eq!(store.asked().await, ["GET /v3/catalog/variants?sku=HB-1&limit=250"]);
}

#[tokio::test]
async fn products_are_put_into_channels() {
    let store = Store::start().await;
    let path = "v3/catalog/products/channel-assignments";
    store.answers("PUT", path, ResponseTemplate::new(204)).await;
    let rows = [ChannelAssignment { product_id: ProductId(118), channel_id: ChannelId(1) }];
    let batch = Batch::of(&rows).unwrap();
    let done = store.client.catalog().assign_channels(batch, store.deadline()).await.unwrap();
    assert_eq!(done, ChannelsAssigned::Whole);
    assert_eq!(store.said().await, r#"[{"product_id":118,"channel_id":1}]"#);
}
