//! What the store has sold and a reading of Kinetic cannot contain.
//!
//! A level of stock is set as a whole, and overwrites what the store itself has taken off for its orders. So everything that was ordered, and
//! was not surely in Kinetic when the reading began, is taken off by us: what the ledger knows and Kinetic does not have, however old it
//! is, and what the store shows and nobody has worked on yet. Where it is not sure, it counts as sold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use connector_bigcommerce::{OrderPage, OrderStatus, OrderSummary};
use connector_domain::{OrderId, Quantity, Sku, Text, Timestamp};
use connector_ports::{LedgerRow, OrderKey, OrderState, Settlement, StateName};
use jiff::SignedDuration;
use rust_decimal::Decimal;

use super::super::turn::{Halt, Turn};
use crate::orders::seen;
use crate::poll;

/// The states of orders that Kinetic does not have, or not all of.
const OPEN: [StateName; 5] =
    [StateName::New, StateName::Waiting, StateName::Retrying, StateName::Uncertain, StateName::Held];

/// So many parts are noted that something was taken off of.
const NOTED: usize = 2_000;

/// So many rows of the ledger come at once.
const ROWS: usize = 100;

/// How many of each part, by [`folded`] part number, in the unit it is sold in.
pub(super) type Parts = BTreeMap<String, Decimal>;

/// The same as it stands in the job's cursor.
pub(super) type Noted = BTreeMap<String, Quantity>;

/// A part number as SQL Server compares it (`docs/facts/kinetic.md` §3).
pub(super) fn folded(part_num: &str) -> String {
    part_num.trim_end().to_lowercase()
}

/// What the store has sold and the reading cannot contain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Unwritten {
    /// How many of each part.
    pub(super) owed: Parts,
    /// The parts of orders that changed lately, as they are spelled.
    pub(super) lately: BTreeSet<String>,
    /// The orders that owe a part, and how many.
    orders: BTreeMap<String, Vec<(OrderId, Decimal)>>,
}

impl Unwritten {
    /// How many of a part.
    pub(super) fn of(&self, part_num: &str) -> Decimal {
        self.owed.get(&folded(part_num)).copied().unwrap_or_default()
    }

    /// The orders that it is in, and how many in each.
    pub(super) fn orders_of(&self, part_num: &str) -> &[(OrderId, Decimal)] {
        self.orders.get(&folded(part_num)).map(Vec::as_slice).unwrap_or_default()
    }

    /// What of it is noted for the next reading: not more than a cursor holds. A part beyond that is counted anew with its next movement.
    pub(super) fn noted(&self) -> Noted {
        self.owed.iter().take(NOTED).map(|(part, many)| (part.clone(), Quantity::new(*many))).collect()
    }

    /// Of these parts.
    pub(super) fn of_these(&self, part_nums: &[String]) -> Noted {
        let owed = part_nums.iter().map(|part| (folded(part), Quantity::new(self.of(part))));
        owed.filter(|(_, many)| *many > Quantity::default()).collect()
    }

    /// The parts of which another quantity is to be taken off than was `before`, and those of orders that changed lately.
    pub(super) fn moved(&self, before: &Noted) -> BTreeSet<String> {
        let mut moved = self.lately.clone();
        let known: BTreeSet<String> = moved.iter().map(|part| folded(part)).collect();
        let was = |part: &String| before.get(part).map(|many| many.decimal());
        // Where not all were noted, one that was not is not news.
        let may_be_known = |part: &String| before.len() >= NOTED && was(part).is_none();
        let differs = |part: &&String| {
            was(part) != self.owed.get(*part).copied() && !known.contains(*part) && !may_be_known(part)
        };
        moved.extend(before.keys().chain(self.owed.keys()).filter(differs).cloned());
        moved
    }

    fn add(&mut self, order: OrderId, parts: &Parts) {
        for (part, many) in parts {
            *self.owed.entry(part.clone()).or_default() += many;
            self.orders.entry(part.clone()).or_default().push((order, *many));
        }
    }
}

/// Reads the orders of the store against one reading of Kinetic, as often as is asked.
#[derive(Debug)]
pub(super) struct Orders<'a> {
    turn: &'a Turn<'a>,
    /// When the reading of Kinetic began.
    snapshot: Timestamp,
    /// Orders that changed since are looked at one by one.
    since: Timestamp,
    /// What changed since counts as lately.
    lately: Timestamp,
    /// The newest order that there was before the connector: up to it, what the ledger does not know is none of its business.
    before_us: Option<OrderId>,
    known: HashMap<OrderId, Known>,
}

/// An order that was looked at.
#[derive(Debug, Clone)]
struct Known {
    /// As the store told it; `None` if it was not told.
    modified: Option<Timestamp>,
    /// What of it Kinetic had when the reading began.
    contained: Parts,
    owed: Parts,
}

impl<'a> Orders<'a> {
    /// For a reading of Kinetic that begins now. `lately` is when orders were read the last time.
    pub(super) async fn now(turn: &'a Turn<'a>, lately: Option<Timestamp>) -> Result<Self, Halt> {
        let snapshot = turn.on.now();
        let overlap = turn.connected.rules.stock.orders_overlap;
        let account = poll::read_to(turn.on.state, &turn.connected.id).await?;
        // What the poller has not read yet the ledger may not know.
        let from = account.map_or(snapshot, |(read_to, _)| read_to.min(snapshot));
        let before = |moment: Timestamp, by: Duration| {
            SignedDuration::try_from(by)
                .ok()
                .and_then(|by| moment.checked_sub(by).ok())
                .unwrap_or(Timestamp::MIN)
        };
        let since = before(from, overlap);
        Ok(Self {
            turn,
            snapshot,
            since,
            lately: lately.map_or(since, |lately| before(lately, Duration::from_mins(2)).max(since)),
            before_us: account.and_then(|(_, begun)| begun.after),
            known: HashMap::new(),
        })
    }

    /// When the reading of Kinetic began.
    pub(super) const fn snapshot(&self) -> Timestamp {
        self.snapshot
    }

    /// What is sold as of now.
    pub(super) async fn read(&mut self) -> Result<Unwritten, Halt> {
        let mut unwritten = Unwritten::default();
        let mut open = self.open().await?;
        let mut page = OrderPage { modified_since: Some(self.since), ..OrderPage::all() };
        loop {
            let begun = self.turn.on.now();
            let listed = self.turn.connected.shop.orders().page(&page, self.turn.deadline).await?;
            let Some(last) = listed.last().map(|order| order.id) else { break };
            for order in &listed {
                let row = open.remove(&order.id);
                let owed = self.listed(order, row, begun, &mut unwritten.lately).await?;
                unwritten.add(order.id, &owed);
            }
            page.min_id = Some(OrderId(last.0.saturating_add(1)));
        }
        for (order, row) in open {
            let owed = self.unlisted(order, &row).await?;
            unwritten.add(order, &owed);
        }
        Ok(unwritten)
    }

    /// The orders that Kinetic does not have, as far as the ledger knows.
    async fn open(&self) -> Result<BTreeMap<OrderId, LedgerRow>, Halt> {
        let mut open = BTreeMap::new();
        for state in OPEN {
            let mut after = None;
            loop {
                let ledger = self.turn.on.ledger;
                let rows = ledger.list(&self.turn.connected.id, Some(state), after, ROWS).await?;
                after = rows.last().map(|row| row.key.order);
                let is_last = rows.len() < ROWS;
                open.extend(rows.into_iter().map(|row| (row.key.order, row)));
                if is_last {
                    break;
                }
            }
        }
        Ok(open)
    }

    /// An order that the store's list shows.
    async fn listed(
        &mut self,
        order: &OrderSummary,
        row: Option<LedgerRow>,
        begun: Timestamp,
        lately: &mut BTreeSet<String>,
    ) -> Result<Parts, Halt> {
        let known = self.known.get(&order.id).cloned();
        if let Some(known) = known.as_ref().filter(|known| known.modified == Some(order.date_modified)) {
            return Ok(known.owed.clone());
        }
        let row = if row.is_some() {
            row
        } else {
            let key = OrderKey { connection: self.turn.connected.id.clone(), order: order.id };
            self.turn.on.ledger.get(&key).await?
        };
        let is_late = order.date_modified >= self.lately;
        let seen =
            row.as_ref().filter(|row| row.date_modified.is_some_and(|seen| seen >= order.date_modified));
        let contained = match (&known, &row) {
            // What Kinetic had then does not change; what is written meanwhile is not in the reading.
            (Some(known), _) => known.contained.clone(),
            (None, Some(row)) => self.contained(row),
            (None, None) => Parts::new(),
        };
        let counts = takes_stock(order.status) && !order.is_deleted;
        let ours = row.is_some() || self.before_us.is_none_or(|before| order.id > before);
        let whole = known.is_none() && seen.is_some_and(|row| self.is_whole(row));
        let owed = if counts && ours && !whole {
            let lines = match seen {
                Some(row) => row.lines.clone(),
                None => self.lines(order.id).await?,
            };
            let ordered = self.parts(&lines);
            if is_late {
                lately.extend(self.spelled(&lines));
            }
            less(ordered, &contained)
        } else {
            if let Some(row) = row.as_ref().filter(|_| is_late) {
                lately.extend(self.spelled(&row.lines));
            }
            Parts::new()
        };
        // Of one that was read within its second another reading may tell otherwise.
        let modified =
            Some(order.date_modified).filter(|modified| seen::until(*modified, begun) == *modified);
        self.known.insert(order.id, Known { modified, contained, owed: owed.clone() });
        Ok(owed)
    }

    /// An order that Kinetic does not have, and that has not changed lately in the store.
    async fn unlisted(&mut self, order: OrderId, row: &LedgerRow) -> Result<Parts, Halt> {
        if let Some(known) = self.known.get(&order) {
            return Ok(known.owed.clone());
        }
        let begun_only = matches!(&row.state, OrderState::Waiting { rule } if rule == "status.incomplete");
        let contained = self.contained(row);
        let owed = if begun_only {
            Parts::new()
        } else {
            let lines =
                if row.date_modified.is_some() { row.lines.clone() } else { self.lines(order).await? };
            less(self.parts(&lines), &contained)
        };
        self.known.insert(order, Known { modified: None, contained, owed: owed.clone() });
        Ok(owed)
    }

    async fn lines(&self, order: OrderId) -> Result<Vec<(Sku, Quantity)>, Halt> {
        let lines = self.turn.connected.shop.orders().lines(order, self.turn.deadline).await?;
        Ok(lines.into_iter().map(|line| (line.sku, line.quantity.into())).collect())
    }

    /// Whether the whole order was in Kinetic when the reading began.
    fn is_whole(&self, row: &LedgerRow) -> bool {
        let settled = match row.state {
            OrderState::Synced | OrderState::Cancelled | OrderState::Ignored { .. } => true,
            OrderState::New
            | OrderState::Waiting { .. }
            | OrderState::Retrying { .. }
            | OrderState::Uncertain { .. }
            | OrderState::Held { .. } => false,
        };
        settled && self.was_at_rest(row)
    }

    /// What of an order was surely in Kinetic when the reading began, by part.
    fn contained(&self, row: &LedgerRow) -> Parts {
        let mut parts = Parts::new();
        if self.was_at_rest(row) && row.settlement == Settlement::Settled {
            for line in row.applied.iter().flat_map(|applied| &applied.lines) {
                *parts.entry(folded(&line.part_num)).or_default() += line.quantity.decimal();
            }
        }
        parts
    }

    /// Whether nobody has written anything of it since the reading began.
    fn was_at_rest(&self, row: &LedgerRow) -> bool {
        row.changed_at < self.snapshot && !row.is_leased(self.turn.on.now())
    }

    fn parts(&self, lines: &[(Sku, Quantity)]) -> Parts {
        let mut parts = Parts::new();
        for (sku, quantity) in lines {
            *parts.entry(folded(self.part_num(sku))).or_default() += quantity.decimal();
        }
        parts
    }

    fn spelled<'s>(&'s self, lines: &'s [(Sku, Quantity)]) -> impl Iterator<Item = String> + use<'s> {
        lines.iter().map(|(sku, _)| self.part_num(sku).to_owned()).filter(|part| !part.is_empty())
    }

    /// The part that a SKU stands for.
    fn part_num<'s>(&'s self, sku: &'s Sku) -> &'s str {
        self.turn.connected.rules.aliases.get(sku).map_or(sku.0.as_str(), Text::as_str)
    }
}

/// Whether the store has taken the lines of such an order off its stock, or will: not of a checkout that was only begun, nor of one that
/// will never be shipped.
const fn takes_stock(status: OrderStatus) -> bool {
    match status {
        OrderStatus::Incomplete | OrderStatus::Refunded | OrderStatus::Cancelled | OrderStatus::Declined => {
            false
        }
        OrderStatus::Pending
        | OrderStatus::Shipped
        | OrderStatus::PartiallyShipped
        | OrderStatus::AwaitingPayment
        | OrderStatus::AwaitingPickup
        | OrderStatus::AwaitingShipment
        | OrderStatus::Completed
        | OrderStatus::AwaitingFulfillment
        | OrderStatus::ManualVerificationRequired
        | OrderStatus::Disputed
        | OrderStatus::PartiallyRefunded
        | OrderStatus::Other(_) => true,
    }
}

/// What was ordered and is not contained, part by part.
fn less(ordered: Parts, contained: &Parts) -> Parts {
    let open = ordered.into_iter().map(|(part, many)| {
        let there = contained.get(&part).copied().unwrap_or_default();
        (part, many - there)
    });
    open.filter(|(_, many)| *many > Decimal::ZERO).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(all: &[(&str, i64)]) -> Parts {
        all.iter().map(|(part, many)| ((*part).to_owned(), Decimal::from(*many))).collect()
    }

    #[test]
    fn what_is_contained_is_not_owed_and_never_more_than_was_ordered() {
        let owed = less(parts(&[("a", 5), ("b", 2), ("c", 1)]), &parts(&[("a", 3), ("b", 2), ("d", 9)]));
        assert_eq!(owed, parts(&[("a", 2), ("c", 1)]));
    }

    #[test]
    fn a_part_is_counted_anew_where_another_quantity_is_owed_than_was() {
        let now = Unwritten {
            owed: parts(&[("a", 1), ("b", 2), ("d", 4)]),
            lately: BTreeSet::from(["D".to_owned()]),
            ..Unwritten::default()
        };
        let before = Unwritten { owed: parts(&[("a", 1), ("b", 1), ("c", 3)]), ..Unwritten::default() };
        let moved = |before: &Noted| now.moved(before).into_iter().collect::<Vec<_>>();
        assert_eq!(moved(&before.noted()), ["D", "b", "c"]);
        assert_eq!(moved(&now.noted()), ["D"]);
        let many: Noted = (0..NOTED).map(|at| (format!("b{at}"), Quantity::from(1))).collect();
        assert!(!moved(&many).contains(&"a".to_owned()), "it was perhaps not noted for want of room");
    }

    #[test]
    fn only_a_checkout_that_was_begun_and_what_is_never_shipped_take_nothing() {
        let takes_nothing: Vec<_> =
            OrderStatus::ALL.into_iter().filter(|status| !takes_stock(*status)).collect();
        assert_eq!(
            takes_nothing,
            [OrderStatus::Incomplete, OrderStatus::Refunded, OrderStatus::Cancelled, OrderStatus::Declined]
        );
    }
}
