//! `GET /v2/time` and `GET /v2/store`, and what answers when no route does.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, Request, State},
    response::Response,
};
use serde_json::json;

use super::{
    answer::{self, Api, Refused},
    guard::unknown_route,
    query::Query,
    sim::Shared,
};

pub(crate) async fn time(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    Query::parse(Api::V2, query.as_deref(), &[])?;
    Ok(answer::json(200, json!({"time": shared.config.clock.now().as_second()}).to_string()))
}

pub(crate) async fn store(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    Query::parse(Api::V2, query.as_deref(), &[])?;
    let hash = &shared.config.store_hash;
    let domain = format!("store-{hash}.mybigcommerce.example");
    let row = json!({
        "id": hash,
        "account_uuid": "8d4d492f-17a1-4d95-b396-e1c5720815a5",
        "domain": domain,
        "secure_url": format!("https://{domain}"),
        "control_panel_base_url": format!("https://{domain}"),
        "status": "live",
        "name": "Lone Star Fasteners",
        "first_name": "Store", "last_name": "Owner",
        "address": "", "country": "United States", "country_code": "US", "infrastructure_region": "us-central1",
        "phone": "", "admin_email": "admin@example.com", "order_email": "orders@example.com",
        "timezone": {
            "name": "America/Chicago", "raw_offset": -21600, "dst_offset": -18000, "dst_correction": true,
            "date_format": {"display": "M jS Y", "export": "M jS Y", "extended_display": "M jS Y @ g:i A"},
        },
        "language": "en", "currency": "USD", "currency_symbol": "$", "decimal_separator": ".",
        "thousands_separator": ",", "decimal_places": 2, "weight_units": "Ounces",
        "dimension_units": "Inches", "dimension_decimal_places": 2,
        "plan_name": "Standard", "plan_level": "Standard", "plan_is_trial": false,
        "logo": [],
        "is_price_entered_with_tax": false,
        "store_id": shared.config.store_id,
        "default_channel_id": 1, "default_site_id": 1000,
        "features": {
            "stencil_enabled": true, "checkout_type": "optimized", "multi_storefront_enabled": true,
            "storefront_limits": {"active": 3, "total_including_inactive": 4},
        },
    });
    Ok(answer::json(200, row.to_string()))
}

pub(crate) async fn no_route() -> Refused {
    unknown_route()
}

pub(crate) async fn no_method(request: Request) -> Refused {
    Api::of(request.uri().path()).refuse(405, "Method Not Allowed")
}
