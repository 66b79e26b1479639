//! Finding many orders by the shop's references at once (§9).

use std::collections::BTreeSet;

use connector_domain::{Deadline, ExternalRef, Money, OrderNum};

use super::{Anchor, SalesOrders};
use crate::error::KineticError;
use crate::odata::read::{Key, Set, page_call};
use crate::odata::{Filter, batches};
use crate::row::{ColumnError, Row};

const ORDER_NUM: &str = "OrderNum";

/// An order that bears one of the references that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The reference, exactly as it was asked for.
    pub reference: String,
    /// The order's number.
    pub order_num: OrderNum,
    /// Closed before anything was shipped.
    pub void: bool,
    /// Charges + miscellaneous − discount + tax (§8.3).
    pub total: Money,
}

impl SalesOrders<'_> {
    /// Every order that bears one of `references` in the column `anchor`, voided ones too, in batches of `or` terms; by number.
    ///
    /// SQL Server ignores case and trailing blanks, so what it finds is compared again here, exactly (§3).
    ///
    /// # Errors
    /// The call's.
    pub async fn by_references(
        &self,
        references: &[ExternalRef],
        anchor: Anchor,
        deadline: Deadline,
    ) -> Result<Vec<Bearer>, KineticError> {
        let wanted: BTreeSet<&str> = references.iter().map(ExternalRef::as_str).collect();
        let asked: Vec<&str> = wanted.iter().copied().collect();
        let mut bearers = Vec::new();
        let second_page = |batch: &[&str]| {
            let filter = any_of(batch, anchor).and(Filter::above(ORDER_NUM, i32::MAX));
            page_call(orders(anchor), &filter, Some(ORDER_NUM))
        };
        for batch in batches(&asked, self.door, second_page) {
            let filter = any_of(batch, anchor);
            let rows = self.door.read_all(orders(anchor), &filter, Key::Whole(ORDER_NUM), deadline).await?;
            let found = rows.read(|row| bearer(row, anchor))?;
            bearers.extend(found.into_iter().filter(|bearer| batch.contains(&bearer.reference.as_str())));
        }
        bearers.sort_by_key(|bearer| bearer.order_num);
        Ok(bearers)
    }
}

/// The header, flat. Totals are those that are stored; `DocTotalOrder` is filled in by the server only (§3).
const fn orders(anchor: Anchor) -> Set {
    let columns: &[&str] = match anchor {
        Anchor::PONum => const { &columns(Anchor::PONum) },
        Anchor::ECCOrderNum => const { &columns(Anchor::ECCOrderNum) },
        Anchor::ECCPONum => const { &columns(Anchor::ECCPONum) },
        Anchor::UserChar1 => const { &columns(Anchor::UserChar1) },
    };
    Set { label: "GET Erp.BO.SalesOrderSvc/SalesOrders", path: "Erp.BO.SalesOrderSvc/SalesOrders", columns }
}

const fn columns(anchor: Anchor) -> [&'static str; 7] {
    [
        ORDER_NUM,
        anchor.column(),
        "VoidOrder",
        "DocTotalCharges",
        "DocTotalMisc",
        "DocTotalDiscount",
        "DocTotalTax",
    ]
}

fn any_of(references: &[&str], anchor: Anchor) -> Filter {
    match references {
        [one] => Filter::equals(anchor.column(), *one),
        several => Filter::Any(several.iter().map(|one| Filter::equals(anchor.column(), *one)).collect()),
    }
}

fn bearer(row: &Row, anchor: Anchor) -> Result<Bearer, ColumnError> {
    let money = |column| row.decimal(column).map(Money::new);
    let (charges, misc) = (money("DocTotalCharges")?, money("DocTotalMisc")?);
    let (discount, tax) = (money("DocTotalDiscount")?, money("DocTotalTax")?);
    Ok(Bearer {
        reference: row.text(anchor.column())?,
        order_num: OrderNum(row.int(ORDER_NUM)?),
        void: row.flag("VoidOrder")?,
        total: charges + misc - discount + tax,
    })
}
