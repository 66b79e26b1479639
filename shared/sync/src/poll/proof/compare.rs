//! What the ledger says of an order, beside what Kinetic holds under its reference.

use connector_domain::{Money, OrderNum};
use connector_kinetic::Bearer;
use connector_ports::{LedgerRow, Stage};
use serde::{Deserialize, Serialize, Serializer};

/// So many orders under one reference are named.
const NAMED: usize = 10;

/// How Kinetic holds an order otherwise than the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// No order bears the reference.
    Missing {
        /// The ledger's number.
        ledger: Option<OrderNum>,
    },
    /// Every order that bears it was voided.
    Void {
        /// The latest of them.
        order_num: OrderNum,
    },
    /// Several that are not void bear it.
    Several {
        /// Which, a few of them.
        order_nums: Vec<OrderNum>,
    },
    /// The one that is not void is not the ledger's.
    Other {
        /// It.
        order_num: OrderNum,
        /// The ledger's number.
        ledger: Option<OrderNum>,
    },
    /// Its total is not the one that was proven.
    Total {
        /// Which order.
        order_num: OrderNum,
        /// What it is.
        #[serde(serialize_with = "text")]
        kinetic: Money,
        /// What was proven.
        #[serde(serialize_with = "text")]
        ledger: Money,
    },
}

impl Wrong {
    /// What is wrong.
    pub fn words(&self) -> String {
        let number = |ledger: &Option<OrderNum>| match ledger {
            Some(number) => format!("Kinetic order {number}"),
            None => "no number".to_owned(),
        };
        match self {
            Self::Missing { ledger } => {
                format!(
                    "no order in Kinetic bears its reference any more; the ledger says {}",
                    number(ledger)
                )
            }
            Self::Void { order_num } => {
                format!("Kinetic order {order_num} was voided, and the shop's was not cancelled")
            }
            Self::Several { order_nums } => {
                let named: Vec<String> = order_nums.iter().map(ToString::to_string).collect();
                format!("several Kinetic orders bear its reference and are not void: {}", named.join(", "))
            }
            Self::Other { order_num, ledger } => {
                format!("Kinetic order {order_num} bears its reference; the ledger says {}", number(ledger))
            }
            Self::Total { order_num, kinetic, ledger } => format!(
                "Kinetic order {order_num} was changed by somebody since it was proven: its total is {kinetic}, it was {ledger}"
            ),
        }
    }

    /// What to do.
    pub const fn to_do(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "look the number up in Kinetic and put the reference back, or say with connector orders link which order it is"
            }
            Self::Void { .. } => {
                "cancel the order in the shop as well, reopen it in Kinetic, or say with connector orders link which order it is instead"
            }
            Self::Several { .. } => {
                "find out which one is right and void the others, before goods are shipped twice"
            }
            Self::Other { .. } => {
                "find out which one is right, void the other, and say it with connector orders link"
            }
            Self::Total { .. } => "nothing if it was changed on purpose; else put it right in Kinetic",
        }
    }
}

/// As a text: a cursor is kept as a [`serde_json::Value`], in which a number would pass through a float.
fn text<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&money.decimal())
}

/// What is wrong with the order of `row`, if `bearers` are all the orders in Kinetic that bear its reference, by number.
pub(super) fn wrong(row: &LedgerRow, bearers: &[Bearer]) -> Option<Wrong> {
    let ledger = row.order_num;
    let valid: Vec<&Bearer> = bearers.iter().filter(|bearer| !bearer.void).collect();
    match (valid.as_slice(), bearers.last()) {
        ([one], _) if Some(one.order_num) != ledger => {
            Some(Wrong::Other { order_num: one.order_num, ledger })
        }
        ([one], _) => total(row, one),
        // A person who keyed it and linked it need not have written our reference into it.
        ([], _) if is_by_hand(row) && !bearers.iter().any(|bearer| Some(bearer.order_num) == ledger) => None,
        ([], None) => Some(Wrong::Missing { ledger }),
        ([], Some(last)) => Some(Wrong::Void { order_num: last.order_num }),
        (several, _) => {
            let order_nums = several.iter().take(NAMED).map(|bearer| bearer.order_num).collect();
            Some(Wrong::Several { order_nums })
        }
    }
}

fn total(row: &LedgerRow, one: &Bearer) -> Option<Wrong> {
    let ledger = row.totals.as_ref()?.kinetic;
    let (order_num, kinetic) = (one.order_num, one.total);
    (kinetic != ledger).then_some(Wrong::Total { order_num, kinetic, ledger })
}

fn is_by_hand(row: &LedgerRow) -> bool {
    row.applied.as_ref().is_some_and(|applied| applied.stage == Stage::ByHand)
}
