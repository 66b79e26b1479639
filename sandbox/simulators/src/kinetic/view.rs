//! Orders as tests look at them.

use rust_decimal::Decimal;

use super::{company::Order, orders, row::Row};

/// An order as it is stored.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they are columns of the header")]
pub struct OrderView {
    /// Its number.
    pub order_num: i32,
    /// The customer's reference.
    pub po_num: String,
    /// The customer's number.
    pub cust_num: i32,
    /// Lines in their order.
    pub lines: Vec<LineView>,
    /// Charges of the header in their order.
    pub charges: Vec<ChargeView>,
    /// Lines before discounts.
    pub doc_charges: Decimal,
    /// All charges of the header.
    pub doc_misc: Decimal,
    /// All discounts of lines.
    pub doc_discount: Decimal,
    /// Tax.
    pub doc_tax: Decimal,
    /// The order's total: lines + charges − discounts + tax.
    pub doc_total: Decimal,
    /// Whether warehouse staff may take it up.
    pub ready_to_fulfill: bool,
    /// Held: only seen, it stops nobody.
    pub order_held: bool,
    /// Whether savings compute tax.
    pub ready_to_calc: bool,
    /// Open.
    pub open: bool,
    /// Closed before anything was shipped.
    pub void: bool,
    /// Something of it was shipped.
    pub shipped: bool,
    /// The header's whole row.
    pub header: Row,
    /// The releases' whole rows.
    pub releases: Vec<Row>,
}

/// A line of an [`OrderView`].
#[derive(Debug, Clone)]
pub struct LineView {
    /// Its number.
    pub order_line: i32,
    /// The part.
    pub part_num: String,
    /// How much was sold.
    pub selling_quantity: Decimal,
    /// Price for one, a hundred or a thousand.
    pub doc_unit_price: Decimal,
    /// The line's discount.
    pub doc_discount: Decimal,
    /// The customer's reference.
    pub po_line: String,
    /// Price × quantity, before the discount.
    pub doc_ext_price: Decimal,
    /// The whole row.
    pub row: Row,
}

/// A charge of an [`OrderView`].
#[derive(Debug, Clone)]
pub struct ChargeView {
    /// Its number.
    pub seq_num: i32,
    /// The code.
    pub misc_code: String,
    /// What it is for.
    pub description: String,
    /// The amount, negative for a discount.
    pub doc_misc_amt: Decimal,
}

impl OrderView {
    pub(crate) fn of(order: &Order) -> Self {
        let head = &order.head;
        Self {
            order_num: head.key("OrderNum"),
            po_num: head.text("PONum").to_owned(),
            cust_num: head.key("CustNum"),
            lines: order.lines.iter().map(LineView::of).collect(),
            charges: order.charges.iter().map(ChargeView::of).collect(),
            doc_charges: head.decimal("DocTotalCharges"),
            doc_misc: head.decimal("DocTotalMisc"),
            doc_discount: head.decimal("DocTotalDiscount"),
            doc_tax: head.decimal("DocTotalTax"),
            doc_total: head.decimal("DocTotalOrder"),
            ready_to_fulfill: head.flag("ReadyToFulfill"),
            order_held: head.flag("OrderHeld"),
            ready_to_calc: head.flag("ReadyToCalc"),
            open: head.flag("OpenOrder"),
            void: head.flag("VoidOrder"),
            shipped: order.releases.iter().any(|row| !orders::shipped_of_release(row).is_zero()),
            header: head.clone(),
            releases: order.releases.clone(),
        }
    }

    /// What was shipped of a line, in the unit that is sold.
    pub fn shipped_quantity(&self, order_line: i32) -> Decimal {
        orders::shipped(&self.releases, order_line)
    }

    /// The comment on the whole order.
    pub fn comment(&self) -> &str {
        self.header.text("OrderComment")
    }

    /// The name of the one-time ship-to.
    pub fn ots_name(&self) -> &str {
        self.header.text("OTSName")
    }

    /// The first line of the one-time ship-to's address.
    pub fn ots_address1(&self) -> &str {
        self.header.text("OTSAddress1")
    }

    /// How it is to be shipped.
    pub fn ship_via(&self) -> &str {
        self.header.text("ShipViaCode")
    }

    /// Whether warehouse staff could pick it now: open, released for fulfilment, and with lines.
    pub fn can_be_picked(&self) -> bool {
        self.open && self.ready_to_fulfill && !self.lines.is_empty()
    }
}

impl LineView {
    fn of(row: &Row) -> Self {
        Self {
            order_line: row.key("OrderLine"),
            part_num: row.text("PartNum").to_owned(),
            selling_quantity: row.decimal("SellingQuantity"),
            doc_unit_price: row.decimal("DocUnitPrice"),
            doc_discount: row.decimal("DocDiscount"),
            po_line: row.text("POLine").to_owned(),
            doc_ext_price: row.decimal("DocExtPriceDtl"),
            row: row.clone(),
        }
    }
}

impl ChargeView {
    fn of(row: &Row) -> Self {
        Self {
            seq_num: row.key("SeqNum"),
            misc_code: row.text("MiscCode").to_owned(),
            description: row.text("Description").to_owned(),
            doc_misc_amt: row.decimal("DocMiscAmt"),
        }
    }
}
