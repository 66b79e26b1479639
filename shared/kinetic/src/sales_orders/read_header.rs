//! What a header says about delivery and payment, as it is read back.

use std::fmt;

use crate::row::{ColumnError, Row};

/// Terms and destination of an order as Kinetic holds them. `Debug` shows codes and nothing personal.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ReadHeader {
    /// `ShipViaCode`.
    pub ship_via: String,
    /// `TermsCode`.
    pub terms: String,
    /// `TaxRegionCode`.
    pub tax_region: String,
    /// `OrderComment`.
    pub comment: String,
    /// The one-time ship-to; `None` where the goods go to a ship-to of the customer (`UseOTS`).
    pub one_time: Option<ReadShipTo>,
}

impl fmt::Debug for ReadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadHeader")
            .field("ship_via", &self.ship_via)
            .field("terms", &self.terms)
            .field("tax_region", &self.tax_region)
            .field("one_time", &self.one_time)
            .finish_non_exhaustive()
    }
}

/// A one-time ship-to as Kinetic holds it (§7.6). `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ReadShipTo {
    /// Whose.
    pub name: String,
    /// The street.
    pub address1: String,
    /// More of it.
    pub address2: String,
    /// More of it.
    pub address3: String,
    /// The city.
    pub city: String,
    /// The state or province.
    pub state: String,
    /// The postal code.
    pub zip: String,
    /// Whom to ask for.
    pub contact: String,
    /// The telephone number.
    pub phone: String,
    /// `Country.CountryNum`, not a code.
    pub country_num: i32,
}

impl fmt::Debug for ReadShipTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadShipTo(…)")
    }
}

impl ReadHeader {
    pub(super) fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            ship_via: row.text("ShipViaCode")?,
            terms: row.text("TermsCode")?,
            tax_region: row.text("TaxRegionCode")?,
            comment: row.text("OrderComment")?,
            one_time: if row.flag("UseOTS")? { Some(ReadShipTo::of(row)?) } else { None },
        })
    }
}

impl ReadShipTo {
    fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            name: row.text("OTSName")?,
            address1: row.text("OTSAddress1")?,
            address2: row.text("OTSAddress2")?,
            address3: row.text("OTSAddress3")?,
            city: row.text("OTSCity")?,
            state: row.text("OTSState")?,
            zip: row.text("OTSZIP")?,
            contact: row.text("OTSContact")?,
            phone: row.text("OTSPhoneNum")?,
            country_num: row.int("OTSCountryNum")?,
        })
    }
}
