//! Which path goes where.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post, put},
};

use super::{
    catalog::{categories_api, channels_api, products_api, variants_api},
    customers_api,
    guard::guard,
    hooks_admin_api, hooks_api,
    inventory::{adjust_api, items_api, locations_api, settings_api},
    orders_api,
    price_lists::{assignments_api, lists_api, records_api, records_write_api},
    sim::Shared,
    store_api,
};

/// All routes of the store behind the guard.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let orders = "/stores/{hash}/v2/orders";
    Router::new()
        .route(orders, get(orders_api::list))
        .route(
            &format!("{orders}/{{id}}"),
            get(orders_api::read).put(orders_api::update).delete(orders_api::archive),
        )
        .route(&format!("{orders}/{{id}}/products"), get(orders_api::products))
        .route(&format!("{orders}/{{id}}/shipping_addresses"), get(orders_api::shipping_addresses))
        .route(&format!("{orders}/{{id}}/coupons"), get(orders_api::coupons))
        .route(&format!("{orders}/{{id}}/fees"), get(orders_api::fees))
        .route("/stores/{hash}/v2/time", get(store_api::time))
        .route("/stores/{hash}/v2/store", get(store_api::store))
        .route("/stores/{hash}/v3/customers", get(customers_api::list))
        .route("/stores/{hash}/v3/hooks", get(hooks_api::list).post(hooks_api::create))
        .route("/stores/{hash}/v3/hooks/admin", get(hooks_admin_api::show).put(hooks_admin_api::update))
        .route(
            "/stores/{hash}/v3/hooks/{id}",
            put(hooks_api::update).get(hooks_api::read_one).delete(hooks_api::delete),
        )
        .merge(catalog_routes())
        .merge(inventory_routes())
        .merge(price_list_routes())
        .fallback(store_api::no_route)
        .method_not_allowed_fallback(store_api::no_method)
        .layer(from_fn_with_state(Arc::clone(shared), guard))
        .with_state(Arc::clone(shared))
}

fn catalog_routes() -> Router<Arc<Shared>> {
    let catalog = "/stores/{hash}/v3/catalog";
    let assignments = put(channels_api::assign).get(channels_api::list).delete(channels_api::remove);
    Router::new()
        .route(
            &format!("{catalog}/products"),
            get(products_api::list).post(products_api::create).put(products_api::update_many),
        )
        .route(&format!("{catalog}/products/channel-assignments"), assignments)
        .route(
            &format!("{catalog}/products/{{id}}"),
            get(products_api::read_one).put(products_api::update_one).delete(products_api::delete_one),
        )
        .route(
            &format!("{catalog}/products/{{id}}/variants"),
            get(variants_api::list_of_product).post(variants_api::create),
        )
        .route(
            &format!("{catalog}/products/{{id}}/variants/{{variant}}"),
            get(variants_api::read_one).put(variants_api::update_one),
        )
        .route(&format!("{catalog}/variants"), get(variants_api::list).put(variants_api::update_many))
        .route(&format!("{catalog}/trees/categories"), get(categories_api::list))
}

fn inventory_routes() -> Router<Arc<Shared>> {
    let inventory = "/stores/{hash}/v3/inventory";
    Router::new()
        .route(&format!("{inventory}/adjustments/absolute"), put(adjust_api::absolute))
        .route(&format!("{inventory}/adjustments/relative"), post(adjust_api::relative))
        .route(&format!("{inventory}/items"), get(items_api::list))
        .route(&format!("{inventory}/locations"), get(locations_api::list))
        .route(
            &format!("{inventory}/locations/{{id}}/items"),
            get(items_api::list_of_location).put(settings_api::update),
        )
}

fn price_list_routes() -> Router<Arc<Shared>> {
    let lists = "/stores/{hash}/v3/pricelists";
    Router::new()
        .route(lists, get(lists_api::list).post(lists_api::create))
        .route(
            &format!("{lists}/{{id}}"),
            get(lists_api::read_one).put(lists_api::update).delete(lists_api::delete),
        )
        .route(
            &format!("{lists}/{{id}}/records"),
            get(records_api::list)
                .put(records_write_api::upsert)
                .post(records_write_api::create)
                .delete(records_write_api::delete),
        )
        .route(&format!("{lists}/{{id}}/assignments"), put(assignments_api::upsert))
        .route(
            &format!("{lists}/assignments"),
            get(assignments_api::list).post(assignments_api::create).delete(assignments_api::delete),
        )
}
