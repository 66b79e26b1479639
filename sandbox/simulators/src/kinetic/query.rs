//! BAQs: queries that a site's people have written and shared, read over `BaqSvc` (`docs/facts/kinetic.md` §1.14).

use super::schema::{Column, Kind, Table, table};

/// A query over one table.
#[derive(Debug, Clone)]
pub struct Query {
    /// Its id, which is also its place in the path.
    pub id: String,
    /// The table.
    pub table: String,
    /// Columns of the database's table, which the answer calls `{table}_{column}`.
    pub columns: Vec<String>,
}

impl Query {
    /// A query over these columns.
    pub fn new(id: &str, table: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Self { id: id.to_owned(), table: table.to_owned(), columns }
    }

    /// What the connector's documents ask a site to write: the tables whose own sets cannot be asked by revision.
    pub fn of_the_connector() -> Vec<Self> {
        let list = ["Company", "ListCode", "PartNum", "UOMCode", "Quantity", "UnitPrice", "DiscountPercent"];
        let stock = [
            "OnHandQty",
            "NonNettableQty",
            "DemandQty",
            "ReservedQty",
            "AllocatedQty",
            "PickingQty",
            "PickedQty",
            "BuyToOrderQty",
            "SalesDemandQty",
            "SalesReservedQty",
            "SalesAllocatedQty",
            "SalesPickingQty",
            "SalesPickedQty",
        ];
        let query = |table: &str, columns: &[&str]| {
            let columns = [columns, &["SysRevID", "SysRowID"]].concat();
            Self::new(&format!("MLC-{table}"), table, &columns)
        };
        vec![
            query("PartWhse", &[&["Company", "PartNum", "WarehouseCode"], stock.as_slice()].concat()),
            query(
                "PartUOM",
                &["Company", "PartNum", "UOMCode", "ConvFactor", "ConvOperator", "Active", "WebUOM"],
            ),
            query("PartPC", &["Company", "PartNum", "PCType", "ProdCode", "UOMCode"]),
            query("PLPartBrk", &list),
        ]
    }

    /// What its columns begin with.
    pub(crate) fn prefix(&self) -> String {
        format!("{}_", self.table)
    }

    /// Its columns as the answer calls them; the row's own mark can be chosen, not filtered by.
    pub(crate) fn known(&self) -> Table {
        let (prefix, all) = (self.prefix(), table(&self.table));
        let own = self.columns.iter().filter_map(|name| {
            let column = all.get(name).filter(|column| column.stored)?;
            Some((format!("{prefix}{name}"), *column))
        });
        let mark = ("RowIdent".to_owned(), Column { kind: Kind::Text, length: None, stored: false });
        own.chain([mark]).collect()
    }
}
