//! Which codes a company knows: what the rules of a connection name must exist there.

use std::collections::BTreeSet;

use connector_domain::Deadline;

use crate::error::KineticError;
use crate::invoke::Door;
use crate::odata::read::{Key, Set};
use crate::odata::{Filter, Literal};

/// A table of codes (§1.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeTable {
    /// `MiscChrgSvc/MiscChrgs`, by `MiscCode`.
    MiscCharges,
    /// `TermsSvc/Terms`, by `TermsCode`.
    Terms,
    /// `ShipViaSvc/ShipVias`, by `ShipViaCode`.
    ShipVias,
    /// `TaxRgnSvc/TaxRgns`, by `TaxRegionCode`.
    TaxRegions,
    /// `PlantSvc/Plants`, by `Plant1`, which is how the set spells the key.
    Plants,
    /// `CountrySvc/Countries`, by `CountryNum`.
    Countries,
}

impl CodeTable {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::MiscCharges, Self::Terms, Self::ShipVias, Self::TaxRegions, Self::Plants, Self::Countries];

    const fn set(self) -> Set {
        let (label, path, columns): (_, _, &'static [&'static str]) = match self {
            Self::MiscCharges => {
                ("GET Erp.BO.MiscChrgSvc/MiscChrgs", "Erp.BO.MiscChrgSvc/MiscChrgs", &["MiscCode"])
            }
            Self::Terms => ("GET Erp.BO.TermsSvc/Terms", "Erp.BO.TermsSvc/Terms", &["TermsCode"]),
            Self::ShipVias => {
                ("GET Erp.BO.ShipViaSvc/ShipVias", "Erp.BO.ShipViaSvc/ShipVias", &["ShipViaCode"])
            }
            Self::TaxRegions => {
                ("GET Erp.BO.TaxRgnSvc/TaxRgns", "Erp.BO.TaxRgnSvc/TaxRgns", &["TaxRegionCode"])
            }
            Self::Plants => ("GET Erp.BO.PlantSvc/Plants", "Erp.BO.PlantSvc/Plants", &["Plant1"]),
            Self::Countries => {
                ("GET Erp.BO.CountrySvc/Countries", "Erp.BO.CountrySvc/Countries", &["CountryNum"])
            }
        };
        Set { label, path, columns }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::MiscCharges => "MiscCode",
            Self::Terms => "TermsCode",
            Self::ShipVias => "ShipViaCode",
            Self::TaxRegions => "TaxRegionCode",
            Self::Plants => "Plant1",
            Self::Countries => "CountryNum",
        }
    }

    const fn key(self) -> Key {
        match self {
            Self::Countries => Key::Whole(self.column()),
            Self::MiscCharges | Self::Terms | Self::ShipVias | Self::TaxRegions | Self::Plants => {
                Key::Text(self.column())
            }
        }
    }

    /// A code as it stands in a filter; `None` if it can be none of this table.
    fn literal(self, code: &str) -> Option<Literal> {
        match self {
            Self::Countries => code.parse::<i32>().ok().map(Literal::from),
            Self::MiscCharges | Self::Terms | Self::ShipVias | Self::TaxRegions | Self::Plants => {
                Some(Literal::Text(code.to_owned()))
            }
        }
    }
}

/// The codes of one company.
#[derive(Debug, Clone, Copy)]
pub struct Codes<'a> {
    door: &'a Door,
}

impl<'a> Codes<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }

    /// Those of `codes` that `table` does not have. Compared without case and trailing blanks, which is how SQL Server finds them (§3).
    ///
    /// # Errors
    /// The call's.
    pub async fn missing(
        &self,
        table: CodeTable,
        codes: &BTreeSet<String>,
        deadline: Deadline,
    ) -> Result<BTreeSet<String>, KineticError> {
        let wanted: Vec<_> = codes.iter().filter_map(|code| table.literal(code)).collect();
        let mut found = BTreeSet::new();
        for batch in wanted.chunks(self.door.or_terms) {
            let equals = |code: &Literal| Filter::Equals(table.column(), code.clone());
            let filter = match batch {
                [one] => equals(one),
                several => Filter::Any(several.iter().map(equals).collect()),
            };
            let rows = self.door.read_all(table.set(), &filter, table.key(), deadline).await?;
            let read = rows.read(|row| match table {
                CodeTable::Countries => row.int(table.column()).map(|number| number.to_string()),
                CodeTable::MiscCharges
                | CodeTable::Terms
                | CodeTable::ShipVias
                | CodeTable::TaxRegions
                | CodeTable::Plants => row.text(table.column()),
            });
            found.extend(read?.iter().map(|code| folded(code)));
        }
        Ok(codes.iter().filter(|code| !found.contains(&folded(code))).cloned().collect())
    }
}

fn folded(code: &str) -> String {
    code.trim_end().to_lowercase()
}
