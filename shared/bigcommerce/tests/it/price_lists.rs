//! Price lists (`docs/facts/bigcommerce.md` §7).

use connector_bigcommerce::{
    Assigned, Batch, BulkTier, ChannelId, CustomerGroupId, PriceListCreated, PriceListId, RecordChange,
    RecordOf, Sale, TierKind, Upserted, VariantId,
};
use connector_domain::{CurrencyCode, Sku};
use connector_http::{CallError, Class};
use test_case::test_case;
use wiremock::ResponseTemplate;
use wiremock::matchers::query_param;

use crate::support::{Store, get, json, money, refused};

const LISTS: &str = "v3/pricelists";
const RECORDS: &str = "v3/pricelists/3/records";
const THREE: PriceListId = PriceListId(3);

fn usd() -> CurrencyCode {
    "USD".to_owned().try_into().unwrap()
}

fn changes() -> [RecordChange; 2] {
    let tier = |min, max, kind, amount: &str| BulkTier {
        quantity_min: min,
        quantity_max: max,
        kind,
        amount: money(amount),
    };
    let tiers =
        vec![tier(100, Some(999), TierKind::Fixed, "0.35"), tier(1000, None, TierKind::Percent, "12.5")];
    [
        RecordChange {
            of: RecordOf::Sku(Sku("HB-M8-40".to_owned())),
            currency: usd(),
            price: Some(money("0.3995")),
            sale_price: Some(Sale::Off),
            bulk_pricing_tiers: Some(tiers),
        },
        RecordChange {
            of: RecordOf::Variant(VariantId(94)),
            currency: usd(),
            price: Some(money("12.10")),
            sale_price: None,
            bulk_pricing_tiers: None,
        },
    ]
}

async fn upsert(store: &Store) -> Result<Upserted, CallError> {
    let changes = changes();
    store.client.price_lists().upsert(THREE, Batch::of(&changes).unwrap(), store.deadline()).await
}

async fn upserted(answer: ResponseTemplate) -> Upserted {
    let store = Store::start().await;
    store.answers("PUT", RECORDS, answer).await;
    upsert(&store).await.unwrap()
}

#[tokio::test]
async fn prices_are_written_digit_by_digit_with_their_breaks() {
    let store = Store::start().await;
    store.answers("PUT", RECORDS, json(r#"{"data":{},"meta":{}}"#)).await;
    assert_eq!(upsert(&store).await.unwrap(), Upserted::Saved { failed: Vec::new() });
    assert_eq!(
        store.said().await,
        r#"[{"sku":"HB-M8-40","currency":"usd","price":0.3995,"sale_price":null,"bulk_pricing_tiers":[{"quantity_min":100,"quantity_max":999,"type":"fixed","amount":0.35},{"quantity_min":1000,"quantity_max":null,"type":"percent","amount":12.5}]},{"variant_id":94,"currency":"usd","price":12.10}]"#
    );
}

#[tokio::test]
async fn a_partial_refusal_names_the_rows_that_were_not_saved() {
    let body = r#"{"batch_errors":[{"data":{"price_list_id":3,"variant_id":93,"sku":"hb-m8-40","currency":"usd"},"field_errors":{"price":"must be positive"}}]}"#;
    let Upserted::Saved { failed } = upserted(refused(422, body)).await else { panic!("no row was named") };
    assert_eq!((failed.len(), failed[0].words.as_str()), (1, "price: must be positive"));
    assert_eq!(failed[0].fields[0].field, "price");
    let [named, other] = changes();
    assert!(failed[0].is_of(&named) && !failed[0].is_of(&other));
    let euro = RecordChange { currency: "EUR".to_owned().try_into().unwrap(), ..named };
    assert!(!failed[0].is_of(&euro));
}

#[test_case(422, r#"{"status":422,"title":"Invalid"}"#; "no row is named")]
#[test_case(422, r#"{"batch_errors":[]}"#; "none is at fault")]
#[test_case(422, r#"{"batch_errors":[{"data":{"currency":"usd"},"field_errors":{"sku":"unknown"}}]}"#; "a row cannot be told from others")]
#[test_case(400, r#"{"status":400,"title":"Not JSON"}"#; "nothing of it was read")]
#[tokio::test]
async fn a_refusal_that_names_no_row_is_one_of_the_whole(status: u16, body: &str) {
    let Upserted::Refused(refusal) = upserted(refused(status, body)).await else { panic!("it was saved") };
    assert_eq!(refusal.status, status);
}

#[tokio::test]
async fn a_list_that_is_not_there_is_no_fault_of_its_rows() {
    let store = Store::start().await;
    store.answers("PUT", RECORDS, refused(404, r#"{"status":404,"title":"Not found"}"#)).await;
    assert_eq!(upsert(&store).await.unwrap_err().class, Class::NotFound);
}

#[tokio::test]
async fn a_store_that_takes_fewer_rows_says_so() {
    let done = upserted(refused(413, r#"{"status":413,"title":"too large"}"#)).await;
    assert_eq!(done, Upserted::TooLarge("too large".to_owned()));
}

const TOO_MANY: &str = r#"{"status":429,"title":"Too many requests","type":"/api-docs/getting-started/api-status-codes","errors":{}}"#;

#[tokio::test]
async fn a_429_of_too_many_at_once_is_waited_out() {
    let store = Store::start().await;
    let busy = wiremock::Mock::given(wiremock::matchers::method("PUT")).respond_with(refused(429, TOO_MANY));
    busy.up_to_n_times(2).mount(&store.server).await;
    store.answers("PUT", RECORDS, json(r#"{"data":{},"meta":{}}"#)).await;
    assert_eq!(upsert(&store).await.unwrap(), Upserted::Saved { failed: Vec::new() });
    assert_eq!(store.asked().await.len(), 3);
    assert!(store.waited() < 15, "{}", store.waited());
}

#[tokio::test]
async fn a_429_that_goes_on_is_called_overload_and_not_an_absent_store() {
    let store = Store::start().await;
    store.answers("PUT", RECORDS, refused(429, TOO_MANY)).await;
    let error = upsert(&store).await.unwrap_err();
    assert_eq!((error.class, error.cause), (Class::Throttled, "bigcommerce.overloaded"));
    assert_eq!((error.retry_after, error.words.as_str()), (None, "Too many requests"));
}

#[tokio::test]
async fn records_are_read_by_cursor() {
    let store = Store::start().await;
    let record = r#"{"price_list_id":3,"variant_id":358,"sku":"HB","price":25.4800,"sale_price":null,"currency":"usd","product_id":187,"bulk_pricing_tiers":[{"quantity_min":10,"quantity_max":null,"type":"price","amount":1.5}]}"#;
    let page = |meta: &str| json(&format!(r#"{{"data":[{record}],"meta":{{{meta}}}}}"#));
    let second = page(r#""cursor_pagination":{"end_cursor":"MTQ=","links":{"previous":"?before=a"}}"#);
    get(RECORDS).and(query_param("after", "Nw==")).respond_with(second).mount(&store.server).await;
    let first = r#""pagination":{"current_page":1,"total_pages":2},"cursor_pagination":{"end_cursor":"Nw==","links":{}}"#;
    store.get(RECORDS, page(first)).await;
    let lists = store.client.price_lists();
    let page = lists.records(THREE, None, store.deadline()).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("Nw=="));
    let record = &page.items[0];
    assert_eq!((record.variant_id, &record.currency), (VariantId(358), &usd()));
    assert_eq!(record.price.unwrap().decimal().to_string(), "25.4800");
    assert_eq!((record.sale_price, &record.bulk_pricing_tiers[0].kind), (None, &TierKind::Price));
    let page = lists.records(THREE, page.next.as_deref(), store.deadline()).await.unwrap();
    assert_eq!(page.next, None);
    let asked = "GET /v3/pricelists/3/records?include=bulk_pricing_tiers,sku&limit=250";
    assert_eq!(store.asked().await, [asked.to_owned(), format!("{asked}&after=Nw%3D%3D")]);
}

#[tokio::test]
async fn records_of_some_variants_are_read_to_the_last_page_and_never_without_a_filter() {
    let store = Store::start().await;
    let page = |variant: u32, meta: &str| {
        json(&format!(
            r#"{{"data":[{{"variant_id":{variant},"currency":"usd","price":1.5}}],"meta":{{{meta}}}}}"#
        ))
    };
    let second = page(359, r#""cursor_pagination":{"end_cursor":"MTQ=","links":{"previous":"?before=a"}}"#);
    get(RECORDS).and(query_param("after", "Nw==")).respond_with(second).mount(&store.server).await;
    let first = r#""pagination":{"current_page":1,"total_pages":2},"cursor_pagination":{"end_cursor":"Nw==","links":{}}"#;
    store.get(RECORDS, page(358, first)).await;
    let lists = store.client.price_lists();
    assert_eq!(lists.records_of(THREE, &[], store.deadline()).await.unwrap(), []);
    let variants = [VariantId(358), VariantId(359)];
    let records = lists.records_of(THREE, &variants, store.deadline()).await.unwrap();
    assert_eq!(records.iter().map(|record| record.variant_id).collect::<Vec<_>>(), variants);
    let asked = "GET /v3/pricelists/3/records?include=bulk_pricing_tiers,sku&variant_id:in=358,359&limit=250";
    assert_eq!(store.asked().await, [asked.to_owned(), format!("{asked}&after=Nw%3D%3D")]);
}

#[tokio::test]
async fn all_lists_come_and_a_cursor_that_does_not_move_is_the_end() {
    let store = Store::start().await;
    let page = r#"{"data":[{"id":1,"name":"Warehouse","date_created":"2022-02-26T17:33:11Z","active":true}],"meta":{"cursor_pagination":{"end_cursor":"MTQ="}}}"#;
    store.get(LISTS, json(page)).await;
    let lists = store.client.price_lists().list(store.deadline()).await.unwrap();
    assert_eq!((lists[0].id, lists[0].name.as_str(), lists[0].active), (PriceListId(1), "Warehouse", true));
    assert_eq!(
        store.asked().await,
        ["GET /v3/pricelists?limit=250", "GET /v3/pricelists?limit=250&after=MTQ%3D"]
    );
}

#[tokio::test]
async fn a_list_is_made_unless_its_name_is_taken() {
    let store = Store::start().await;
    store.answers("POST", LISTS, json(r#"{"data":{"id":4,"name":"WEB","active":true},"meta":{}}"#)).await;
    let made = store.client.price_lists().create("WEB", store.deadline()).await.unwrap();
    let PriceListCreated::Whole(list) = made else { panic!("it was not made") };
    assert_eq!((list.id, store.said().await.as_str()), (PriceListId(4), r#"{"name":"WEB","active":true}"#));

    let store = Store::start().await;
    store.answers("POST", LISTS, refused(409, r#"{"status":409,"title":"Name is taken"}"#)).await;
    let made = store.client.price_lists().create("WEB", store.deadline()).await.unwrap();
    let PriceListCreated::Duplicate(refusal) = made else { panic!("it was made") };
    assert_eq!(refusal.words, "Name is taken");
}

#[tokio::test]
async fn prices_are_taken_away_by_variant_and_never_without_a_filter() {
    let store = Store::start().await;
    store.answers("DELETE", RECORDS, ResponseTemplate::new(204)).await;
    let lists = store.client.price_lists();
    lists.delete_records(THREE, &[], store.deadline()).await.unwrap();
    assert!(store.asked().await.is_empty());
    lists.delete_records(THREE, &[VariantId(1), VariantId(2)], store.deadline()).await.unwrap();
    let one = lists.delete_record(THREE, VariantId(9), &usd(), store.deadline()).await;
    one.unwrap();
    assert_eq!(
        store.asked().await,
        ["DELETE /v3/pricelists/3/records?variant_id:in=1,2", "DELETE /v3/pricelists/3/records/9/usd"]
    );
}

#[tokio::test]
async fn a_list_is_given_to_a_group_in_a_channel() {
    let store = Store::start().await;
    let row = r#"{"id":1,"price_list_id":3,"customer_group_id":4,"channel_id":null}"#;
    store
        .answers("PUT", "v3/pricelists/3/assignments", json(&format!(r#"{{"data":{row},"meta":{{}}}}"#)))
        .await;
    store.get("v3/pricelists/assignments", json(&format!(r#"{{"data":[{row}],"meta":{{}}}}"#))).await;
    let lists = store.client.price_lists();
    let done = lists.assign(THREE, CustomerGroupId(4), ChannelId(1), store.deadline()).await.unwrap();
    assert_eq!(done, Assigned::Whole);
    assert_eq!(store.said().await, r#"{"customer_group_id":4,"channel_id":1}"#);
    let all = lists.assignments(store.deadline()).await.unwrap();
    assert_eq!((all[0].customer_group_id, all[0].channel_id), (Some(CustomerGroupId(4)), None));
}

#[tokio::test]
async fn an_assignment_to_nobody_is_refused() {
    let store = Store::start().await;
    store.answers("PUT", "v3/pricelists/3/assignments", ResponseTemplate::new(404)).await;
    let lists = store.client.price_lists();
    let done = lists.assign(THREE, CustomerGroupId(4), ChannelId(1), store.deadline()).await.unwrap();
    let Assigned::Refused(refusal) = done else { panic!("it stands") };
    assert_eq!(refusal.status, 404);
}
