//! What people in the office and the warehouse do with parts, stock and prices.

use rust_decimal::Decimal;

use super::{
    catalogue_seed::{ListPart, PriceBreak, PriceList, Stock, Warehouse},
    company::Company,
    row::{Cell, Row},
    seed::Part,
    tables::{self, Key, KeyPart},
};

/// What a write leaves behind in the row (`docs/facts/kinetic.md` §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// A new revision, and the date of the change where the table has one.
    Whole,
    /// A new revision and no date, as conversions and a site's own rules write.
    Undated,
    /// Neither: what an edit of only the site's own columns may leave, which stand in a table beside.
    Nothing,
}

/// A write that nobody sees yet.
#[derive(Debug)]
pub(crate) enum Write {
    Put(Row),
    Remove(String, Key),
}

/// Writes that have their revisions and wait for their commit; dropped, they are rolled back.
#[derive(Debug)]
#[must_use = "what is never committed is never seen"]
pub struct Uncommitted(pub(super) Vec<Write>);

/// The people, for as long as nobody else uses the company.
#[derive(Debug)]
pub struct Office<'a>(pub(super) &'a mut Company);

impl Office<'_> {
    /// All rows of a table that can be seen, in the order of its key.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        self.0.rows(table).into_iter().cloned().collect()
    }

    /// Saves a row in the place of the one with its key, or as a new one.
    pub fn save(&mut self, mut row: Row) {
        if let Some(old) = self.0.written(row.table(), &tables::key(&row)) {
            row.set("SysRowID", old.get("SysRowID"));
        }
        self.0.store(row);
    }

    /// Changes the row with this key, which leaves out the company. False if there is none.
    pub fn edit(&mut self, table: &str, key: &[Cell], trace: Trace, edit: impl FnOnce(&mut Row)) -> bool {
        let key = key_of(key);
        let Some(mut row) = self.0.written(table, &key).cloned() else { return false };
        edit(&mut row);
        self.0.stamp_leaving(&mut row, trace);
        if tables::key(&row) != key {
            self.0.remove(table, &key);
        }
        self.0.replace(row);
        true
    }

    /// Deletes the row with this key. False if there is none.
    pub fn delete(&mut self, table: &str, key: &[Cell]) -> bool {
        let key = key_of(key);
        let found = self.0.written(table, &key).is_some();
        self.0.remove(table, &key);
        found
    }

    /// Adds a part, its units and its codes.
    pub fn add_part(&mut self, part: &Part) {
        self.0.add_part(part);
    }

    /// Changes a part. False if there is none.
    pub fn edit_part(&mut self, part: &str, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit_part_leaving(part, Trace::Whole, edit)
    }

    /// Changes a part and leaves this trace.
    pub fn edit_part_leaving(&mut self, part: &str, trace: Trace, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit("Part", &[part.into()], trace, edit)
    }

    /// Deletes a part with its stock, units and codes; price lists go on naming it. False if there is none.
    pub fn delete_part(&mut self, part: &str) -> bool {
        for table in ["PartPlant", "PartWhse", "PartUOM", "PartPC"] {
            let of_part = self.0.tables().of(table).under(&key_of(&[part.into()]));
            let keys: Vec<Key> = of_part.map(tables::key).collect();
            for key in &keys {
                self.0.remove(table, key);
            }
        }
        self.delete("Part", &[part.into()])
    }

    /// Adds a warehouse.
    pub fn add_warehouse(&mut self, warehouse: &Warehouse) {
        self.0.add_warehouse(warehouse);
    }

    /// So much of a part is on hand in a warehouse, in the unit that is kept in stock.
    pub fn stock(&mut self, part: &str, warehouse: &str, on_hand: Decimal) {
        let set = |row: &mut Row| row.set("OnHandQty", on_hand);
        if !self.edit_stock(part, warehouse, set) {
            self.0.add_stock(&Stock::new(part, warehouse, on_hand));
        }
    }

    /// Changes the stock row of a part. False if there is none.
    pub fn edit_stock(&mut self, part: &str, warehouse: &str, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit("PartWhse", &[part.into(), warehouse.into()], Trace::Whole, edit)
    }

    /// Adds a price list.
    pub fn add_price_list(&mut self, list: &PriceList) {
        self.0.add_price_list(list);
    }

    /// Changes the head of a price list. False if there is none.
    pub fn edit_price_list(&mut self, list: &str, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit("PriceLst", &[list.into()], Trace::Whole, edit)
    }

    /// A part has this price on a list, in its sales unit.
    pub fn price(&mut self, list: &str, part: &str, base_price: Decimal) {
        let key = self.list_part(list, part);
        let set = |row: &mut Row| row.set("BasePrice", base_price);
        if !self.edit("PriceLstParts", &key, Trace::Whole, set) {
            let (part_num, breaks) = (part.to_owned(), Vec::new());
            self.0.add_list_part(list, &ListPart { part_num, uom: None, base_price, breaks });
        }
    }

    /// Takes a part with its breaks off a list. False if it is not on it.
    pub fn delete_price(&mut self, list: &str, part: &str) -> bool {
        let key = self.list_part(list, part);
        let of_part = self.0.tables().of("PLPartBrk").under(&key_of(&key));
        let breaks: Vec<Key> = of_part.map(tables::key).collect();
        for key in &breaks {
            self.0.remove("PLPartBrk", key);
        }
        self.delete("PriceLstParts", &key)
    }

    /// From a quantity on, a part has this flat price on a list; the row of the part stays as it is.
    pub fn price_break(&mut self, list: &str, part: &str, quantity: Decimal, unit_price: Decimal) {
        self.save_break(list, part, &PriceBreak { quantity, unit_price, percent: Decimal::ZERO });
    }

    /// A break of prices or discounts.
    pub fn save_break(&mut self, list: &str, part: &str, price: &PriceBreak) {
        let uom = self.0.sales_um(part);
        let row = Row::new("PLPartBrk").with("ListCode", list).with("PartNum", part).with("UOMCode", uom);
        let row = row.with("Quantity", price.quantity).with("UnitPrice", price.unit_price);
        self.save(row.with("DiscountPercent", price.percent));
    }

    /// Takes a break away. False if there is none.
    pub fn delete_break(&mut self, list: &str, part: &str, quantity: Decimal) -> bool {
        let key = [self.list_part(list, part).as_slice(), &[quantity.into()]].concat();
        self.delete("PLPartBrk", &key)
    }

    fn list_part(&self, list: &str, part: &str) -> [Cell; 3] {
        [list.into(), part.into(), self.0.sales_um(part).into()]
    }
}

fn key_of(cells: &[Cell]) -> Key {
    cells.iter().map(KeyPart::of).collect()
}
