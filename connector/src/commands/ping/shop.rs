//! The store's checks.

use std::collections::BTreeSet;

use connector_bigcommerce::Hook;
use connector_domain::{Clock, Deadline, OrderId, ShopperId, Timestamp};
use connector_http::{CallError, Class};
use connector_ports::Connection;
use connector_sync::connected::Connected;
use connector_sync::hooks::{self, USUAL, covers, headers, leads_to};

use super::ALL;
use super::check::{Checks, System};
use super::todo::{Whose, todo};

const BC: System = System::BigCommerce;

/// More than that, and it is not the way of the answer. Webhooks are refused from 300 seconds on.
const SKEW: i64 = 60;

pub(super) async fn check(
    connected: &Connected,
    connection: &Connection,
    address: Option<&str>,
    clock: &dyn Clock,
    checks: &mut Checks,
) {
    let deadline = Deadline::after(clock, ALL);
    let shop = &connected.shop;
    match shop.store().time(deadline).await {
        Ok(there) => {
            checks.passed(BC, "reachable", connection.credentials.bigcommerce.base_url.as_str());
            checks.passed(BC, "access token", "let in");
            let skew = clock.now().as_second().saturating_sub(there.as_second());
            let side = if skew < 0 { "behind" } else { "ahead" };
            let told = format!("this machine is {} s {side}", skew.unsigned_abs());
            if skew.abs() <= SKEW {
                checks.passed(BC, "clocks", &told);
            } else {
                checks.failed(
                    BC,
                    "clocks",
                    &told,
                    "set this machine's clock; a receiver refuses webhooks from 300 s on",
                );
            }
        }
        Err(error) if error.class == Class::Forbidden => {
            checks.passed(BC, "access token", "let in");
            failed(checks, "clocks", &error);
        }
        Err(error) => {
            let check = if error.class == Class::Unauthorized { "access token" } else { "reachable" };
            failed(checks, check, &error);
            return checks.not_checked(BC, "everything else", "the store does not let us in");
        }
    }
    match shop.orders().get(OrderId(1), deadline).await {
        Ok(_) => checks.passed(BC, "may read orders", "yes"),
        Err(error) => failed(checks, "may read orders", &error),
    }
    match shop.customers().get(ShopperId(1), deadline).await {
        Ok(_) => checks.passed(BC, "may read customers", "yes"),
        Err(error) => failed(checks, "may read customers", &error),
    }
    checks.not_checked(
        BC,
        "may write orders",
        "only writing shows it; the API account needs store_v2_orders, not the read-only scope",
    );
    match shop.store().information(deadline).await {
        Ok(store) if store.currency == connected.rules.orders.currency.as_str() => {
            checks.passed(BC, "store", &format!("{} ({}, {})", store.name, store.status, store.currency));
        }
        Ok(store) => {
            let words = format!(
                "{}: its default currency is {}, the rules sell in {}",
                store.name, store.currency, connected.rules.orders.currency
            );
            checks.noted(
                BC,
                "store",
                &words,
                "orders in another currency are held; correct orders.currency if that is wrong",
            );
        }
        Err(error) => failed(checks, "store", &error),
    }
    match shop.hooks().list(deadline).await {
        Ok(hooks) => of_hooks(&hooks, connection, address, clock.now(), checks),
        Err(error) => failed(checks, "hooks", &error),
    }
    checks.not_checked(BC, "client secret", "it only signs webhooks: the first delivery shows it");
}

fn of_hooks(
    hooks: &[Hook],
    connection: &Connection,
    address: Option<&str>,
    now: Timestamp,
    checks: &mut Checks,
) {
    let ours: Vec<_> = hooks.iter().filter(|hook| leads_to(&hook.destination, &connection.id)).collect();
    let active = ours.iter().filter(|hook| hook.is_active).count();
    let register = format!("connector hooks register -c {} --url URL", connection.id);
    if ours.is_empty() {
        return checks.noted(BC, "hooks", "none leads to this connection", &register);
    }
    if active < ours.len() {
        let words = format!("{active} of {} are switched on", ours.len());
        checks.failed(BC, "hooks", &words, &register);
    } else {
        checks.passed(BC, "hooks", &format!("{active}, switched on"));
    }
    lead_to(&ours, address, &register, checks);
    let told = |scope: &&&str| ours.iter().any(|hook| covers(&hook.scope, scope));
    let untold: Vec<_> = USUAL.iter().filter(|scope| !told(scope)).copied().collect();
    if !untold.is_empty() {
        let words = format!("nobody tells of {}", untold.join(", "));
        checks.noted(BC, "scopes", &words, &register);
    }
    let shop = &connection.credentials.bigcommerce;
    if shop.header.is_none() {
        return;
    }
    let wanted = headers(shop, now);
    if ours.iter().all(|hook| hook.headers.are(&wanted)) {
        checks.passed(BC, "webhook header", "each hook sends it");
    } else {
        checks.failed(BC, "webhook header", "not every hook sends the secret that is stored", &register);
    }
}

/// Where the connection's hooks lead to: an older deployment's address looks the same but for its host.
fn lead_to(ours: &[&Hook], address: Option<&str>, register: &str, checks: &mut Checks) {
    let places: BTreeSet<_> = ours.iter().map(|hook| hooks::address(hook)).collect();
    let listed = |places: &[&str]| places.join(", ");
    let Some(address) = address else {
        let words = format!(
            "whether this address is the deployment's: {}; say --url with the stack's output WebhookUrl",
            listed(&places.into_iter().collect::<Vec<_>>())
        );
        return checks.not_checked(BC, "hooks' address", &words);
    };
    let elsewhere: Vec<_> = places.into_iter().filter(|place| *place != address).collect();
    if elsewhere.is_empty() {
        checks.passed(BC, "hooks' address", address);
    } else {
        let words = format!("{}, not {address}", listed(&elsewhere));
        let todo = format!("delete the hooks that lead elsewhere in the store, then {register}");
        checks.failed(BC, "hooks' address", &words, &todo);
    }
}

fn failed(checks: &mut Checks, check: &str, error: &CallError) {
    checks.failed(BC, check, &error.to_string(), todo(Whose::Shop, error.class, error.cause));
}
