//! A Kinetic that lives in memory: it does the steps of a plan and adds up as Kinetic does (`docs/facts/kinetic.md` §8.3).
//!
//! Its arithmetic is written out here once more, in whole cents, so that an error in the mapping's cannot hide in it.

use std::collections::BTreeMap;

use connector_domain::{Money, OrderNum};
use connector_kinetic::{
    Anchor, OneTimeShipTo, PricePer, ReadBack, ReadCharge, ReadHeader, ReadLine, ReadShipTo,
};
use connector_ports::HeaderField;
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
            match step {
                Step::CreateHeader => self.order = Some(header(desired)),
                Step::ChangeHeader(fields) => self.change_header(desired, fields),
                Step::AddLine(at) => self.add_line(desired, *at),
                Step::ChangeLine { order_line, target, .. } => {
                    let lines = &mut self.order.as_mut().unwrap().lines;
                    let line = lines.iter_mut().find(|line| line.order_line == *order_line).unwrap();
                    target.part_num.as_str().clone_into(&mut line.part_num);
                    (line.quantity, line.unit_price, line.discount) =
                        (target.quantity, target.unit_price, target.discount);
                }
                Step::RemoveLine { order_line, .. } => {
                    self.order.as_mut().unwrap().lines.retain(|line| line.order_line != *order_line);
                }
                Step::AddCharge(at) => self.add_charge(desired, *at),
                Step::ChangeCharge { at, seq } => {
                    let charges = &mut self.order.as_mut().unwrap().charges;
                    let charge = charges.iter_mut().find(|charge| charge.seq == *seq).unwrap();
                    charge.amount = desired.charges[*at].amount;
                }
                Step::RemoveCharge { seq, .. } => {
                    self.order.as_mut().unwrap().charges.retain(|charge| charge.seq != *seq);
                }
                Step::Recalculate => self.order.as_mut().unwrap().ready_to_calc = true,
                Step::Release => {
                    let order = self.order.as_mut().unwrap();
                    (order.ready_to_fulfill, order.order_held) = (true, false);
                }
            }
        }
        self.add_up();
    }

    fn change_header(&mut self, desired: &DesiredOrder, fields: &[HeaderField]) {
        let new = header(desired).header;
        let held = &mut self.order.as_mut().unwrap().header;
        for field in fields {
            match field {
                HeaderField::Address => held.one_time.clone_from(&new.one_time),
                HeaderField::Comment => held.comment.clone_from(&new.comment),
                HeaderField::ShipVia => held.ship_via.clone_from(&new.ship_via),
                HeaderField::Terms => held.terms.clone_from(&new.terms),
                HeaderField::TaxRegion => held.tax_region.clone_from(&new.tax_region),
            }
        }
    }

    fn add_line(&mut self, desired: &DesiredOrder, at: usize) {
        let new = &desired.lines[at];
        let lines = &mut self.order.as_mut().unwrap().lines;
        lines.push(ReadLine {
            order_line: lines.iter().map(|line| line.order_line).max().unwrap_or(0) + 1,
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
            seq: charges.iter().map(|charge| charge.seq).max().unwrap_or(0) + 1,
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
        header: ReadHeader {
            // What the customer has where the order says nothing.
            ship_via: header.ship_via.as_ref().map_or("UPSG", connector_domain::Text::as_str).to_owned(),
            terms: header.terms.as_ref().map_or("CC", connector_domain::Text::as_str).to_owned(),
            tax_region: header.tax_region.as_ref().map_or("WEB", connector_domain::Text::as_str).to_owned(),
            comment: header.comment.clone(),
            one_time: header.one_time.as_ref().map(ship_to),
        },
        lines: Vec::new(),
        charges: Vec::new(),
    }
}

fn ship_to(to: &OneTimeShipTo) -> ReadShipTo {
    let text = |text: &str| text.to_owned();
    ReadShipTo {
        name: text(to.name.as_str()),
        address1: text(to.address1.as_str()),
        address2: text(to.address2.as_str()),
        address3: text(to.address3.as_str()),
        city: text(to.city.as_str()),
        state: text(to.state.as_str()),
        zip: text(to.zip.as_str()),
        contact: text(to.contact.as_str()),
        phone: text(to.phone.as_str()),
        country_num: to.country_num,
    }
}
