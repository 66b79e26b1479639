//! What an order is made of, in Kinetic's words and lengths (§8.3).

use std::fmt;

use connector_domain::{ExternalRef, Money, Quantity, Text};
use jiff::civil::Date;

use super::Anchor;

/// A header to be. `Debug` shows nothing personal.
#[derive(Clone, PartialEq, Eq)]
pub struct NewHeader {
    /// Whose order.
    pub cust_id: Text<10>,
    /// Where the reference stands.
    pub anchor: Anchor,
    /// By which a lost order is found again.
    pub external_ref: ExternalRef,
    /// The plant's calendar day of the order.
    pub order_date: Date,
    /// When it should be shipped.
    pub request_date: Date,
    /// When it should arrive.
    pub need_by: Date,
    /// `ShipViaCode`; `None` leaves the customer's.
    pub ship_via: Option<Text<4>>,
    /// `TermsCode`; `None` leaves the customer's.
    pub terms: Option<Text<4>>,
    /// `TaxRegionCode`; `None` leaves the customer's.
    pub tax_region: Option<Text<4>>,
    /// `OrderComment`.
    pub comment: String,
    /// Born unready and held, to be released when it is complete and proven.
    pub staged: bool,
    /// Where the goods go; `None` leaves the customer's ship-to.
    pub one_time: Option<OneTimeShipTo>,
}

impl fmt::Debug for NewHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewHeader({}, {})", self.external_ref, self.cust_id)
    }
}

/// A one-time ship-to; its customer must allow it (§7.6). `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeShipTo {
    /// Must not be empty.
    pub name: Text<50>,
    /// The street.
    pub address1: Text<50>,
    /// More of it.
    pub address2: Text<50>,
    /// More of it.
    pub address3: Text<50>,
    /// The city.
    pub city: Text<50>,
    /// The state or province.
    pub state: Text<50>,
    /// The postal code.
    pub zip: Text<10>,
    /// `Country.CountryNum`, not a code.
    pub country_num: i32,
    /// Whom to ask for.
    pub contact: Text<50>,
    /// The telephone number.
    pub phone: Text<20>,
}

impl fmt::Debug for OneTimeShipTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeShipTo(…)")
    }
}

/// A line to be. `Debug` leaves the comment out.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLine {
    /// `POLine`: by which our lines are told apart. Kinetic numbers lines itself, and a part may stand in two (§8.4).
    pub reference: Text<20>,
    /// The part, as Kinetic spells it.
    pub part_num: Text<50>,
    /// In the sales unit.
    pub quantity: Quantity,
    /// For as many as the part's `PricePerCode` says, in the order's currency.
    pub unit_price: Money,
    /// Off the line, in the order's currency; zero is none.
    pub discount: Money,
    /// When it should be shipped.
    pub request_date: Date,
    /// When it should arrive.
    pub need_by: Date,
    /// `OrderComment` of the line.
    pub comment: String,
}

impl fmt::Debug for NewLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reference, part_num, quantity, unit_price, discount, .. } = self;
        write!(f, "NewLine({reference}: {quantity} × {part_num} at {unit_price} less {discount})")
    }
}

/// A miscellaneous charge of the whole order to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCharge {
    /// Ours; Kinetic has no column for it.
    pub reference: String,
    /// `MiscCode`, which must exist.
    pub code: Text<4>,
    /// Must not be empty.
    pub description: Text<30>,
    /// In the order's currency; never zero, negative for a discount (§8.4).
    pub amount: Money,
}
