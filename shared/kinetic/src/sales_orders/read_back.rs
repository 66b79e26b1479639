//! Reading back what Kinetic holds: flat, keyed, a few columns.

use connector_domain::{CustNum, Deadline, Money, OrderNum, Quantity};

use super::{Anchor, ReadHeader, SalesOrders};
use crate::error::KineticError;
use crate::odata::Filter;
use crate::odata::read::{Key, Set};
use crate::row::{ColumnError, Row};

/// The header. Totals are those in the order's currency that are stored; `DocTotalOrder` is filled in by the server only (§8.3).
const HEADER: Set = Set {
    label: "GET Erp.BO.SalesOrderSvc/SalesOrders",
    path: "Erp.BO.SalesOrderSvc/SalesOrders",
    columns: &[
        "OrderNum",
        "CustNum",
        "PONum",
        "ECCOrderNum",
        "ECCPONum",
        "UserChar1",
        "OpenOrder",
        "VoidOrder",
        "ReadyToCalc",
        "ReadyToFulfill",
        "OrderHeld",
        "CurrencyCode",
        "DocTotalCharges",
        "DocTotalMisc",
        "DocTotalDiscount",
        "DocTotalTax",
        "ShipViaCode",
        "TermsCode",
        "TaxRegionCode",
        "OrderComment",
        "UseOTS",
        "OTSName",
        "OTSAddress1",
        "OTSAddress2",
        "OTSAddress3",
        "OTSCity",
        "OTSState",
        "OTSZIP",
        "OTSContact",
        "OTSPhoneNum",
        "OTSCountryNum",
    ],
};

/// The lines, from the flat search service: there a filter and a key may name any column of a line, `OrderLine` and `POLine` included.
/// In `SalesOrderSvc/OrderDtls` both would be looked for in the header (§3, child-set trap).
const LINES: Set = Set {
    label: "GET Erp.BO.OrderDtlSearchSvc/OrderDtlSearches",
    path: "Erp.BO.OrderDtlSearchSvc/OrderDtlSearches",
    columns: &[
        "OrderNum",
        "OrderLine",
        "PartNum",
        "SellingQuantity",
        "DocUnitPrice",
        "DocDiscount",
        "POLine",
        "OpenLine",
        "VoidLine",
        "KitFlag",
    ],
};

/// The charges. No search service has them; the filter names `OrderNum`, which the header has too, so the trap is not met. `SeqNum` could
/// not be a paging key here, so all must come in one page.
const CHARGES: Set = Set {
    label: "GET Erp.BO.SalesOrderSvc/OHOrderMscs",
    path: "Erp.BO.SalesOrderSvc/OHOrderMscs",
    columns: &["OrderNum", "OrderLine", "SeqNum", "MiscCode", "Description", "DocMiscAmt"],
};

/// An order as Kinetic holds it. Amounts are in the order's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Kinetic")]
pub struct ReadBack {
    /// Its number.
    pub order_num: OrderNum,
    /// Whose it is.
    pub cust_num: CustNum,
    /// What stands in each column that may hold the shop's reference.
    pub anchors: Vec<(Anchor, String)>,
    /// Still open.
    pub open: bool,
    /// Closed before anything was shipped.
    pub void: bool,
    /// Taxes are calculated.
    pub ready_to_calc: bool,
    /// The fulfilment workbench shows it.
    pub ready_to_fulfill: bool,
    /// Held, which people see and no shipment is stopped by.
    pub order_held: bool,
    /// `CurrencyCode`.
    pub currency: String,
    /// Of the lines, before discounts.
    pub total_charges: Money,
    /// Of the miscellaneous charges.
    pub total_misc: Money,
    /// Of the lines' discounts.
    pub total_discount: Money,
    /// Of taxes.
    pub total_tax: Money,
    /// Charges + miscellaneous − discount + tax (§8.3).
    pub total: Money,
    /// Terms and destination.
    pub header: ReadHeader,
    /// The lines, by number.
    pub lines: Vec<ReadLine>,
    /// The charges of the whole order.
    pub charges: Vec<ReadCharge>,
}

impl ReadBack {
    /// The text in a column that may hold the shop's reference.
    pub fn anchor(&self, anchor: Anchor) -> &str {
        self.anchors.iter().find(|(column, _)| *column == anchor).map_or("", |(_, text)| text)
    }

    /// The lines that somebody ordered: without the components that Kinetic adds below a sales kit (§12.16).
    pub fn ordered_lines(&self) -> impl Iterator<Item = &ReadLine> {
        self.lines.iter().filter(|line| !line.kit_component)
    }
}

/// A line as Kinetic holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLine {
    /// Its number.
    pub order_line: i32,
    /// The part, as Kinetic spells it.
    pub part_num: String,
    /// In the sales unit.
    pub quantity: Quantity,
    /// For as many as the part's `PricePerCode` says.
    pub unit_price: Money,
    /// Off the line.
    pub discount: Money,
    /// `POLine`: our reference, or what a person typed.
    pub reference: String,
    /// Still open.
    pub open: bool,
    /// Closed before anything was shipped.
    pub void: bool,
    /// A component that Kinetic added to a sales kit's line: never one of ours (§12.16).
    pub kit_component: bool,
}

/// A charge of the whole order as Kinetic holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCharge {
    /// Its number.
    pub seq: i32,
    /// `MiscCode`.
    pub code: String,
    /// What is printed.
    pub description: String,
    /// Negative for a discount.
    pub amount: Money,
}

impl SalesOrders<'_> {
    /// What Kinetic holds under `order_num`; `None` if it holds no such order.
    ///
    /// # Errors
    /// The call's.
    pub async fn read_back(
        &self,
        order_num: OrderNum,
        deadline: Deadline,
    ) -> Result<Option<ReadBack>, KineticError> {
        let filter = Filter::equals("OrderNum", order_num.0);
        let header = self.door.read(HEADER, &filter, deadline).await?.read(header)?.pop();
        let Some(mut order) = header.filter(|order| order.order_num == order_num) else { return Ok(None) };
        order.lines =
            self.door.read_all(LINES, &filter, Key::Whole("OrderLine"), deadline).await?.read(line)?;
        let charges = self.door.read(CHARGES, &filter, deadline).await?;
        let charges = charges.read(|row| Ok((row.int("OrderNum")?, charge(row)?)))?;
        let own = charges.into_iter().filter(|(of, _)| *of == order_num.0);
        order.charges = own.map(|(_, charge)| charge).collect();
        order.charges.sort_by_key(|charge| charge.seq);
        Ok(Some(order))
    }
}

fn header(row: &Row) -> Result<ReadBack, ColumnError> {
    let money = |column| row.decimal(column).map(Money::new);
    let (charges, misc) = (money("DocTotalCharges")?, money("DocTotalMisc")?);
    let (discount, tax) = (money("DocTotalDiscount")?, money("DocTotalTax")?);
    let anchors: Result<Vec<_>, ColumnError> =
        Anchor::ALL.into_iter().map(|anchor| Ok((anchor, row.text(anchor.column())?))).collect();
    Ok(ReadBack {
        order_num: OrderNum(row.int("OrderNum")?),
        cust_num: CustNum(row.int("CustNum")?),
        anchors: anchors?,
        open: row.flag("OpenOrder")?,
        void: row.flag("VoidOrder")?,
        ready_to_calc: row.flag("ReadyToCalc")?,
        ready_to_fulfill: row.flag("ReadyToFulfill")?,
        order_held: row.flag("OrderHeld")?,
        currency: row.text("CurrencyCode")?,
        total_charges: charges,
        total_misc: misc,
        total_discount: discount,
        total_tax: tax,
        total: charges + misc - discount + tax,
        header: ReadHeader::of(row)?,
        lines: Vec::new(),
        charges: Vec::new(),
    })
}

fn line(row: &Row) -> Result<ReadLine, ColumnError> {
    Ok(ReadLine {
        order_line: row.int("OrderLine")?,
        part_num: row.text("PartNum")?,
        quantity: Quantity::new(row.decimal("SellingQuantity")?),
        unit_price: Money::new(row.decimal("DocUnitPrice")?),
        discount: Money::new(row.decimal("DocDiscount")?),
        reference: row.text("POLine")?,
        open: row.flag("OpenLine")?,
        void: row.flag("VoidLine")?,
        kit_component: row.text("KitFlag")? == "C",
    })
}

fn charge(row: &Row) -> Result<ReadCharge, ColumnError> {
    Ok(ReadCharge {
        seq: row.int("SeqNum")?,
        code: row.text("MiscCode")?,
        description: row.text("Description")?,
        amount: Money::new(row.decimal("DocMiscAmt")?),
    })
}
