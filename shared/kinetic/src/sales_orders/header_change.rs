//! A change of the header of an order that stands (§8.6).

use std::fmt;

use connector_domain::{Deadline, Text};
use connector_http::Safety;

use super::header::{one_time_texts, ship_to};
use super::save::not_saved;
use super::{OneTimeShipTo, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::Values;
use crate::profile::Method;
use crate::row::Row;

/// What is to change in a header; `None` leaves it. `Debug` names the fields and shows nothing personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HeaderChange {
    /// Where the goods go; its customer must allow it (§7.6).
    pub one_time: Option<OneTimeShipTo>,
    /// `TaxRegionCode`.
    pub tax_region: Option<Text<4>>,
    /// `ShipViaCode`.
    pub ship_via: Option<Text<4>>,
    /// `TermsCode`.
    pub terms: Option<Text<4>>,
    /// `OrderComment`.
    pub comment: Option<String>,
}

impl fmt::Debug for HeaderChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { one_time, comment, .. } = self;
        let hidden = one_time.iter().map(|_| "one_time").chain(comment.iter().map(|_| "comment"));
        let codes = self.codes().into_iter().filter_map(|(column, code)| Some((column, code?)));
        f.debug_set().entries(codes).entries(hidden).finish()
    }
}

impl HeaderChange {
    fn codes(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("ShipViaCode", self.ship_via.as_ref().map(Text::as_str)),
            ("TermsCode", self.terms.as_ref().map(Text::as_str)),
            ("TaxRegionCode", self.tax_region.as_ref().map(Text::as_str)),
        ]
    }

    /// Whether lines and releases have the same columns, which must follow: goods go where the release says, and taxes are the releases' (§8.6).
    const fn is_pushed(&self) -> bool {
        self.one_time.is_some() || self.ship_via.is_some() || self.tax_region.is_some()
    }

    /// What follows in a release.
    pub(super) fn pushed_texts(&self) -> Vec<(&'static str, &str)> {
        let address = self.one_time.iter().flat_map(one_time_texts);
        // Whom to ask for and by which number is not where the goods go.
        let mut texts: Vec<_> =
            address.filter(|(column, _)| !matches!(*column, "OTSContact" | "OTSPhoneNum")).collect();
        let codes = self.codes().into_iter().filter(|(column, _)| *column != "TermsCode");
        texts.extend(codes.filter_map(|(column, code)| Some((column, code?))));
        texts
    }

    /// The first column of a stored header that says something else.
    fn missed(&self, header: &Row) -> Option<&'static str> {
        let codes = self.codes().into_iter().filter_map(|(column, code)| Some((column, code?)));
        let comment = self.comment.iter().map(|comment| ("OrderComment", comment.as_str()));
        let address = self.one_time.iter().flat_map(one_time_texts);
        let mut texts = codes.chain(comment).chain(address);
        let text = texts.find(|(column, text)| !says(header, column, text)).map(|(column, _)| column);
        let one_time = self.one_time.as_ref();
        text.or(one_time.filter(|_| header.flag("UseOTS") != Ok(true)).map(|_| "UseOTS")).or(one_time
            .filter(|to| header.int("OTSCountryNum") != Ok(to.country_num))
            .map(|_| "OTSCountryNum"))
    }
}

/// Whether a column says a text. Blanks at its ends and the kind of its line ends are no difference: databases drop the ones (§3), and
/// servers change the others.
pub(super) fn says(row: &Row, column: &'static str, text: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    row.text(column).is_ok_and(|said| plain(&said) == plain(text))
}

impl SalesOrders<'_> {
    /// Changes the header. Address, shipping method and tax region are carried on to lines and releases (§8.6), so their rows are newer
    /// afterwards: open them again before they are changed. What changes nothing asks nothing.
    ///
    /// # Errors
    /// The call's: `kinetic.row_modified` (Conflict) where somebody changed the order meanwhile, or an answer to us was lost; open it
    /// again and look. [`KineticError::NotSaved`] where the header, or an open release that should have followed, says something else afterwards.
    pub async fn change_header(
        &self,
        order: OpenOrder,
        change: &HeaderChange,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        if *change == HeaderChange::default() {
            return Ok(order);
        }
        let mut order = self.with_one_time(order, change.one_time.as_ref(), deadline).await?;
        let header = &mut order.header;
        for (column, code) in change.codes() {
            if let Some(code) = code {
                header.set_text(column, code);
            }
        }
        if let (Some(region), Ok(true)) = (&change.tax_region, header.flag("UseOTS")) {
            header.set_text("OTSTaxRegionCode", region.as_str());
        }
        if let Some(comment) = &change.comment {
            header.set_text("OrderComment", comment);
        }
        if change.is_pushed() {
            header.set_flag("UpdateDtlAndRelRecords", true);
        }
        let mut order = self.save_header(order, change.is_pushed(), deadline).await?;
        if let Some(column) = change.missed(&order.header) {
            return Err(not_saved(format!("{column} did not stay as it was set")));
        }
        if change.is_pushed() {
            // It was an answer for this one save.
            order.header.set_flag("UpdateDtlAndRelRecords", false);
            self.reached(order.order_num, change, deadline).await?;
        }
        Ok(order)
    }

    /// Puts an address into the header before the other columns, which it may bring new defaults for.
    async fn with_one_time(
        &self,
        mut order: OpenOrder,
        to: Option<&OneTimeShipTo>,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        let Some(to) = to else { return Ok(order) };
        ship_to(&mut order.header, to);
        order.header.set_text("RowMod", "U");
        let method = Method::ChangeHedUseOTS;
        let reply = self.door.invoke(method, Values::new(), &order.fed(), Safety::Safe, deadline).await?;
        order.after(&reply)
    }
}
