//! Coupons and fees of an order, `docs/facts/bigcommerce.md` §3.3.

use connector_domain::Money;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::wire::lenient;
use crate::wire::read::{Drift, items};

/// What a coupon does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouponKind {
    /// 0: an amount off each piece.
    PerItem,
    /// 1: a share off.
    Percentage,
    /// 2: an amount off the whole.
    PerTotal,
    /// 3: an amount off shipping.
    Shipping,
    /// 4: shipping for nothing.
    FreeShipping,
    /// 5: a promotion that a code sets off.
    Promotion,
    /// A number that no documentation names.
    Other(u64),
}

impl<'de> Deserialize<'de> for CouponKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match lenient::required_count(deserializer)? {
            0 => Self::PerItem,
            1 => Self::Percentage,
            2 => Self::PerTotal,
            3 => Self::Shipping,
            4 => Self::FreeShipping,
            5 => Self::Promotion,
            other => Self::Other(other),
        })
    }
}

/// A coupon that the shopper used. What it took off each line stands in the lines' discounts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Coupon {
    /// Number of its use in this order.
    #[serde(deserialize_with = "lenient::required_count")]
    pub id: u64,
    /// What the shopper typed; a promotion may have none.
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    pub code: Option<String>,
    /// Its face value: an amount or a percentage, by kind.
    #[serde(default, deserialize_with = "lenient::money")]
    pub amount: Money,
    /// What it does.
    #[serde(rename = "type")]
    pub kind: CouponKind,
    /// What it took off this order.
    #[serde(default, deserialize_with = "lenient::money")]
    pub discount: Money,
}

/// A fee on the order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fee {
    /// Its number.
    #[serde(deserialize_with = "lenient::required_count")]
    pub id: u64,
    /// What the shopper sees.
    #[serde(default, deserialize_with = "lenient::text")]
    pub display_name_customer: String,
    /// What the merchant sees.
    #[serde(default, deserialize_with = "lenient::text")]
    pub display_name_merchant: String,
    /// What set it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub source: String,
    /// Without tax. One example of the vendor misspells the field; both are read.
    #[serde(alias = "cost_exc_tax")]
    pub cost_ex_tax: Money,
    /// With tax.
    #[serde(default, deserialize_with = "lenient::money")]
    pub cost_inc_tax: Money,
    /// The tax in it.
    #[serde(default, deserialize_with = "lenient::money")]
    pub cost_tax: Money,
}

/// The fees in an answer: a list, a list under `fees`, or one bare fee. The documentation contradicts itself.
pub(super) fn fee_items(json: &str) -> Result<Vec<Box<RawValue>>, Drift> {
    #[derive(Deserialize)]
    struct Shape {
        fees: Option<Box<RawValue>>,
        id: Option<Box<RawValue>>,
    }
    let text = json.trim();
    if text.starts_with('[') {
        return items("fees", text);
    }
    let drift = |_| Drift("fees: expected a list or an object".to_owned());
    let shape: Shape = serde_json::from_str(text).map_err(drift)?;
    match (shape.fees, shape.id) {
        (Some(fees), _) => items("fees", fees.get()),
        (None, Some(_)) => RawValue::from_string(text.to_owned()).map(|fee| vec![fee]).map_err(drift),
        (None, None) => Ok(Vec::new()),
    }
}
