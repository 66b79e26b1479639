//! Parts as the catalogue needs them (§5.1).

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::PricePer;
use crate::odata::read::Set;
use crate::odata::root::SysRevId;
use crate::row::{ColumnError, Row};

/// `PartSvc/Parts`, all columns that a rule of the catalogue may use.
pub(crate) const PARTS: Set = Set {
    label: "GET Erp.BO.PartSvc/Parts",
    path: "Erp.BO.PartSvc/Parts",
    columns: &[
        "PartNum",
        "PartDescription",
        "SearchWord",
        "TypeCode",
        "InActive",
        "RunOut",
        "OnHold",
        "NonStock",
        "QtyBearing",
        "WebPart",
        "ClassID",
        "ProdCode",
        "IUM",
        "SalesUM",
        "UOMClassID",
        "SellingFactor",
        "PricePerCode",
        "UnitPrice",
        "TaxCatID",
        "NetWeight",
        "NetWeightUOM",
        "GrossWeight",
        "GrossWeightUOM",
        "PartLength",
        "PartWidth",
        "PartHeight",
        "PartLengthWidthHeightUM",
        "CommercialBrand",
        "CommercialSubBrand",
        "CommercialCategory",
        "UPCCode1",
        "UPCCode2",
        "UPCCode3",
        "TrackLots",
        "TrackSerialNum",
        "IsConfigured",
        "ChangedOn",
        "SysRevID",
        "SysRowID",
    ],
};

/// `PartPlantSearchSvc/PartPlantSearches`: the part at a site.
pub(crate) const PLANTS: Set = Set {
    label: "GET Erp.BO.PartPlantSearchSvc/PartPlantSearches",
    path: "Erp.BO.PartPlantSearchSvc/PartPlantSearches",
    columns: &[
        "PartNum",
        "Plant",
        "PrimWhse",
        "SourceType",
        "NonStock",
        "QtyBearing",
        "BuyToOrder",
        "MinimumQty",
        "SafetyQty",
        "LeadTime",
        "SysRevID",
        "SysRowID",
    ],
};

/// A part with all that the catalogue's rules may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own in Kinetic")]
pub struct PartRow {
    /// As Kinetic spells it.
    pub part_num: String,
    /// What it is.
    pub description: String,
    /// An abbreviation to search by.
    pub search_word: String,
    /// `M` made, `P` bought, `K` sales kit, `B`.
    pub type_code: String,
    /// No longer used.
    pub inactive: bool,
    /// What is left is sold and no more is bought.
    pub run_out: bool,
    /// On hold, which is something else than inactive.
    pub on_hold: bool,
    /// Not kept in stock.
    pub non_stock: bool,
    /// Whether its quantity is counted at all.
    pub qty_bearing: bool,
    /// Whether it is meant for the web.
    pub web_part: bool,
    /// Its class.
    pub class_id: String,
    /// Its product group.
    pub prod_code: String,
    /// The unit that its stock is counted in.
    pub ium: String,
    /// The unit that it is sold in, which its price is for.
    pub sales_um: String,
    /// The class of its units.
    pub uom_class_id: String,
    /// Between the customer's unit and ours.
    pub selling_factor: Decimal,
    /// For how many its price is.
    pub price_per: PricePer,
    /// Its price in the company's currency, with up to five decimals.
    pub unit_price: Decimal,
    /// Its tax category.
    pub tax_cat_id: String,
    /// Its weight without packing.
    pub net_weight: Decimal,
    /// In which unit.
    pub net_weight_uom: String,
    /// Its weight with packing.
    pub gross_weight: Decimal,
    /// In which unit.
    pub gross_weight_uom: String,
    /// Its length.
    pub length: Decimal,
    /// Its width.
    pub width: Decimal,
    /// Its height.
    pub height: Decimal,
    /// The unit of the three.
    pub size_um: String,
    /// Its brand.
    pub brand: String,
    /// The brand below the brand.
    pub sub_brand: String,
    /// Its commercial category.
    pub category: String,
    /// Its bar codes in the older place; those of `PartPCs` are the newer.
    pub upc_codes: [String; 3],
    /// Whether lots are tracked.
    pub track_lots: bool,
    /// Whether serial numbers are tracked.
    pub track_serials: bool,
    /// Whether it is configured when it is ordered.
    pub is_configured: bool,
    /// When it was last changed, by the server's clock; `None` where that is not written, or not with a zone.
    pub changed_on: Option<Timestamp>,
    /// Its revision.
    pub revision: SysRevId,
    /// Its own id.
    pub row_id: String,
}

impl PartRow {
    pub(crate) fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            part_num: row.text("PartNum")?,
            description: row.text("PartDescription")?,
            search_word: row.text("SearchWord")?,
            type_code: row.text("TypeCode")?,
            inactive: row.flag("InActive")?,
            run_out: row.flag("RunOut")?,
            on_hold: row.flag("OnHold")?,
            non_stock: row.flag("NonStock")?,
            qty_bearing: row.flag("QtyBearing")?,
            web_part: row.flag("WebPart")?,
            class_id: row.text("ClassID")?,
            prod_code: row.text("ProdCode")?,
            ium: row.text("IUM")?,
            sales_um: row.text("SalesUM")?,
            uom_class_id: row.text("UOMClassID")?,
            selling_factor: row.decimal("SellingFactor")?,
            price_per: PricePer::of(row.text("PricePerCode")?),
            unit_price: row.decimal("UnitPrice")?,
            tax_cat_id: row.text("TaxCatID")?,
            net_weight: row.decimal("NetWeight")?,
            net_weight_uom: row.text("NetWeightUOM")?,
            gross_weight: row.decimal("GrossWeight")?,
            gross_weight_uom: row.text("GrossWeightUOM")?,
            length: row.decimal("PartLength")?,
            width: row.decimal("PartWidth")?,
            height: row.decimal("PartHeight")?,
            size_um: row.text("PartLengthWidthHeightUM")?,
            brand: row.text("CommercialBrand")?,
            sub_brand: row.text("CommercialSubBrand")?,
            category: row.text("CommercialCategory")?,
            upc_codes: [row.text("UPCCode1")?, row.text("UPCCode2")?, row.text("UPCCode3")?],
            track_lots: row.flag("TrackLots")?,
            track_serials: row.flag("TrackSerialNum")?,
            is_configured: row.flag("IsConfigured")?,
            changed_on: row.text("ChangedOn")?.parse().ok(),
            revision: SysRevId(row.long("SysRevID")?),
            row_id: row.text("SysRowID")?,
        })
    }
}

/// A part at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPlantRow {
    /// Which part.
    pub part_num: String,
    /// At which site.
    pub plant: String,
    /// Its first warehouse there.
    pub primary_warehouse: String,
    /// Where it comes from there: `M` made, `P` bought, `K` sales kit, `T` another site.
    pub source_type: String,
    /// Not kept in stock there.
    pub non_stock: bool,
    /// Whether its quantity is counted there.
    pub qty_bearing: bool,
    /// Bought only when it is ordered.
    pub buy_to_order: bool,
    /// The least that should be on hand.
    pub minimum: Decimal,
    /// The cushion beside it.
    pub safety: Decimal,
    /// How many days it takes to get.
    pub lead_time: i32,
    /// Its revision.
    pub revision: SysRevId,
    /// Its own id.
    pub row_id: String,
}

impl PartPlantRow {
    pub(crate) fn of(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            part_num: row.text("PartNum")?,
            plant: row.text("Plant")?,
            primary_warehouse: row.text("PrimWhse")?,
            source_type: row.text("SourceType")?,
            non_stock: row.flag("NonStock")?,
            qty_bearing: row.flag("QtyBearing")?,
            buy_to_order: row.flag("BuyToOrder")?,
            minimum: row.decimal("MinimumQty")?,
            safety: row.decimal("SafetyQty")?,
            lead_time: row.int("LeadTime")?,
            revision: SysRevId(row.long("SysRevID")?),
            row_id: row.text("SysRowID")?,
        })
    }
}
