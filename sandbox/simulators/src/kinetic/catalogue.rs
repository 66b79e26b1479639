//! Parts, stock and price lists: how they are stored, and what the business object fills in when they are read
//! (`docs/facts/kinetic.md` §5 and §6).

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{
    catalogue_seed::{ListPart, PriceBreak, PriceList, Stock, Warehouse},
    company::Company,
    row::Row,
    schema,
    seed::{KineticSeed, Part},
    tables::{self, KeyPart},
};

/// The table that a set's rows are made of.
pub(crate) fn source(table: &str) -> &str {
    if table == "PartWhseSearch" { "PartWhse" } else { table }
}

impl Company {
    /// A stored row as a set of `table` answers it.
    pub(crate) fn filled<'a>(&self, table: &str, row: &'a Row) -> Cow<'a, Row> {
        let mut row = match (table, row.table()) {
            ("PartWhseSearch", "PartWhse") => found_stock(row),
            (_, "PartWhse" | "PriceLstParts" | "PLPartBrk") => row.clone(),
            _ => return Cow::Borrowed(row),
        };
        if let Some(warehouse) = self.find("Warehse", "WarehouseCode", row.text("WarehouseCode")) {
            let name = if table == "PartWhse" { "WarehouseDescription" } else { "WarehouseCodeDescription" };
            row.copy("Plant", warehouse, "Plant");
            row.copy(name, warehouse, "Description");
        }
        if let Some(list) = self.find("PriceLst", "ListCode", row.text("ListCode")) {
            row.copy("CurrencyCode", list, "CurrencyCode");
            row.copy("ListCodeListDescription", list, "ListDescription");
        }
        if table != "PartWhseSearch"
            && let Some(part) = self.find("Part", "PartNum", row.text("PartNum"))
        {
            for (column, source) in [
                ("PartNumPartDescription", "PartDescription"),
                ("PartNumIUM", "IUM"),
                ("PartNumSalesUM", "SalesUM"),
                ("PartNumPricePerCode", "PricePerCode"),
                ("PartNumSellingFactor", "SellingFactor"),
            ] {
                row.copy(column, part, source);
            }
        }
        Cow::Owned(row)
    }

    pub(super) fn fill_warehouses(&mut self, seed: &KineticSeed) {
        for warehouse in &seed.warehouses {
            self.add_warehouse(warehouse);
        }
        for (plant, code) in self.config.plants.clone() {
            if self.find("Warehse", "WarehouseCode", &code).is_none() {
                let (description, kind) = (code.clone(), "Stock".to_owned());
                self.add_warehouse(&Warehouse { code, plant, description, kind, hold: false });
            }
        }
    }

    pub(crate) fn add_warehouse(&mut self, warehouse: &Warehouse) {
        let row = Row::new("Warehse")
            .with("WarehouseCode", warehouse.code.as_str())
            .with("Plant", warehouse.plant.as_str())
            .with("Description", warehouse.description.as_str())
            .with("WarehouseType", warehouse.kind.as_str())
            .with("IsHoldWarehouse", warehouse.hold);
        self.store(row);
    }

    pub(crate) fn add_part(&mut self, part: &Part) {
        let ium = part.ium.as_ref().unwrap_or(&part.sales_um);
        let row = Row::new("Part")
            .with("PartNum", part.part_num.as_str())
            .with("PartDescription", part.description.as_str())
            .with("SearchWord", part.description.chars().take(8).collect::<String>())
            .with("UnitPrice", part.unit_price)
            .with("PricePerCode", part.price_per_code.as_str())
            .with("IUM", ium.as_str())
            .with("SalesUM", part.sales_um.as_str())
            .with("PUM", ium.as_str())
            .with("SellingFactor", part.selling_factor)
            .with("InActive", part.inactive)
            .with("OnHold", part.on_hold)
            .with("RunOut", part.run_out)
            .with("TypeCode", part.type_code.as_str())
            .with("NonStock", part.non_stock)
            .with("QtyBearing", true)
            .with("WebPart", part.web_part)
            .with("ClassID", part.class_id.as_str())
            .with("ProdCode", part.prod_code.as_str())
            .with("TaxCatID", "TAX");
        self.store(row);
        let part_num = part.part_num.as_str();
        if let Some((plant, warehouse)) = self.config.plants.first().cloned() {
            let row = Row::new("PartPlant").with("PartNum", part_num).with("Plant", plant);
            self.store(
                row.with("PrimWhse", warehouse).with("NonStock", part.non_stock).with("QtyBearing", true),
            );
        }
        self.add_uom(part_num, ium, Decimal::ONE);
        if *ium != part.sales_um {
            let factor = Decimal::ONE.checked_div(part.selling_factor).unwrap_or(Decimal::ONE);
            self.add_uom(part_num, &part.sales_um, factor);
        }
        for uom in &part.uoms {
            self.add_uom(part_num, &uom.code, uom.factor);
        }
        for code in &part.codes {
            let row = Row::new("PartPC").with("PartNum", part_num).with("PCType", code.kind.as_str());
            self.store(row.with("ProdCode", code.code.as_str()).with("UOMCode", code.uom.as_str()));
        }
    }

    fn add_uom(&mut self, part_num: &str, code: &str, factor: Decimal) {
        let row = Row::new("PartUOM").with("PartNum", part_num).with("UOMCode", code).with("Active", true);
        self.store(row.with("ConvFactor", factor).with("ConvOperator", "*"));
    }

    pub(crate) fn add_stock(&mut self, stock: &Stock) {
        let row = Row::new("PartWhse").with("PartNum", stock.part_num.as_str());
        let row = row.with("WarehouseCode", stock.warehouse.as_str());
        self.store(row.with("OnHandQty", stock.on_hand));
    }

    pub(crate) fn add_price_list(&mut self, list: &PriceList) {
        let currency = list.currency.clone().unwrap_or_else(|| self.config.base_currency().to_owned());
        let mut row = Row::new("PriceLst")
            .with("ListCode", list.code.as_str())
            .with("ListDescription", list.description.as_str())
            .with("CurrencyCode", currency)
            .with("ListType", list.kind.as_str());
        for (column, date) in [("StartDate", list.starts), ("EndDate", list.ends)] {
            if let Some(date) = date {
                row.set(column, date);
            }
        }
        self.store(row);
        list.parts.iter().for_each(|part| self.add_list_part(&list.code, part));
    }

    pub(crate) fn add_list_part(&mut self, list_code: &str, part: &ListPart) {
        let uom = part.uom.clone().unwrap_or_else(|| self.sales_um(&part.part_num));
        let named = |table: &str| {
            let row = Row::new(table).with("ListCode", list_code).with("PartNum", part.part_num.as_str());
            row.with("UOMCode", uom.as_str())
        };
        self.store(named("PriceLstParts").with("BasePrice", part.base_price));
        for PriceBreak { quantity, unit_price, percent } in &part.breaks {
            let row = named("PLPartBrk").with("Quantity", *quantity).with("UnitPrice", *unit_price);
            self.store(row.with("DiscountPercent", *percent));
        }
    }

    /// The unit in which a part is sold; blank if there is none.
    pub(crate) fn sales_um(&self, part_num: &str) -> String {
        let key = tables::key(&Row::new("Part").with("PartNum", part_num));
        self.written("Part", &key).map_or_else(String::new, |part| part.text("SalesUM").to_owned())
    }

    /// The stock row of a part in a warehouse.
    pub(crate) fn stock(&self, part_num: &str, warehouse: &str) -> Option<&Row> {
        self.tables().of("PartWhse").get(&[part_num, warehouse].map(|text| KeyPart::of(&text.into())))
    }
}

/// The row of a search, which has fewer columns and some under other names.
fn found_stock(stored: &Row) -> Row {
    let mut row = Row::new("PartWhseSearch");
    for (column, known) in schema::table("PartWhseSearch") {
        if known.stored {
            row.copy(column, stored, column);
        }
    }
    for (column, source) in [
        ("AllocQty", "AllocatedQty"),
        ("SalesAllocQty", "SalesAllocatedQty"),
        ("JobAllocQty", "JobAllocatedQty"),
    ] {
        row.copy(column, stored, source);
    }
    row
}
