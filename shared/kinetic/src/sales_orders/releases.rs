//! What the releases of an order say, read flat (§3, §10).

use connector_domain::{Deadline, OrderNum};
use rust_decimal::Decimal;

use super::header_change::says;
use super::save::not_saved;
use super::{HeaderChange, SalesOrders};
use crate::error::KineticError;
use crate::odata::Filter;
use crate::odata::read::{Key, Set};

const LABEL: &str = "GET Erp.BO.OrderRelSearchSvc/OrderRelSearches";
const PATH: &str = "Erp.BO.OrderRelSearchSvc/OrderRelSearches";

/// Pages go by `SysRevID`, the one column that tells the releases of an order apart; one that changes meanwhile comes again (§4.3).
const KEY: Key = Key::Long("SysRevID");

/// How much of each release has left.
const SHIPPED: Set = Set {
    label: LABEL,
    path: PATH,
    columns: &["OrderNum", "OrderLine", "OrderRelNum", "OurStockShippedQty", "OurJobShippedQty", "SysRevID"],
};

/// Where each release goes.
const DESTINATIONS: Set = Set {
    label: LABEL,
    path: PATH,
    columns: &[
        "OrderNum",
        "OrderLine",
        "OrderRelNum",
        "OpenRelease",
        "ShipViaCode",
        "TaxRegionCode",
        "UseOTS",
        "OTSName",
        "OTSAddress1",
        "OTSAddress2",
        "OTSAddress3",
        "OTSCity",
        "OTSState",
        "OTSZIP",
        "SysRevID",
    ],
};

impl SalesOrders<'_> {
    /// Whether anything of the order was shipped: from stock or from a job, as its releases say (§10).
    ///
    /// # Errors
    /// The call's.
    pub async fn shipped(&self, order_num: OrderNum, deadline: Deadline) -> Result<bool, KineticError> {
        let filter = Filter::equals("OrderNum", order_num.0);
        let rows = self.door.read_all(SHIPPED, &filter, KEY, deadline).await?;
        let quantities = rows.read(|row| {
            let shipped = row.decimal("OurStockShippedQty")? + row.decimal("OurJobShippedQty")?;
            Ok((row.int("OrderNum")?, shipped))
        })?;
        Ok(quantities.into_iter().any(|(of, shipped)| of == order_num.0 && shipped > Decimal::ZERO))
    }

    /// Whether the open releases followed a change of the header. Goods go where the release says, so the header alone proves nothing.
    ///
    /// # Errors
    /// The call's; [`KineticError::NotSaved`] naming the first release that did not follow.
    pub(super) async fn reached(
        &self,
        order_num: OrderNum,
        change: &HeaderChange,
        deadline: Deadline,
    ) -> Result<(), KineticError> {
        let filter = Filter::equals("OrderNum", order_num.0);
        let rows = self.door.read_all(DESTINATIONS, &filter, KEY, deadline).await?;
        let left_behind = rows.read(|row| {
            let open = row.int("OrderNum")? == order_num.0 && row.flag("OpenRelease")?;
            let elsewhere = change.one_time.is_some() && !row.flag("UseOTS")?;
            let mut texts = change.pushed_texts().into_iter();
            let missed = texts.find(|(column, text)| !says(row, column, text)).map(|(column, _)| column);
            let missed = missed.or(elsewhere.then_some("UseOTS")).filter(|_| open);
            Ok((row.int("OrderLine")?, row.int("OrderRelNum")?, missed))
        })?;
        let first =
            left_behind.into_iter().find_map(|(line, release, missed)| Some((line, release, missed?)));
        let Some((line, release, column)) = first else { return Ok(()) };
        Err(not_saved(format!("release {release} of line {line} did not follow: it has another {column}")))
    }
}
