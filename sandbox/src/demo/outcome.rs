//! What became of each order: read from the store, the company and the ledger, and held against what had to be.

use connector_domain::{Money, exact};
use connector_ports::{LedgerRow, OrderState, StateName};
use connector_simulators::kinetic::OrderView;
use connector_sync::rules::TaxRule;
use serde_json::Value;

use super::DemoError;
use super::acts::Placed;
use super::report::{Expected, OrderReport};
use super::stage::Stage;

/// Every order that the store has.
pub(super) async fn read(stage: &Stage, placed: Vec<Placed>) -> Result<Vec<OrderReport>, DemoError> {
    let mut orders = Vec::new();
    for web_order in stage.shop.order_ids() {
        let row = stage.ledger().get(&stage.key(web_order)).await?;
        let told = placed.iter().find(|placed| placed.web_order == web_order);
        let (about, expected) = told.map_or(("", Expected::Explained), |told| (told.about, told.expected));
        orders.push(one(stage, web_order, about, expected, row.as_ref()));
    }
    Ok(orders)
}

fn one(
    stage: &Stage,
    web_order: u64,
    about: &'static str,
    expected: Expected,
    row: Option<&LedgerRow>,
) -> OrderReport {
    let shop = stage.shop.order(web_order).unwrap_or_default();
    let held = stage.in_kinetic(web_order);
    let kinetic = held.first();
    let (reason, subject, words) = row.map(|row| why(&row.state)).unwrap_or_default();
    let stands = row.map(|row| row.state.name());
    let shop_lines = stage.shop.order_lines(web_order).len();
    let holds = match expected {
        Expected::Synced => {
            let whole = kinetic.is_some_and(|order| {
                order.lines.len() == shop_lines && order.can_be_picked() && totals_agree(stage, &shop, order)
            });
            stands == Some(StateName::Synced) && held.len() == 1 && whole
        }
        Expected::Cancelled => {
            stands == Some(StateName::Cancelled) && !held.is_empty() && held.iter().all(|order| order.void)
        }
        Expected::Held(cause) => {
            stands == Some(StateName::Held) && reason.as_deref() == Some(cause) && held.is_empty()
        }
        Expected::Explained => stands.is_some_and(explains_itself),
    };
    OrderReport {
        web_order,
        about,
        kinetic_order: kinetic.map(|order| order.order_num),
        shop_lines,
        kinetic_lines: kinetic.map(|order| order.lines.len()),
        shop_total: amount(&shop, "total_inc_tax"),
        kinetic_total: kinetic.map(|order| Money::new(order.doc_total)),
        currency: shop.get("currency_code").and_then(Value::as_str).unwrap_or_default().to_owned(),
        state: stands,
        reason,
        subject,
        words,
        expected,
        holds,
    }
}

/// Before tax to the cent, tax within the connection's tolerance.
fn totals_agree(stage: &Stage, shop: &Value, kinetic: &OrderView) -> bool {
    let before_tax = Money::new(kinetic.doc_total - kinetic.doc_tax);
    let tax = Money::new(kinetic.doc_tax) - amount(shop, "total_tax");
    before_tax == amount(shop, "total_ex_tax") && tax.abs() <= tolerance(stage)
}

/// By how much Kinetic's tax may differ from the store's.
pub(super) fn tolerance(stage: &Stage) -> Money {
    match &stage.connected.rules.tax {
        TaxRule::Kinetic { tolerance } => *tolerance,
        TaxRule::Charge { .. } => Money::ZERO,
    }
}

/// An amount as the store writes it: a decimal in quotation marks.
pub(super) fn amount(order: &Value, field: &str) -> Money {
    let text = order.get(field).and_then(Value::as_str).unwrap_or_default();
    exact::parse(text).map(Money::new).unwrap_or_default()
}

/// Whether nothing more is to be expected of an order in this state.
const fn explains_itself(state: StateName) -> bool {
    match state {
        StateName::Synced
        | StateName::Cancelled
        | StateName::Held
        | StateName::Waiting
        | StateName::Ignored => true,
        StateName::New | StateName::Retrying | StateName::Uncertain => false,
    }
}

/// Reason, subject and words of a state.
fn why(state: &OrderState) -> (Option<String>, Option<String>, Option<String>) {
    match state {
        OrderState::Held { reason, subject, words } => {
            (Some(reason.clone()), subject.clone(), Some(words.clone()))
        }
        OrderState::Waiting { rule } | OrderState::Ignored { rule } => (Some(rule.clone()), None, None),
        OrderState::Retrying { class, .. } => (Some(class.clone()), None, None),
        OrderState::New | OrderState::Uncertain { .. } | OrderState::Synced | OrderState::Cancelled => {
            (None, None, None)
        }
    }
}
