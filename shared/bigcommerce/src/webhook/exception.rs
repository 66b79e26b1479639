//! The store tells that deliveries to another hook of its account fail (`docs/facts/bigcommerce.md` §2.4).

use serde_json::Value;

use super::verify::VerifiedDelivery;
use crate::hooks::HookId;

/// The scope that tells of it.
const SCOPE: &str = "store/hook/deliveryException";

/// What became of the deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// 90001: one failed, and is tried again. It is told once in ten minutes at most.
    WillRetry,
    /// 90002: one failed for the last time, and the hook is being switched off.
    GivenUp,
    /// 90003: the domain is blocked for the moment.
    DomainBlocked,
    /// Another code than those that are documented.
    Other(u64),
}

/// Deliveries to a hook fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryException {
    /// To which, if that could be read.
    pub hook: Option<HookId>,
    /// How.
    pub failing: Failing,
}

impl DeliveryException {
    /// What a delivery tells; `None` if it is about something else, or tells no code.
    pub fn of(delivery: &VerifiedDelivery) -> Option<Self> {
        let body: Value = serde_json::from_slice(delivery.body()).ok()?;
        if body.get("scope").and_then(Value::as_str) != Some(SCOPE) {
            return None;
        }
        let data = body.get("data")?;
        let number = |name: &str| match data.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let failing = match number("error_code")? {
            90001 => Failing::WillRetry,
            90002 => Failing::GivenUp,
            90003 => Failing::DomainBlocked,
            other => Failing::Other(other),
        };
        Some(Self { hook: number("id").map(HookId), failing })
    }
}

#[cfg(test)]
mod tests;
