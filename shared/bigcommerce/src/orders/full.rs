//! An order with everything that belongs to it.

use std::fmt;

use connector_domain::Money;
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::extras::fee_items;
use super::{Coupon, Fee, Order, OrderLine, ShippingAddress};
use crate::wire::canonical::digest_into;
use crate::wire::read::{Drift, items, read, read_all};

/// What changes in an order without the order changing: our own write-back, and people's notes.
const NOT_THE_ORDER: [&str; 3] = ["date_modified", "external_order_id", "staff_notes"];

/// An order with all its lines, shipping addresses, coupons and fees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullOrder {
    /// The order.
    pub order: Order,
    /// All its lines.
    pub lines: Vec<OrderLine>,
    /// Where it goes.
    pub shipping_addresses: Vec<ShippingAddress>,
    /// Coupons that were used.
    pub coupons: Vec<Coupon>,
    /// Fees on the order.
    pub fees: Vec<Fee>,
    /// Set if the lines do not add up to the order, even after a second reading: it must not be imported as it is.
    pub doubt: Option<Doubt>,
    /// SHA-256 of all that was read but for what our own write-back touches: two readings with one digest are one order.
    pub digest: [u8; 32],
}

/// Lines that do not add up to their order: one is missing, or the order is in the middle of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The pieces of all lines are not the order's `items_total`.
    Pieces {
        /// Over the lines.
        lines: u64,
        /// In the order.
        order: u64,
    },
    /// The totals of all lines are not the order's subtotal.
    Subtotal {
        /// Over the lines.
        lines: Money,
        /// In the order.
        order: Money,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pieces { lines, order } => {
                write!(f, "the lines have {lines} pieces, the order says {order}")
            }
            Self::Subtotal { lines, order } => {
                write!(f, "the lines come to {lines}, the order says {order}")
            }
        }
    }
}

/// An answer that is not as documented: the path to what is wrong, and no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) String);

impl From<Drift> for Unreadable {
    fn from(drift: Drift) -> Self {
        Self(drift.0)
    }
}

/// The answers a full order is made of, unread.
pub(super) struct Answers {
    pub(super) order: Box<RawValue>,
    pub(super) lines: Vec<Box<RawValue>>,
    pub(super) shipping_addresses: Vec<Box<RawValue>>,
    pub(super) coupons: Vec<Box<RawValue>>,
    pub(super) fees: Vec<Box<RawValue>>,
}

impl FullOrder {
    /// The digest of what was read: the same for two readings between which the order did not change.
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// A full order from the five bodies as the shop writes them; an empty one is an empty list.
    ///
    /// # Errors
    /// [`Unreadable`] with the path to what is not as documented.
    pub fn from_json(
        order: &str,
        lines: &str,
        shipping_addresses: &str,
        coupons: &str,
        fees: &str,
    ) -> Result<Self, Unreadable> {
        let list = |at, json: &str| if json.trim().is_empty() { Ok(Vec::new()) } else { items(at, json) };
        Self::read(&Answers {
            order: RawValue::from_string(order.trim().to_owned())
                .map_err(|_| Unreadable("order: not JSON".to_owned()))?,
            lines: list("products", lines)?,
            shipping_addresses: list("shipping_addresses", shipping_addresses)?,
            coupons: list("coupons", coupons)?,
            fees: if fees.trim().is_empty() { Vec::new() } else { fee_items(fees)? },
        })
    }

    /// Reads the answers and looks whether they add up.
    pub(super) fn read(answers: &Answers) -> Result<Self, Unreadable> {
        let order: Order = read("order", &answers.order)?;
        let lines: Vec<OrderLine> = read_all("products", &answers.lines)?;
        Ok(Self {
            doubt: doubt(&order, &lines),
            digest: digest(answers).map_err(|_| Unreadable("order: not JSON".to_owned()))?,
            order,
            lines,
            shipping_addresses: read_all("shipping_addresses", &answers.shipping_addresses)?,
            coupons: read_all("coupons", &answers.coupons)?,
            fees: read_all("fees", &answers.fees)?,
        })
    }
}

fn digest(answers: &Answers) -> serde_json::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    digest_into(&mut digest, &answers.order, &NOT_THE_ORDER)?;
    for list in [&answers.lines, &answers.shipping_addresses, &answers.coupons, &answers.fees] {
        digest.update(b"|");
        for item in list {
            digest_into(&mut digest, item, &[])?;
            digest.update(b",");
        }
    }
    Ok(digest.finalize().into())
}

/// Whether lines and order contradict each other.
///
/// Pieces must agree exactly. Amounts are compared on the side the shop calls exact, within half a cent for each line, since
/// lines carry four digits and a subtotal may have been rounded.
fn doubt(order: &Order, lines: &[OrderLine]) -> Option<Doubt> {
    let pieces: u64 = lines.iter().map(|line| u64::from(line.quantity)).sum();
    if pieces != order.items_total {
        return Some(Doubt::Pieces { lines: pieces, order: order.items_total });
    }
    let (sum, subtotal): (Money, Money) = if order.is_tax_inclusive_pricing {
        (lines.iter().map(|line| line.total_inc_tax).sum(), order.subtotal_inc_tax)
    } else {
        (lines.iter().map(|line| line.total_ex_tax).sum(), order.subtotal_ex_tax)
    };
    let half_cents = Decimal::new(5, 3).saturating_mul(Decimal::from(lines.len()));
    ((sum - subtotal).abs().decimal() > half_cents).then_some(Doubt::Subtotal { lines: sum, order: subtotal })
}

#[cfg(test)]
mod tests;
