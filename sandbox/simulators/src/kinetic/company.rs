//! The company's data: one counter of revisions, master tables, and orders with their children.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::{
    config::KineticConfig,
    office::{Trace, Write},
    orders::Allocation,
    refusal::Refusal,
    row::{Cell, Row},
    schema::keys,
    seed::KineticSeed,
    sessions::Sessions,
    tables::{self, Found, Key, KeyPart, Tables},
    tokens::Tokens,
};

/// An order with its children, in the order of their numbers.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) head: Row,
    pub(crate) lines: Vec<Row>,
    pub(crate) releases: Vec<Row>,
    pub(crate) charges: Vec<Row>,
    /// What the warehouse has set aside, by line.
    pub(crate) allocated: BTreeMap<i32, Allocation>,
}

/// Everything that is stored.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) config: KineticConfig,
    pub(crate) orders: BTreeMap<i32, Order>,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    pub(super) tables: Tables,
    /// Writes that nobody is to see yet, while they are held.
    pub(super) held: Option<Vec<Write>>,
    pub(super) revision: i64,
    row_ids: u128,
    next_order: i32,
    next_customer: i32,
    correlation: u64,
    /// Savings that computed tax, each of which would ask a tax service.
    pub(crate) taxings: usize,
}

impl Company {
    pub(crate) fn new(config: KineticConfig) -> Self {
        let next_order = config.first_order_num;
        let mut company = Self {
            config,
            orders: BTreeMap::new(),
            tokens: Tokens::default(),
            sessions: Sessions::default(),
            tables: Tables::default(),
            held: None,
            revision: 918_273_600,
            row_ids: 0,
            next_order,
            next_customer: 42,
            correlation: 0,
            taxings: 0,
        };
        company.fill();
        // It may be large, and all that it says stands in the tables now.
        company.config.seed = KineticSeed::default();
        company
    }

    /// The next value of the counter that all tables share.
    pub(crate) fn next_revision(&mut self) -> i64 {
        self.revision += 1;
        self.revision
    }

    /// The number by which a refusal can be found in the server's log.
    pub(crate) fn next_correlation(&mut self) -> u64 {
        self.correlation += 1;
        self.correlation
    }

    /// A row id that no row has.
    pub(crate) fn row_id(&mut self) -> String {
        self.row_ids += 1;
        Uuid::from_u128(0x2d6c_1c1e_0d2b_4b53_9e0a_0000_0000_0000 + self.row_ids).to_string()
    }

    pub(crate) fn next_order_num(&mut self) -> i32 {
        let num = self.next_order;
        self.next_order += 1;
        num
    }

    pub(crate) fn next_cust_num(&mut self) -> i32 {
        let num = self.next_customer;
        self.next_customer += 1;
        num
    }

    /// The system's date.
    pub(crate) fn today(&self) -> Date {
        self.now().date()
    }

    pub(crate) fn now(&self) -> jiff::civil::DateTime {
        self.config.clock.now().to_zoned(jiff::tz::TimeZone::UTC).datetime()
    }

    /// Gives a row the marks of having been saved.
    pub(crate) fn stamp(&mut self, row: &mut Row) {
        self.stamp_leaving(row, Trace::Whole);
    }

    /// As [`Company::stamp`], but with fewer marks.
    pub(crate) fn stamp_leaving(&mut self, row: &mut Row, trace: Trace) {
        if trace == Trace::Nothing {
            return;
        }
        row.set("Company", self.config.company.as_str());
        let revision = self.next_revision();
        row.set("SysRevID", revision);
        if Uuid::try_parse(row.text("SysRowID")).is_ok_and(|id| id.is_nil())
            || row.text("SysRowID").is_empty()
        {
            let id = self.row_id();
            row.set("SysRowID", id);
        }
        row.set("RowMod", "");
        if trace == Trace::Undated {
            return;
        }
        let columns = super::schema::table(row.table());
        if columns.contains_key("ChangedOn") {
            row.set("ChangedOn", Cell::Date(self.now()));
            if row.get("CreatedOn") == Cell::Null {
                row.set("CreatedOn", Cell::Date(self.now()));
            }
        }
        if columns.contains_key("ChangeDate") {
            row.set("ChangeDate", self.today());
        }
        if columns.contains_key("ChangedBy") {
            row.set("ChangedBy", self.config.username.as_str());
        }
        if columns.contains_key("ChangeTime") {
            let now = self.now();
            row.set(
                "ChangeTime",
                i32::from(now.hour()) * 3600 + i32::from(now.minute()) * 60 + i32::from(now.second()),
            );
        }
    }

    /// Saves a row of a master table.
    pub(crate) fn store(&mut self, mut row: Row) {
        self.stamp(&mut row);
        self.replace(row);
    }

    /// Puts a row of a master table in the place of the one with its key.
    pub(crate) fn replace(&mut self, row: Row) {
        self.write(Write::Put(row));
    }

    /// Takes a row of a master table away, if it is there.
    pub(crate) fn remove(&mut self, table: &str, key: &Key) {
        self.write(Write::Remove(table.to_owned(), Key::clone(key)));
    }

    /// The master tables.
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// All rows of a table, orders' included.
    pub(crate) fn rows(&self, table: &str) -> Vec<&Row> {
        let orders = self.orders.values();
        match table {
            "OrderHed" => orders.map(|order| &order.head).collect(),
            "OrderDtl" => orders.flat_map(|order| &order.lines).collect(),
            "OrderRel" => orders.flat_map(|order| &order.releases).collect(),
            "OHOrderMsc" => orders.flat_map(|order| &order.charges).collect(),
            master => self.tables.of(master).all().collect(),
        }
    }

    /// The rows of a table that belong to a row of its service's head table.
    pub(crate) fn children<'a>(&'a self, table: &str, parent: &Row) -> Found<'a> {
        let order = self.orders.get(&parent.key("OrderNum"));
        match table {
            "OrderDtl" => Box::new(order.into_iter().flat_map(|order| &order.lines)),
            "OrderRel" => Box::new(order.into_iter().flat_map(|order| &order.releases)),
            "OHOrderMsc" => Box::new(order.into_iter().flat_map(|order| &order.charges)),
            master => self.tables.of(master).under(&tables::key(parent)),
        }
    }

    /// The row of a master table whose text column has this value, as SQL Server compares.
    pub(crate) fn find(&self, table: &str, column: &str, value: &str) -> Option<&Row> {
        let rows = self.tables.of(table);
        match keys(table) {
            [key] if key == column => rows.get(&[KeyPart::of(&value.into())]),
            _ => rows.all().find(|row| same(row.text(column), value)),
        }
    }

    /// The row of a master table with this number.
    pub(crate) fn find_num(&self, table: &str, column: &str, value: i32) -> Option<&Row> {
        let rows = self.tables.of(table);
        match keys(table) {
            [key] if key == column => rows.get(&[KeyPart::of(&value.into())]),
            _ => rows.all().find(|row| row.key(column) == value),
        }
    }

    /// Refuses a code that is neither blank nor in its table.
    pub(crate) fn check_code(&self, row: &Row, column: &str, master: &str) -> Result<(), Refusal> {
        let code = row.text(column);
        if code.is_empty() || self.find(master, column, code).is_some() {
            return Ok(());
        }
        Err(Refusal::rule(row.table(), column, format!("{column} is not valid.")))
    }

    /// The warehouse that the site's new releases have.
    pub(crate) fn warehouse(&self, plant: &str) -> &str {
        let plants = &self.config.plants;
        plants.iter().find(|(name, _)| name == plant).map_or("", |(_, warehouse)| warehouse)
    }
}

/// Whether a table's rows belong to orders, so that it is no master table.
pub(crate) fn is_of_orders(table: &str) -> bool {
    ["OrderHed", "OrderDtl", "OrderRel", "OHOrderMsc"].contains(&table)
}

/// Equality of SQL Server's usual collation: case and trailing blanks do not count.
pub(crate) fn same(left: &str, right: &str) -> bool {
    folded(left) == folded(right)
}

/// What that collation compares.
pub(crate) fn folded(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}
