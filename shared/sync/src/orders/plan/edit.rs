//! The classes of edits, and what each means once goods have left.

/// What the shop changed. Told apart because each has another consequence after a shipment; `docs/edits.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named by `name`")]
pub enum Edit {
    Address,
    Comment,
    ShipVia,
    Terms,
    TaxRegion,
    Part,
    Quantity,
    Price,
    AddedLine,
    RemovedLine,
    Charge,
}

impl Edit {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Address,
        Self::Comment,
        Self::ShipVia,
        Self::Terms,
        Self::TaxRegion,
        Self::Part,
        Self::Quantity,
        Self::Price,
        Self::AddedLine,
        Self::RemovedLine,
        Self::Charge,
    ];

    /// How people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Comment => "comment",
            Self::ShipVia => "shipping method",
            Self::Terms => "payment terms",
            Self::TaxRegion => "tax region",
            Self::Part => "another part on a line",
            Self::Quantity => "quantity",
            Self::Price => "price or discount",
            Self::AddedLine => "line added",
            Self::RemovedLine => "line removed",
            Self::Charge => "charge",
        }
    }

    /// What it means, and what to do, once something of the order has left.
    pub const fn after_shipment(self) -> &'static str {
        match self {
            Self::Address => {
                "what has left went to the old address: redirect it with the carrier, and change the rest in Kinetic"
            }
            Self::Comment => "the packing slip was printed without it: tell the warehouse",
            Self::ShipVia => "what has left went by the old method: change the rest in Kinetic",
            Self::Terms => "an invoice may be out under the old terms: correct it in Kinetic",
            Self::TaxRegion => "an invoice may be out with the old tax: correct it in Kinetic",
            Self::Part => "the old part may have left: take it back, and add the new one in Kinetic",
            Self::Quantity => {
                "the old quantity may have left: ship more, or take some back, and change the line in Kinetic"
            }
            Self::Price => "an invoice may be out at the old price: credit or bill the difference",
            Self::AddedLine => {
                "it would miss the shipment: add it in Kinetic, or enter it as an order of its own"
            }
            Self::RemovedLine => "its goods may have left: take them back, or close the line in Kinetic",
            Self::Charge => "an invoice may be out with the old charge: credit or bill the difference",
        }
    }
}
