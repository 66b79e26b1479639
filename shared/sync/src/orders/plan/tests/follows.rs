//! For any edits of the shop and any changes of a person: what only the shop changed follows, what only the person changed stays, and
//! then nothing is left to do.

use connector_kinetic::ReadCharge;
use proptest::prelude::*;

use super::*;

/// What the shop did to the imported order.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that may have been done")]
struct Edits {
    quantities: Vec<Option<u32>>,
    prices: Vec<bool>,
    removed: Vec<bool>,
    added: bool,
    address: bool,
    comment: bool,
    shipping: bool,
}

/// What a person did to it in Kinetic.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that may have been done")]
struct Hands {
    quantities: Vec<Option<u32>>,
    prices: Vec<bool>,
    removed: Vec<bool>,
    line: bool,
    comment: bool,
    charge: bool,
    freight: bool,
}

const LINES: usize = 4;

fn edits() -> impl Strategy<Value = Edits> {
    (
        prop::collection::vec(prop::option::weighted(0.3, 5_u32..8), LINES),
        prop::collection::vec(prop::bool::weighted(0.2), LINES),
        prop::collection::vec(prop::bool::weighted(0.2), LINES),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(quantities, prices, removed, added, address, comment, shipping)| Edits {
            quantities,
            prices,
            removed,
            added,
            address,
            comment,
            shipping,
        })
}

fn hands() -> impl Strategy<Value = Hands> {
    (
        prop::collection::vec(prop::option::weighted(0.2, 5_u32..8), LINES),
        prop::collection::vec(prop::bool::weighted(0.15), LINES),
        prop::collection::vec(prop::bool::weighted(0.1), LINES),
        any::<bool>(),
        prop::bool::weighted(0.2),
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(quantities, prices, removed, line, comment, charge, freight)| Hands {
            quantities,
            prices,
            removed,
            line,
            comment,
            charge,
            freight,
        })
}

const SKUS: [&str; LINES] = ["NUT-8", "HB-M8-40-ZN", "NUT-8", "WASHER-8"];

fn id(at: usize) -> u64 {
    500 + u64::try_from(at).unwrap()
}

fn before() -> ShopOrder {
    ShopOrder::of((0..LINES).map(|at| Line::new(id(at), SKUS[at], 3, "1.25"))).shipping("11.09")
}

impl Edits {
    fn order(&self) -> ShopOrder {
        let line = |at: usize| {
            let price = if self.prices[at] { "1.50" } else { "1.25" };
            Line::new(id(at), SKUS[at], self.quantities[at].unwrap_or(3), price)
        };
        // An order without lines is no order.
        let kept = (0..LINES).filter(|at| *at == 0 || !self.removed[*at]).map(line);
        let added = self.added.then(|| Line::new(900, "WASHER-8", 2, "0.75"));
        let mut order =
            ShopOrder::of(kept.chain(added)).shipping(if self.shipping { "12.00" } else { "11.09" });
        if self.address {
            order = order.shipped("street_1", "2 Main St");
        }
        if self.comment {
            order = order.with("customer_message", "Ring twice");
        }
        order
    }
}

impl Hands {
    fn touch(&self, held: &mut ReadBack) {
        for (at, line) in held.lines.iter_mut().enumerate() {
            if let Some(quantity) = self.quantities[at] {
                line.quantity = quantity.into();
            }
            if self.prices[at] {
                line.unit_price = money("1.40");
            }
        }
        let mut at = 0;
        held.lines.retain(|_| {
            at += 1;
            at == 1 || !self.removed[at - 1]
        });
        if self.line {
            let order_line = 77;
            let line = ReadLine { order_line, reference: String::new(), ..held.lines[0].clone() };
            held.lines.push(line);
        }
        if self.comment {
            held.header.comment = "Call first".to_owned();
        }
        if self.freight {
            held.charges[0].amount = money("10.00");
        }
        if self.charge {
            let (code, amount) = ("RUSH".to_owned(), money("2.50"));
            held.charges.push(ReadCharge { seq: 99, code, description: "By hand".to_owned(), amount });
        }
    }
}

/// What stands there, field by field, but for what the shop changed.
fn untouched_by(shop: (&DesiredOrder, &DesiredOrder), held: &ReadBack) -> Vec<String> {
    let (before, after) = shop;
    let mut all = Vec::new();
    let of = |order: &DesiredOrder, reference: &str| {
        order.lines.iter().find(|line| line.reference.as_str() == reference).cloned()
    };
    for line in &held.lines {
        let (old, new) = (of(before, &line.reference), of(after, &line.reference));
        if new.is_none() && (old.is_some() || line.reference == "900") {
            continue;
        }
        let same = |field: fn(&NewLine) -> String| match (&old, &new) {
            (Some(old), Some(new)) => field(old) == field(new),
            (None, Some(_)) => false,
            (None | Some(_), None) => true,
        };
        if same(|line| line.quantity.to_string()) {
            all.push(format!("{} quantity {}", line.order_line, line.quantity));
        }
        if same(|line| line.unit_price.to_string()) {
            all.push(format!("{} price {}", line.order_line, line.unit_price));
        }
    }
    if before.header.comment == after.header.comment {
        all.push(held.header.comment.clone());
    }
    let freight = |order: &DesiredOrder| order.charges.iter().map(|charge| charge.amount).collect::<Vec<_>>();
    for charge in &held.charges {
        if charge.code == "RUSH" || freight(before) == freight(after) {
            all.push(format!("{} {}", charge.seq, charge.amount));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_shops_edits_follow_a_persons_changes_stay_and_then_nothing_is_left(edits in edits(), hands in hands()) {
        let (old, new) = (desired(&before()), desired(&edits.order()));
        let mut kinetic = imported(&old);
        let applied = complete_with(&old, &kinetic);
        kinetic.change(|held| hands.touch(held));
        let stood = untouched_by((&old, &new), kinetic.held().unwrap());
        let rest = match plan(&new, Some(&applied), kinetic.held()) {
            Ok(rest) => rest,
            Err(hold) => {
                // Both sides changed one thing: held, and nothing was touched.
                prop_assert_eq!(hold.reason, HoldReason::ChangedOnBothSides);
                return Ok(());
            }
        };
        kinetic.carry_out(&new, &rest.steps);
        prop_assert_eq!(untouched_by((&old, &new), kinetic.held().unwrap()), stood, "what the shop did not change");

        // Recorded or lost: nothing is left to do, and what a person did is still known as theirs.
        let recorded = whole(&new, kinetic.held().unwrap(), Some(&applied), true);
        for known in [&recorded, &applied] {
            let again = plan(&new, Some(known), kinetic.held()).unwrap();
            prop_assert_eq!(again.steps, vec![]);
            if std::ptr::eq(known, &raw const recorded) {
                prop_assert_eq!(again.kept.len(), rest.kept.len(), "{:?} then {:?}", rest.kept, again.kept);
            }
        }
    }

    #[test]
    fn of_two_lines_with_one_reference_the_later_goes(at in 0..LINES, complete in any::<bool>()) {
        let wanted = desired(&before());
        let mut kinetic = imported(&wanted);
        let applied = if complete { complete_with(&wanted, &kinetic) } else { begun(&wanted) };
        kinetic.change(|held| {
            let doubled = ReadLine { order_line: 5, ..held.lines[at].clone() };
            held.lines.push(doubled);
        });
        let rest = plan(&wanted, Some(&applied), kinetic.held()).unwrap();
        let removed = Step::RemoveLine { reference: id(at).to_string(), order_line: 5 };
        prop_assert_eq!(&rest.steps[0], &removed);
        kinetic.carry_out(&wanted, &rest.steps);
        prop_assert_eq!(plan(&wanted, Some(&applied), kinetic.held()).unwrap().steps, vec![]);
    }
}
