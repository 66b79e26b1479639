//! A new line (§8.4, steps 6 to 10).

use connector_domain::Quantity;
use connector_kinetic::{KineticError, NewLine};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use test_case::test_case;

use crate::polite::{added, echo, wrapped};
use crate::support::{Company, json_answer, money, new_line};

#[tokio::test]
async fn a_line_is_drafted_in_the_screens_order_and_saved() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let orders = company.client.sales_orders();
    let draft = orders.draft_line(&order, &new_line(), company.deadline()).await.unwrap();
    let saved = orders.save(draft, company.deadline()).await.unwrap();
    assert_eq!(saved.line, Some(1));
    insta::assert_json_snapshot!(company.sent().await);
}

#[tokio::test]
async fn a_discount_is_one_call_more() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let line = NewLine { discount: money("5.00"), ..new_line() };
    company.client.sales_orders().draft_line(&order, &line, company.deadline()).await.unwrap();
    assert_eq!(
        company.called().await,
        [
            "GetNewOrderDtl",
            "ChangePartNumMaster",
            "ChangeSellingQtyMaster",
            "ChangeUnitPrice",
            "ChangeDiscountAmount"
        ]
    );
    let row = company.sent().await[4]["body"]["ds"]["OrderDtl"][0].clone();
    assert_eq!(
        (&row["Discount"], &row["DocDiscount"], &row["DocDspDiscount"]),
        (&json!(5.0), &json!(5.0), &json!(5.0))
    );
}

#[tokio::test]
async fn numbers_are_sent_with_their_own_digits() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let line = NewLine {
        quantity: Quantity::new(Decimal::new(1_250, 3)),
        unit_price: money("1234567890.12345"),
        ..new_line()
    };
    let _ = company.client.sales_orders().draft_line(&order, &line, company.deadline()).await;
    let requests = company.requests().await;
    let body = |at: usize| String::from_utf8(requests[at].body.clone()).unwrap();
    assert!(body(2).contains(r#""ipSellingQuantity":1.250,"#), "{}", body(2));
    assert!(body(3).contains(r#""DocDspUnitPrice":1234567890.12345,"#), "{}", body(3));
}

#[tokio::test]
async fn a_part_number_with_quote_slash_and_blank_is_a_plain_parameter() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.be_polite().await;
    let line = NewLine { part_num: crate::support::text(r#"3/4" O'Ring x"#), ..new_line() };
    company.client.sales_orders().draft_line(&order, &line, company.deadline()).await.unwrap();
    assert_eq!(company.sent().await[1]["body"]["partNum"], r#"3/4" O'Ring x"#);
}

#[test_case(json!({ "questionString": "Which site?", "multipleMatch": false }), "Which site?"; "a question")]
#[test_case(json!({ "questionString": "", "multipleMatch": true }), "which of several parts is ABC-100"; "several parts")]
#[tokio::test]
async fn a_question_about_the_part_stops_the_line(outs: Value, asked: &str) {
    let company = Company::start().await;
    let order = company.open_order().await;
    company.method("SalesOrderSvc/ChangePartNumMaster", move |body| wrapped(&body["ds"], outs.clone())).await;
    company.be_polite().await;
    let error =
        company.client.sales_orders().draft_line(&order, &new_line(), company.deadline()).await.unwrap_err();
    assert!(matches!(&error, KineticError::Prompted { question, .. } if question == asked), "{error}");
    assert_eq!(company.called().await.len(), 2, "nothing is asked after it");
}

#[test_case("DocUnitPrice", json!(24.99), "DocUnitPrice became 24.99 instead of 22.5"; "price")]
#[test_case("SellingQuantity", json!(3), "SellingQuantity became 3 instead of 2"; "quantity")]
#[tokio::test]
async fn a_line_that_does_not_say_what_we_sold_is_stopped(column: &'static str, value: Value, words: &str) {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/ChangeUnitPrice", move |mut body| {
            body["ds"]["OrderDtl"][0][column] = value.clone();
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let error =
        company.client.sales_orders().draft_line(&order, &new_line(), company.deadline()).await.unwrap_err();
    assert!(matches!(&error, KineticError::NotSaved { words: said, .. } if said == words), "{error}");
}

#[tokio::test]
async fn a_part_that_became_another_is_stopped() {
    let company = Company::start().await;
    let order = company.open_order().await;
    company
        .method("SalesOrderSvc/ChangePartNumMaster", |mut body| {
            body["ds"]["OrderDtl"][0]["PartNum"] = "ABC-200".into();
            echo(&body)
        })
        .await;
    company.be_polite().await;
    let error =
        company.client.sales_orders().draft_line(&order, &new_line(), company.deadline()).await.unwrap_err();
    assert!(error.to_string().contains("PartNum became ABC-200 instead of ABC-100"), "{error}");
}

/// Columns we know nothing of, spelt as no parser would write them.
const ODD: &str = r#""Odd_c":1.2300,"Big":12345678901234567890,"Nested":{"a" : [1.0]},"Esc":"\u00e9\/""#;

#[tokio::test]
async fn columns_we_do_not_know_go_back_byte_for_byte() {
    let company = Company::start().await;
    let order = company.open_order().await;
    let ds = format!(
        r#"{{"parameters":{{"ds":{{"OrderDtl":[{{"@odata.etag":"x",{ODD},"PartNum":"","SysRowID":"7f","RowMod":"A"}}],"ExtensionTables":[{{"T": 1.0}}]}}}}}}"#
    );
    company.answers("POST", "Erp.BO.SalesOrderSvc/GetNewOrderDtl", json_answer(200, ds)).await;
    company.be_polite().await;
    let _ = company.client.sales_orders().draft_line(&order, &new_line(), company.deadline()).await;
    let requests = company.requests().await;
    let sent = String::from_utf8(requests[1].body.clone()).unwrap();
    for column in ODD.split(",\"") {
        assert!(sent.contains(column.trim_start_matches('"')), "{column} in {sent}");
    }
    assert!(sent.contains(r#""ExtensionTables":[{"T": 1.0}]"#), "{sent}");
    assert!(!sent.contains("@odata"), "{sent}");
}

#[tokio::test]
async fn the_last_line_of_a_long_order_is_as_short_on_the_wire_as_its_first() {
    let mut sizes = Vec::new();
    for lines in [0_i32, 300] {
        let company = Company::start().await;
        let order = company.open_order().await;
        // The server gives back all lines that stand, and their releases.
        let others = move |body: &Value| {
            let mut answer = added(body, "OrderDtl", Value::Null);
            let rows = |new: Option<Value>| {
                let old = (1..=lines)
                    .map(|at| json!({ "OrderLine": at, "POLine": "x", "SysRevID": 5, "RowMod": "" }));
                old.chain(new).collect::<Value>()
            };
            let new = body["ds"]["OrderDtl"].get(0).cloned();
            let fresh =
                json!({ "OrderNum": 100_045, "PartNum": "", "SysRevID": 0, "SysRowID": "7f", "RowMod": "A" });
            answer["parameters"]["ds"]["OrderDtl"] = rows(Some(new.unwrap_or(fresh)));
            answer["parameters"]["ds"]["OrderRel"] = rows(None);
            answer
        };
        company.method("SalesOrderSvc/GetNewOrderDtl", move |body| others(&body)).await;
        company.method("SalesOrderSvc/ChangeUnitPrice", move |body| others(&body)).await;
        company.be_polite().await;
        let orders = company.client.sales_orders();
        let draft = orders.draft_line(&order, &new_line(), company.deadline()).await.unwrap();
        orders.save(draft, company.deadline()).await.unwrap();
        sizes.push(company.requests().await.iter().map(|request| request.body.len()).collect::<Vec<_>>());
    }
    assert_eq!(sizes[0], sizes[1]);
}
