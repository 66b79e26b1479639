//! A Kinetic that lives in memory: it does the steps of a plan and adds up as Kinetic does (`docs/facts/kinetic.md` §8.3).
//!
//! Its arithmetic is written out here once more, in whole cents, so that an error in the mapping's cannot hide in it.

use std::collections::BTreeMap;

use connector_domain::{Money, OrderNum};
use connector_kinetic::{Anchor, PricePer, ReadBack, ReadCharge, ReadLine};
use rust_decimal::Decimal;

use super::Facts;
use crate::orders::desired::DesiredOrder;
use crate::orders::plan::Step;

/// One order at most, and what its parts are priced per.
#[derive(Debug, Clone)]
pub(crate) struct PretendKinetic {
    per: BTreeMap<String, Decimal>,
    tax: Money,
    order: Option<ReadBack>,
}

impl PretendKinetic {
    /// A company with these parts and no order, where nothing is taxed.
    pub(crate) fn with(facts: &Facts) -> Self {
        let per = |price_per: &PricePer| match price_per {
            PricePer::Each => Decimal::from(1),
            PricePer::Hundred => Decimal::from(100),
            PricePer::Thousand => Decimal::from(1000),
            PricePer::Other(code) => panic!("nobody knows what {code} means"),
        };
        let per = facts.parts.values().map(|part| (part.part_num.clone(), per(&part.price_per))).collect();
        Self { per, tax: Money::ZERO, order: None }
    }

    /// From now on a calculation arrives at this tax.
    pub(crate) fn taxing(mut self, tax: Money) -> Self {
        self.tax = tax;
        self
    }

    /// What is read back.
    pub(crate) fn held(&self) -> Option<&ReadBack> {
        self.order.as_ref()
    }

    /// Somebody else's hand.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut ReadBack)) {
        change(self.order.as_mut().unwrap());
        self.add_up();
    }

    /// Does these steps of an order.
    pub(crate) fn carry_out(&mut self, desired: &DesiredOrder, steps: &[Step]) {
        for step in steps {
            match *step {
                Step::CreateHeader => self.order = Some(header(desired)),
                Step::AddLine(at) => self.add_line(desired, at),
                Step::AddCharge(at) => self.add_charge(desired, at),
                Step::Recalculate => self.order.as_mut().unwrap().ready_to_calc = true,
                Step::Release => {
                    let order = self.order.as_mut().unwrap();
                    (order.ready_to_fulfill, order.order_held) = (true, false);
                }
            }
        }
        self.add_up();
    }

    fn add_line(&mut self, desired: &DesiredOrder, at: usize) {
        let new = &desired.lines[at];
        let lines = &mut self.order.as_mut().unwrap().lines;
        lines.push(ReadLine {
            order_line: i32::try_from(lines.len() + 1).unwrap(),
            part_num: new.part_num.as_str().to_owned(),
            quantity: new.quantity,
            unit_price: new.unit_price,
            discount: new.discount,
            reference: new.reference.as_str().to_owned(),
            open: true,
            void: false,
            kit_component: false,
        });
    }

    fn add_charge(&mut self, desired: &DesiredOrder, at: usize) {
        let new = &desired.charges[at];
        let charges = &mut self.order.as_mut().unwrap().charges;
        charges.push(ReadCharge {
            seq: i32::try_from(charges.len() + 1).unwrap(),
            code: new.code.as_str().to_owned(),
            description: new.description.as_str().to_owned(),
            amount: new.amount,
        });
    }

    fn add_up(&mut self) {
        let order = self.order.as_mut().unwrap();
        let sum = |amounts: &mut dyn Iterator<Item = Decimal>| amounts.sum::<Decimal>();
        let lines: Decimal = sum(&mut order.ordered_lines().map(|line| {
            self.per.get(&line.part_num).map_or_else(
                || panic!("no part {}", line.part_num),
                |per| to_the_cent(line.unit_price.decimal() * line.quantity.decimal() / per),
            )
        }));
        let discounts = sum(&mut order.ordered_lines().map(|line| line.discount.decimal()));
        let misc = sum(&mut order.charges.iter().map(|charge| charge.amount.decimal()));
        let tax = if order.ready_to_calc { self.tax.decimal() } else { Decimal::from(0) };
        (order.total_charges, order.total_discount) = (Money::new(lines), Money::new(discounts));
        (order.total_misc, order.total_tax) = (Money::new(misc), Money::new(tax));
        order.total = Money::new(lines + misc - discounts + tax);
    }
}

/// Halves away from zero, counted in cents.
fn to_the_cent(amount: Decimal) -> Decimal {
    let cents = amount.abs() * Decimal::from(100) + Decimal::new(5, 1);
    let rounded = cents.floor() / Decimal::from(100);
    if amount < Decimal::from(0) { -rounded } else { rounded }
}

fn header(desired: &DesiredOrder) -> ReadBack {
    let header = &desired.header;
    let text = |anchor| if anchor == header.anchor { header.external_ref.as_str() } else { "" };
    ReadBack {
        order_num: OrderNum(100_234),
        cust_num: desired.cust_num,
        anchors: Anchor::ALL.map(|anchor| (anchor, text(anchor).to_owned())).to_vec(),
        open: true,
        void: false,
        ready_to_calc: false,
        ready_to_fulfill: !header.staged,
        order_held: header.staged,
        currency: "USD".to_owned(),
        total_charges: Money::ZERO,
        total_misc: Money::ZERO,
        total_discount: Money::ZERO,
        total_tax: Money::ZERO,
        total: Money::ZERO,
        lines: Vec::new(),
        charges: Vec::new(),
    }
}
