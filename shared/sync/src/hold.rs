//! Why a person must look at an order.

use std::fmt;

/// An order that stays where it is until a person has looked, and what to tell that person.
///
/// Nothing personal stands in it: it goes to the ledger, the audit and the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The cause, from a closed list, so that all orders held for one cause can be found.
    pub reason: HoldReason,
    /// What it is about (the unknown SKU, say), so that its arrival can set the order going.
    pub subject: Option<String>,
    /// One sentence for the operations desk: what is wrong and what to do.
    pub words: String,
}

impl Hold {
    /// A hold that is about nothing in particular.
    pub fn because(reason: HoldReason, words: impl Into<String>) -> Self {
        Self { reason, subject: None, words: words.into() }
    }

    /// A hold about `subject`; about nothing in particular if that is empty, because the ledger keeps an index of subjects.
    pub fn about(reason: HoldReason, subject: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            reason,
            subject: Some(subject.into()).filter(|subject| !subject.is_empty()),
            words: words.into(),
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.words)
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// The closed list of causes. The code is what the ledger stores and people filter by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum HoldReason { $($(#[$doc])* $name),* }

        impl HoldReason {
            /// Every cause, for the documentation and its test.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

reasons! {
    /// A line's SKU has no part in Kinetic.
    UnknownPart = "unknown_part",
    /// The part is inactive or on hold in Kinetic.
    PartNotSaleable = "part_not_saleable",
    /// A line without a SKU, or a gift certificate: nothing that Kinetic could ship.
    LineWithoutSku = "line_without_sku",
    /// The ship-to country has no number in the rules.
    UnknownCountry = "unknown_country",
    /// Goods for several addresses in one order.
    SeveralShipTos = "several_ship_tos",
    /// No name, or no address, to ship to.
    AddressIncomplete = "address_incomplete",
    /// Not the currency of the rules.
    ForeignCurrency = "foreign_currency",
    /// A charge whose kind has no miscellaneous code in the rules.
    ChargeWithoutCode = "charge_without_code",
    /// The shop's own figures do not add up.
    ShopTotalsDiffer = "shop_totals_differ",
    /// Kinetic arrives at another total than the shop.
    TotalsDiffer = "totals_differ",
    /// Kinetic holds other lines or charges than those that were written.
    ReadBackDiffers = "read_back_differs",
    /// The shop's order could not be read completely.
    IncompleteReading = "incomplete_reading",
    /// The status needs a person, by rule.
    StatusNeedsPerson = "status_needs_person",
    /// The shop's order does not exist (any more).
    MissingInShop = "missing_in_shop",
    /// Several Kinetic orders bear the reference.
    SeveralOrders = "several_orders",
    /// The order was voided in Kinetic.
    VoidedInKinetic = "voided_in_kinetic",
    /// The order was deleted in Kinetic.
    VanishedFromKinetic = "vanished_from_kinetic",
    /// Changed in the shop after a person keyed it.
    EditedAfterImport = "edited_after_import",
    /// Changed in the shop after something of it had left.
    EditedAfterShipment = "edited_after_shipment",
    /// The shop and a person in Kinetic changed the same thing, differently.
    ChangedOnBothSides = "changed_on_both_sides",
    /// The shop moved the order to another customer.
    CustomerChanged = "customer_changed",
    /// Cancelled in the shop, and open in Kinetic as an order that is not ours to close.
    CancelledAfterImport = "cancelled_after_import",
    /// Cancelled in the shop after something of it had left.
    CancelledAfterShipment = "cancelled_after_shipment",
    /// Refunded or disputed in the shop after it was imported.
    RefundedAfterImport = "refunded_after_import",
    /// Archived in the shop while Kinetic still means to ship it.
    ArchivedAfterImport = "archived_after_import",
    /// Shipped by the shop's word, while nothing has left by Kinetic's.
    ShippedInShopFirst = "shipped_in_shop_first",
    /// The house account for guests does not exist.
    HouseAccountMissing = "house_account_missing",
    /// Several customers match one shopper.
    SeveralCustomers = "several_customers",
    /// The customer found may not have orders, or no one-time ship-to.
    CustomerNotUsable = "customer_not_usable",
    /// No customer matches, and the rules say not to create one.
    CustomerMissing = "customer_missing",
    /// The customer to be looks like one there is, and the rules say to ask.
    LookAlikeCustomer = "look_alike_customer",
    /// Kinetic warns of the customer's credit, and the rules say to hold.
    CreditHold = "credit_hold",
    /// Kinetic answered with a question or did not save.
    NotSaved = "not_saved",
    /// Kinetic refused by a business rule.
    KineticRefused = "kinetic_refused",
    /// BigCommerce refused a request of ours.
    ShopRefused = "shop_refused",
    /// It failed too often in a way that waiting did not mend.
    GaveUp = "gave_up",
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests;
