//! Where the shop's reference stands in an order.

/// The column of `OrderHed` that holds the shop's reference (§9). None is unique by itself.
///
/// `PONum` is indexed, but a business customer may need it for its own number; the `ECC…` columns are free unless Commerce Connect is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the name of its column")]
pub enum Anchor {
    PONum,
    ECCOrderNum,
    ECCPONum,
    UserChar1,
}

impl Anchor {
    /// Every column that may be chosen.
    pub const ALL: [Self; 4] = [Self::PONum, Self::ECCOrderNum, Self::ECCPONum, Self::UserChar1];

    /// The column's name.
    pub const fn column(self) -> &'static str {
        match self {
            Self::PONum => "PONum",
            Self::ECCOrderNum => "ECCOrderNum",
            Self::ECCPONum => "ECCPONum",
            Self::UserChar1 => "UserChar1",
        }
    }

    /// The column's length in UTF-16 code units (§8.3).
    pub const fn length(self) -> usize {
        match self {
            Self::PONum | Self::ECCOrderNum => 50,
            Self::ECCPONum => 255,
            Self::UserChar1 => 30,
        }
    }
}
