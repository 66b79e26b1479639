//! Kinetic with very many parts, each row made when it is asked for (`docs/facts/kinetic.md` §3–6).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use url::Url;

use crate::calls::{Calls, serve};
use crate::goods::{BREAKS, Good, Goods, number_of};

pub(crate) const PARTS: &str = "PartSvc/Parts";
pub(crate) const KEYS: &str = "PartSvc/Parts by key";
pub(crate) const HIGHEST: &str = "PartSvc/Parts, the highest";
pub(crate) const QUERY: &str = "BaqSvc/MLC-PartWhse";
pub(crate) const SEARCHES: &str = "PartWhseSearches";
pub(crate) const LISTS: &str = "PriceLsts";
pub(crate) const LIST_PARTS: &str = "PriceLstParts";

#[derive(Debug, Clone)]
struct Company {
    goods: Arc<Goods>,
    calls: Calls,
}

/// What was asked for.
struct Asked(HashMap<String, String>);

/// A company that has `goods`.
pub(crate) async fn start(goods: Arc<Goods>, calls: Calls) -> Url {
    let root = "/api/v2/odata/{company}";
    let routes = Router::new()
        .route(&format!("{root}/Erp.BO.PartSvc/Parts"), get(parts))
        .route(&format!("{root}/BaqSvc/MLC-PartWhse/Data"), get(query))
        .route(&format!("{root}/Erp.BO.PartWhseSearchSvc/PartWhseSearches"), get(searches))
        .route(&format!("{root}/Erp.BO.PriceLstSvc/PriceLsts"), get(lists))
        .route(&format!("{root}/Erp.BO.PriceLstPartsSvc/PriceLstParts"), get(list_parts))
        .fallback(strange)
        .with_state(Company { goods, calls });
    serve(routes).await
}

async fn parts(State(company): State<Company>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let (goods, asked) = (&company.goods, Asked(asked));
    if asked.is("$orderby", "PartNum") {
        company.calls.add(KEYS);
        let rows = goods.behind(asked.behind_part()).take(asked.top());
        return page(rows, None, |row, good| {
            let (sku, revision) = (good.sku(), good.part_revision());
            write!(row, r#"{{"PartNum":"{sku}","SysRevID":{revision},"SysRowID":"{}"}}"#, row_id(1, good))
        });
    }
    if asked.is("$orderby", "SysRevID desc") {
        company.calls.add(HIGHEST);
        let revision = goods.get(goods.parts).unwrap().part_revision();
        return page([()].into_iter(), None, |row, ()| write!(row, r#"{{"SysRevID":{revision}}}"#));
    }
    if !asked.is("$orderby", "SysRevID") {
        return not_found(&company, format!("{PARTS} {:?}", asked.0));
    }
    company.calls.add(PARTS);
    let rows = goods.behind(goods.priced_up_to(asked.behind("SysRevID")));
    let count = rows.len();
    page(rows.take(asked.top()), Some(count), part)
}

fn part(row: &mut String, good: Good) -> std::fmt::Result {
    let (sku, description, upc) = (good.sku(), good.description(), good.upc());
    let (price, revision, row_id) = (good.price(), good.part_revision(), row_id(1, good));
    write!(
        row,
        r#"{{"PartNum":"{sku}","PartDescription":"{description}","SearchWord":"HEX","TypeCode":"P","InActive":false,
        "RunOut":false,"OnHold":false,"NonStock":false,"QtyBearing":true,"WebPart":true,"ClassID":"FAST","ProdCode":"SCREWS",
        "IUM":"EA","SalesUM":"EA","UOMClassID":"COUNT","SellingFactor":1,"PricePerCode":"E","UnitPrice":{price},
        "TaxCatID":"","NetWeight":0.25,"NetWeightUOM":"KG","GrossWeight":0.3,"GrossWeightUOM":"KG","PartLength":0,
        "PartWidth":0,"PartHeight":0,"PartLengthWidthHeightUM":"","CommercialBrand":"","CommercialSubBrand":"",
        "CommercialCategory":"","UPCCode1":"{upc}","UPCCode2":"","UPCCode3":"","TrackLots":false,"TrackSerialNum":false,
        "IsConfigured":false,"ChangedOn":"2026-01-04T12:00:00Z","SysRevID":{revision},"SysRowID":"{row_id}"}}"#
    )
}

async fn query(State(company): State<Company>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let (goods, asked) = (&company.goods, Asked(asked));
    if asked.filter().contains("PartWhse_PartNum") {
        return not_found(&company, format!("{QUERY} {:?}", asked.0));
    }
    company.calls.add(QUERY);
    let rows = goods.behind(goods.stocked_up_to(asked.behind("PartWhse_SysRevID")));
    let count = rows.len();
    page(rows.take(asked.top()), Some(count), |row, good| {
        let (sku, revision) = (good.sku(), good.stock_revision());
        write!(
            row,
            r#"{{"PartWhse_PartNum":"{sku}","PartWhse_WarehouseCode":"MAIN","PartWhse_OnHandQty":{},
            "PartWhse_NonNettableQty":0,"PartWhse_DemandQty":5,"PartWhse_BuyToOrderQty":0,"PartWhse_AllocatedQty":0,
            "PartWhse_SalesReservedQty":0,"PartWhse_PickingQty":0,"PartWhse_PickedQty":0,"PartWhse_SysRevID":{revision},
            "RowIdent":"{}"}}"#,
            good.level() + 5,
            row_id(2, good)
        )
    })
}

async fn searches(State(company): State<Company>, Query(asked): Query<HashMap<String, String>>) -> Response {
    company.calls.add(SEARCHES);
    let asked = Asked(asked);
    // There is one warehouse, so behind it the next part begins.
    let rows = company.goods.behind(asked.behind_part()).take(asked.top());
    page(rows, None, |row, good| {
        write!(
            row,
            r#"{{"PartNum":"{}","WarehouseCode":"MAIN","Plant":"MfgSys","DefaultWhse":true,"OnHandQty":{},
            "NonNettableQty":0,"SalesReservedQty":0,"SalesPickingQty":0,"SalesPickedQty":0,"AllocQty":5,"SalesAllocQty":5,
            "JobAllocQty":0}}"#,
            good.sku(),
            good.level() + 5
        )
    })
}

async fn lists(State(company): State<Company>, Query(asked): Query<HashMap<String, String>>) -> Response {
    company.calls.add(LISTS);
    let behind = Asked(asked).behind("SysRevID");
    let rows: Vec<_> =
        [("BASE", 11), ("DIST", 12)].into_iter().filter(|(_, revision)| *revision > behind).collect();
    let count = rows.len();
    page(rows.into_iter(), Some(count), |row, (code, revision)| {
        write!(
            row,
            r#"{{"ListCode":"{code}","ListDescription":"{code}","CurrencyCode":"USD","StartDate":"2025-01-01T00:00:00",
            "EndDate":null,"ListType":"P","WarehouseList":"","UseZeroPrice":false,"SysRevID":{revision},
            "SysRowID":"00000000-0000-4000-8000-{revision:012}"}}"#
        )
    })
}

async fn list_parts(
    State(company): State<Company>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let (goods, asked) = (&company.goods, Asked(asked));
    if asked.filter().contains("PartNum") {
        return not_found(&company, format!("{LIST_PARTS} {:?}", asked.0));
    }
    company.calls.add(LIST_PARTS);
    // First all rows of the one list, then all of the other.
    let done = goods.priced_up_to(asked.behind("SysRevID"));
    let base = goods.behind(done).map(|good| ("BASE", good));
    let other = goods.behind(done.saturating_sub(goods.parts)).map(|good| ("DIST", good));
    let count = base.len() + other.len();
    page(base.chain(other).take(asked.top()), Some(count), list_part)
}

fn list_part(row: &mut String, (code, good): (&str, Good)) -> std::fmt::Result {
    let is_base = code == "BASE";
    let revision = if is_base { good.base_revision() } else { good.list_revision() };
    let row_id = row_id(if is_base { 3 } else { 4 }, good);
    write!(
        row,
        r#"{{"ListCode":"{code}","PartNum":"{}","UOMCode":"EA","BasePrice":{},"SysRevID":{revision},"SysRowID":"{row_id}","PLPartBrks":["#,
        good.sku(),
        good.price()
    )?;
    for (at, (from, less)) in BREAKS.into_iter().enumerate().take(if is_base { 0 } else { BREAKS.len() }) {
        let (comma, price) = (if at > 0 { "," } else { "" }, good.price_less(less));
        write!(
            row,
            r#"{comma}{{"Quantity":{from},"DiscountPercent":0,"UnitPrice":{price},"SysRevID":{revision}}}"#
        )?;
    }
    row.write_str("]}")
}

fn row_id(set: u32, good: Good) -> String {
    format!("00000000-0000-4000-800{set}-{:012}", good.number)
}

impl Asked {
    fn is(&self, option: &str, value: &str) -> bool {
        self.0.get(option).is_some_and(|asked| asked == value)
    }

    fn filter(&self) -> &str {
        self.0.get("$filter").map(String::as_str).unwrap_or_default()
    }

    fn top(&self) -> usize {
        self.0.get("$top").map_or(100, |top| top.parse().unwrap())
    }

    /// The number in `column gt 12`.
    fn behind(&self, column: &str) -> i64 {
        let behind = self.filter().split_once(&format!("{column} gt ")).unwrap().1;
        behind.split(' ').next().unwrap().parse().unwrap()
    }

    /// The part in `PartNum gt 'P-000012'`; 0 where a reading begins.
    fn behind_part(&self) -> u32 {
        let behind = self.filter().split_once("PartNum gt '").map(|(_, behind)| behind);
        behind.map_or(0, |behind| number_of(behind.split('\'').next().unwrap()).unwrap())
    }
}

/// A page of rows, and how many there are.
fn page<T>(
    rows: impl Iterator<Item = T>,
    count: Option<usize>,
    one: impl Fn(&mut String, T) -> std::fmt::Result,
) -> Response {
    let mut body = "{".to_owned();
    if let Some(count) = count {
        write!(body, r#""@odata.count":{count},"#).unwrap();
    }
    body.push_str(r#""value":["#);
    for (at, row) in rows.enumerate() {
        if at > 0 {
            body.push(',');
        }
        one(&mut body, row).unwrap();
    }
    body.push_str("]}");
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn strange(State(company): State<Company>, uri: Uri) -> Response {
    not_found(&company, format!("Kinetic: {uri}"))
}

fn not_found(company: &Company, what: String) -> Response {
    company.calls.add_strange(what);
    StatusCode::NOT_FOUND.into_response()
}
