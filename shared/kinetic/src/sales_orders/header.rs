//! A new header (§8.4, steps 1 to 4).

use connector_domain::{CustNum, Deadline};
use connector_http::Safety;

use super::draft::Drafted;
use super::{Draft, NewHeader, OneTimeShipTo, SalesOrders};
use crate::dataset::Fed;
use crate::error::KineticError;
use crate::invoke::{Values, value};
use crate::profile::Method;
use crate::row::Row;

impl SalesOrders<'_> {
    /// Drafts a header: new row, customer with all defaults, our fields, one-time ship-to. Saves nothing and takes no number.
    ///
    /// The reference goes into the very first save, or a lost answer could never be found (§9).
    ///
    /// # Errors
    /// The call's; [`KineticError::NotSaved`] where the reference does not fit its column or the customer was not taken.
    pub async fn draft_header(&self, new: &NewHeader, deadline: Deadline) -> Result<Draft, KineticError> {
        let width = new.external_ref.as_str().encode_utf16().count();
        if width > new.anchor.length() {
            let column = new.anchor.column();
            let words =
                format!("{} is longer than {column} holds ({})", new.external_ref, new.anchor.length());
            return Err(KineticError::NotSaved { method: Method::GetNewOrderHed, words });
        }
        let door = self.door;
        let reply = door
            .invoke(Method::GetNewOrderHed, Values::new(), &Fed::default(), Safety::Safe, deadline)
            .await?;
        let draft = Draft::begun(Drafted::Header(CustNum(0)), &reply)?;

        let method = Method::ChangeOrderHedCustomerCustID;
        let values = value(Values::new(), "proposedCustomerCustID", new.cust_id.as_str());
        let reply = door.invoke(method, values, &draft.fed(), Safety::Safe, deadline).await?;
        let mut draft = draft.changed(&reply)?;
        draft.warn(reply.text("creditLimitMessage"));
        draft.warn(reply.text("agingMessage"));
        let cust_num = draft.row.int("CustNum").map_err(|error| reply.column("OrderHed", error))?;
        if cust_num <= 0 {
            let words = format!("customer {} was not taken into the header", new.cust_id);
            return Err(KineticError::NotSaved { method, words });
        }
        draft.of = Drafted::Header(CustNum(cust_num));

        fill(&mut draft.row, new);
        let Some(to) = &new.one_time else { return Ok(draft) };
        ship_to(&mut draft.row, to);
        if let Some(region) = &new.tax_region {
            draft.row.set_text("OTSTaxRegionCode", region.as_str());
        }
        let reply =
            door.invoke(Method::ChangeHedUseOTS, Values::new(), &draft.fed(), Safety::Safe, deadline).await?;
        draft.changed(&reply)
    }
}

fn fill(row: &mut Row, new: &NewHeader) {
    row.set_text(new.anchor.column(), new.external_ref.as_str());
    row.set_date("OrderDate", new.order_date);
    row.set_date("RequestDate", new.request_date);
    row.set_date("NeedByDate", new.need_by);
    row.set_text("OrderComment", &new.comment);
    for (column, code) in [
        ("ShipViaCode", new.ship_via.as_ref()),
        ("TermsCode", new.terms.as_ref()),
        ("TaxRegionCode", new.tax_region.as_ref()),
    ] {
        if let Some(code) = code {
            row.set_text(column, code.as_str());
        }
    }
    if new.staged {
        // `OrderHeld` alone stops no shipment; `ReadyToFulfill` keeps the order out of the fulfilment workbench (§8.6).
        row.set_flag("ReadyToCalc", false);
        row.set_flag("ReadyToFulfill", false);
        row.set_flag("OrderHeld", true);
    }
}

/// The texts of a one-time ship-to by column.
pub(super) fn one_time_texts(to: &OneTimeShipTo) -> [(&'static str, &str); 9] {
    [
        ("OTSName", to.name.as_str()),
        ("OTSAddress1", to.address1.as_str()),
        ("OTSAddress2", to.address2.as_str()),
        ("OTSAddress3", to.address3.as_str()),
        ("OTSCity", to.city.as_str()),
        ("OTSState", to.state.as_str()),
        ("OTSZIP", to.zip.as_str()),
        ("OTSContact", to.contact.as_str()),
        ("OTSPhoneNum", to.phone.as_str()),
    ]
}

/// The address before or together with the flag: `UseOTS` is only valid with a name (§7.6).
pub(super) fn ship_to(row: &mut Row, to: &OneTimeShipTo) {
    for (column, text) in one_time_texts(to) {
        row.set_text(column, text);
    }
    // Kept with this order only, not as a ship-to of the customer.
    row.set_text("OTSSaveAs", "");
    row.set_int("OTSCountryNum", to.country_num);
    row.set_flag("UseOTS", true);
}
