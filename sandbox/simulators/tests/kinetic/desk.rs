//! Somebody at a desk who speaks raw JSON with the company.

use connector_simulators::{Hands, KineticConfig, KineticSim, SimClock};
use serde_json::{Value, json};

pub(crate) const ORDERS: &str = "Erp.BO.SalesOrderSvc";
pub(crate) const CUSTOMERS: &str = "Erp.BO.CustomerSvc";

pub(crate) struct Desk {
    pub(crate) sim: KineticSim,
    client: reqwest::Client,
}

/// An answer: status and body.
#[derive(Debug)]
pub(crate) struct Reply(pub(crate) u16, pub(crate) Value);

impl Reply {
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.0, 200, "{}", self.1);
        self.1
    }

    /// The tableset of a successful method.
    #[track_caller]
    pub(crate) fn ds(self) -> Value {
        self.ok()["parameters"]["ds"].clone()
    }

    #[track_caller]
    pub(crate) fn refused(self, status: u16, kind: &str) -> String {
        assert_eq!(self.0, status, "{}", self.1);
        assert_eq!(self.1["HttpStatus"], status);
        assert_eq!(self.1["ReasonPhrase"], "REST API Exception");
        assert_eq!(self.1["ErrorType"], kind);
        assert!(self.1["CorrelationId"].is_string());
        self.1["ErrorMessage"].as_str().unwrap().to_owned()
    }

    /// A business rule, named by the column that breaks it.
    #[track_caller]
    pub(crate) fn breaks(self, column: &str) -> String {
        assert_eq!(self.1["ErrorDetails"][0]["Field"], column, "{}", self.1);
        self.refused(400, "Ice.Common.BusinessObjectException")
    }

    #[track_caller]
    pub(crate) fn unreadable(self) -> String {
        self.refused(400, "Epicor.RESTApi.ErrorHandling.ApiException")
    }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with(KineticConfig::new()).await
    }

    pub(crate) async fn with(config: KineticConfig) -> Self {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { sim: KineticSim::start(config).await.unwrap(), client }
    }

    /// At a company on a clock that stands still.
    pub(crate) async fn on_a_clock(set: impl FnOnce(&mut KineticConfig)) -> (Self, Hands) {
        let (clock, hands) = SimClock::manual("2026-03-16T09:30:00Z".parse().unwrap());
        let mut config = KineticConfig { clock, ..KineticConfig::new() };
        set(&mut config);
        (Self::with(config).await, hands)
    }

    pub(crate) fn request(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        let config = self.sim.config();
        self.bare(verb, path)
            .basic_auth(&config.username, Some(&config.password))
            .header("x-api-key", &config.api_key)
    }

    pub(crate) fn bare(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        self.anywhere(verb, &format!("{}/api/v2/odata/{path}", self.sim.base_url().path().trim_matches('/')))
            .header("accept", "application/json")
    }

    /// A request without anything to any path of the server.
    pub(crate) fn anywhere(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(verb.parse().unwrap(), self.sim.base_url().join(&format!("/{path}")).unwrap())
    }

    #[expect(clippy::disallowed_methods, reason = "a test speaks with the simulator as plainly as it can")]
    pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Result<Reply, reqwest::Error> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok(Reply(status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    pub(crate) async fn post(&self, service: &str, method: &str, body: Value) -> Reply {
        self.post_text(service, method, body.to_string()).await
    }

    pub(crate) async fn post_text(&self, service: &str, method: &str, body: String) -> Reply {
        let request = self.request("POST", &format!("EPIC06/{service}/{method}")).body(body);
        Self::answer(request.header("content-type", "application/json")).await.unwrap()
    }

    pub(crate) async fn get(&self, service: &str, set: &str, options: &[(&str, &str)]) -> Reply {
        Self::answer(self.request("GET", &format!("EPIC06/{service}/{set}")).query(options)).await.unwrap()
    }

    /// The rows of a set.
    pub(crate) async fn rows(&self, service: &str, set: &str, options: &[(&str, &str)]) -> Vec<Value> {
        self.get(service, set, options).await.ok()["value"].as_array().unwrap().clone()
    }

    pub(crate) async fn order(&self, method: &str, body: Value) -> Reply {
        self.post(ORDERS, method, body).await
    }

    pub(crate) async fn save(&self, table: &str, ds: &Value) -> Reply {
        self.order(
            "MasterUpdate",
            json!({"lCheckForOrderChangedMsg": true, "lcheckForResponse": true, "cTableName": table,
                   "iCustNum": 42, "iOrderNum": 0, "lweLicensed": true, "ds": ds}),
        )
        .await
    }

    /// A header with its customer, not saved.
    pub(crate) async fn header(&self, customer: &str) -> Value {
        let ds = self.order("GetNewOrderHed", json!({"ds": {}})).await.ds();
        self.order(
            "ChangeOrderHedCustomerCustID",
            json!({"orderNum": 0, "proposedCustomerCustID": customer, "ds": ds}),
        )
        .await
        .ds()
    }

    /// A saved order without lines; its tableset.
    pub(crate) async fn opened(&self, customer: &str, po_num: &str) -> Value {
        let mut ds = self.header(customer).await;
        ds["OrderHed"][0]["PONum"] = po_num.into();
        self.save("OrderHed", &ds).await.ds()
    }

    pub(crate) async fn new_line(&self, order: i64) -> Value {
        self.order("GetNewOrderDtl", json!({"ds": {}, "orderNum": order})).await.ds()
    }

    pub(crate) async fn part(&self, part: &str, ds: &Value) -> Reply {
        self.order("ChangePartNumMaster", part_call(part, ds)).await
    }

    pub(crate) async fn quantity(&self, quantity: &str, ds: &Value) -> Reply {
        let call = r#"{"ipSellingQuantity":QTY,"chkSellQty":false,"negInvTest":false,"chgSellQty":true,
            "chgDiscPer":true,"suppressUserPrompts":true,"lKeepUnitPrice":true,"pcPartNum":"","pcWhseCode":"",
            "pcBinNum":"","pcLotNum":"","pcAttributeSetID":0,"pcDimCode":"EA","pdDimConvFactor":1,"ds":"#;
        self.post_text(ORDERS, "ChangeSellingQtyMaster", format!("{}{ds}}}", call.replace("QTY", quantity)))
            .await
    }

    /// A line of some part at a price; what was saved with it.
    pub(crate) async fn line(&self, order: i64, part: &str, quantity: &str, price: &str) -> Value {
        let ds = self.new_line(order).await;
        let ds = self.part(part, &ds).await.ds();
        let mut ds = self.quantity(quantity, &ds).await.ds();
        let price: Value = serde_json::from_str(price).unwrap();
        for column in ["UnitPrice", "DocUnitPrice", "DspUnitPrice", "DocDspUnitPrice"] {
            ds["OrderDtl"][0][column] = price.clone();
        }
        ds["OrderDtl"][0]["LockPrice"] = true.into();
        let ds = self.order("ChangeUnitPrice", json!({"ds": ds})).await.ds();
        self.save("OrderDtl", &ds).await.ds()
    }

    /// A stored order with its rows.
    pub(crate) async fn read(&self, order: i64) -> Value {
        self.order("GetByID", json!({"orderNum": order})).await.ok()["returnObj"].clone()
    }

    /// Saves by `Update`.
    pub(crate) async fn update(&self, ds: &Value) -> Reply {
        self.order("Update", json!({"ds": ds})).await
    }

    /// A charge of the header that is ready to be saved.
    pub(crate) async fn charge(&self, order: i64, code: &str, amount: Value) -> Value {
        let call = json!({"ds": {}, "orderNum": order, "orderLine": 0});
        let mut ds = self.order("GetNewOHOrderMsc", call).await.ds();
        ds["OHOrderMsc"][0]["MiscCode"] = code.into();
        let mut ds = self.order("ChangeMiscCode", json!({"ds": ds, "tableName": "OHOrderMsc"})).await.ds();
        ds["OHOrderMsc"][0]["DocDspMiscAmt"] = amount;
        self.order("ChangeMiscAmount", json!({"ds": ds, "tableName": "OHOrderMsc"})).await.ds()
    }
}

pub(crate) fn part_call(part: &str, ds: &Value) -> Value {
    json!({"partNum": part, "lSubstitutePartExist": false, "lIsPhantom": false, "uomCode": "",
           "SysRowID": "00000000-0000-0000-0000-000000000000", "rowType": "", "salesKitView": false,
           "removeKitComponents": false, "suppressUserPrompts": true, "getPartXRefInfo": true,
           "checkPartRevisionChange": true, "checkChangeKitParent": true, "ds": ds})
}

pub(crate) fn num(ds: &Value) -> i64 {
    ds["OrderHed"][0]["OrderNum"].as_i64().unwrap()
}
