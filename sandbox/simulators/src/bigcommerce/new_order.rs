//! An order as a story tells it; everything that can be computed is left out.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Address, Kind, NewLine, amount, totals::Totals};

/// What a coupon takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CouponKind {
    /// So many per cent of the lines (wire type 1).
    Percentage,
    /// An amount off the order, never more than its lines (wire type 2).
    Fixed,
}

/// A coupon, or an automatic promotion if it has no code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coupon {
    /// What the shopper typed; `None` for a promotion (wire type 5).
    pub code: Option<String>,
    /// Per cent or amount.
    pub kind: CouponKind,
    /// Per cent (10 = 10 %) or money.
    #[serde(with = "amount")]
    pub amount: Decimal,
}

/// A charge beside the lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// What shopper and merchant read.
    pub name: String,
    /// Without tax.
    #[serde(with = "amount")]
    pub cost: Decimal,
}

/// An order to be placed. The store computes its totals each time it is read, so an edit never leaves them behind.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewOrder {
    /// Taken if it is free, the next number if not.
    pub id: Option<u64>,
    /// One of the fifteen statuses; 11 (Awaiting Fulfillment) unless told otherwise.
    pub status_id: u8,
    /// 0 is a guest, known by the billing address only.
    pub customer_id: u64,
    /// The storefront; 1 is the default one.
    pub channel_id: u64,
    /// ISO code of the money.
    pub currency: String,
    /// Who pays.
    pub billing: Address,
    /// Where it goes; empty means to the billing address.
    pub ship_to: Vec<Address>,
    /// What was bought.
    pub lines: Vec<NewLine>,
    /// As a fraction: 0.0825 is 8.25 %.
    #[serde(with = "amount")]
    pub tax_rate: Decimal,
    /// Whether shipping, handling, wrapping and fees are taxed too.
    pub charges_taxed: bool,
    /// Coupons and promotions, applied one after the other.
    pub coupons: Vec<Coupon>,
    /// A manual discount on the whole order (wire `discount_amount`).
    #[serde(with = "amount")]
    pub manual_discount: Decimal,
    /// Without tax.
    #[serde(with = "amount")]
    pub shipping: Decimal,
    /// Without tax.
    #[serde(with = "amount")]
    pub handling: Decimal,
    /// Without tax.
    #[serde(with = "amount")]
    pub wrapping: Decimal,
    /// Further charges.
    pub fees: Vec<Fee>,
    /// Free text of the shipping module.
    pub shipping_method: String,
    /// Display name of the payment method.
    pub payment_method: String,
    /// See `docs/facts/bigcommerce.md` §3.2.
    pub payment_status: String,
    /// What the shopper wrote.
    pub customer_message: String,
    /// What the merchant wrote.
    pub staff_notes: String,
    /// The ERP's number, once written back.
    pub external_order_id: String,
    /// Paid from store credit; does not lower the total.
    #[serde(with = "amount")]
    pub store_credit: Decimal,
    /// Paid by gift certificate; does not lower the total.
    #[serde(with = "amount")]
    pub gift_certificate: Decimal,
    /// When it was placed; the clock's now if `None`.
    pub created: Option<Timestamp>,
    /// Archived: hidden from lists.
    pub is_deleted: bool,
    /// Wire fields that are sent as given, whatever was computed.
    pub raw: Map<String, Value>,
}

impl Default for NewOrder {
    fn default() -> Self {
        Self {
            id: None,
            status_id: 11,
            customer_id: 0,
            channel_id: 1,
            currency: "USD".to_owned(),
            billing: Address::default(),
            ship_to: Vec::new(),
            lines: Vec::new(),
            tax_rate: Decimal::ZERO,
            charges_taxed: true,
            coupons: Vec::new(),
            manual_discount: Decimal::ZERO,
            shipping: Decimal::ZERO,
            handling: Decimal::ZERO,
            wrapping: Decimal::ZERO,
            fees: Vec::new(),
            shipping_method: "Flat Rate".to_owned(),
            payment_method: "Credit Card".to_owned(),
            payment_status: "captured".to_owned(),
            customer_message: String::new(),
            staff_notes: String::new(),
            external_order_id: String::new(),
            store_credit: Decimal::ZERO,
            gift_certificate: Decimal::ZERO,
            created: None,
            is_deleted: false,
            raw: Map::new(),
        }
    }
}

impl NewOrder {
    /// A guest's order, paid by the person of this address.
    pub fn guest(billing: Address) -> Self {
        Self { billing, ..Self::default() }
    }

    /// A registered shopper's order.
    pub fn of_customer(customer_id: u64, billing: Address) -> Self {
        Self { customer_id, billing, ..Self::default() }
    }

    /// Asks for this order number.
    #[must_use]
    pub fn id(self, id: u64) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Adds a line at a price without tax.
    #[must_use]
    pub fn line(self, sku: &str, quantity: u32, price: Decimal) -> Self {
        self.with_line(NewLine::new(sku, quantity, price))
    }

    /// Adds a line made elsewhere.
    #[must_use]
    pub fn with_line(mut self, line: NewLine) -> Self {
        self.lines.push(line);
        self
    }

    /// Places it in this status.
    #[must_use]
    pub fn status(self, status_id: u8) -> Self {
        Self { status_id, ..self }
    }

    /// Places it in this storefront.
    #[must_use]
    pub fn channel(self, channel_id: u64) -> Self {
        Self { channel_id, ..self }
    }

    /// Taxes at this rate: `dec("0.0825")`.
    #[must_use]
    pub fn tax_rate(self, tax_rate: Decimal) -> Self {
        Self { tax_rate, ..self }
    }

    /// Leaves shipping, handling, wrapping and fees untaxed.
    #[must_use]
    pub fn charges_untaxed(self) -> Self {
        Self { charges_taxed: false, ..self }
    }

    /// Takes so many per cent off the lines.
    #[must_use]
    pub fn percent_off(mut self, code: &str, percent: Decimal) -> Self {
        let code = Some(code.to_owned());
        self.coupons.push(Coupon { code, kind: CouponKind::Percentage, amount: percent });
        self
    }

    /// Takes an amount off the order.
    #[must_use]
    pub fn amount_off(mut self, code: &str, amount: Decimal) -> Self {
        let code = Some(code.to_owned());
        self.coupons.push(Coupon { code, kind: CouponKind::Fixed, amount });
        self
    }

    /// The merchant takes an amount off by hand.
    #[must_use]
    pub fn manual_discount(self, manual_discount: Decimal) -> Self {
        Self { manual_discount, ..self }
    }

    /// Ships by this method for this cost without tax.
    #[must_use]
    pub fn shipping(self, method: &str, shipping: Decimal) -> Self {
        Self { shipping_method: method.to_owned(), shipping, ..self }
    }

    /// Charges for handling, without tax.
    #[must_use]
    pub fn handling(self, handling: Decimal) -> Self {
        Self { handling, ..self }
    }

    /// Charges for gift wrapping (of the first line), without tax.
    #[must_use]
    pub fn wrapping(self, wrapping: Decimal) -> Self {
        Self { wrapping, ..self }
    }

    /// Adds a fee, without tax.
    #[must_use]
    pub fn fee(mut self, name: &str, cost: Decimal) -> Self {
        self.fees.push(Fee { name: name.to_owned(), cost });
        self
    }

    /// Pays this way.
    #[must_use]
    pub fn payment(self, method: &str, status: &str) -> Self {
        Self { payment_method: method.to_owned(), payment_status: status.to_owned(), ..self }
    }

    /// Ships to this address too (the first call: instead of the billing address).
    #[must_use]
    pub fn ship_to(mut self, address: Address) -> Self {
        self.ship_to.push(address);
        self
    }

    /// The shopper wrote this.
    #[must_use]
    pub fn message(self, message: &str) -> Self {
        Self { customer_message: message.to_owned(), ..self }
    }

    /// It was placed then.
    #[must_use]
    pub fn created(self, at: Timestamp) -> Self {
        Self { created: Some(at), ..self }
    }

    /// Sends this wire field of the order as given.
    #[must_use]
    pub fn raw(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.raw.insert(field.to_owned(), value.into());
        self
    }

    /// What it comes to, computed now.
    pub fn totals(&self) -> Totals {
        Totals::of(self)
    }

    /// Whether nothing of it can be shipped.
    pub(crate) fn is_digital(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.kind != Kind::Physical)
    }

    /// The addresses it is shipped to, the billing address if no other was named.
    pub(crate) fn shipping_addresses(&self) -> &[Address] {
        if self.is_digital() {
            &[]
        } else if self.ship_to.is_empty() {
            std::slice::from_ref(&self.billing)
        } else {
            &self.ship_to
        }
    }
}
