//! The company's data: one counter of revisions, master tables, and orders with their children.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::{
    config::KineticConfig,
    refusal::Refusal,
    row::Row,
    seed::{Charge, Customer, Part},
    sessions::Sessions,
    tokens::Tokens,
};

/// An order with its children, in the order of their numbers.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) head: Row,
    pub(crate) lines: Vec<Row>,
    pub(crate) releases: Vec<Row>,
    pub(crate) charges: Vec<Row>,
}

/// Everything that is stored.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) config: KineticConfig,
    pub(crate) orders: BTreeMap<i32, Order>,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    masters: BTreeMap<String, Vec<Row>>,
    revision: i64,
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
            masters: BTreeMap::new(),
            revision: 918_273_600,
            row_ids: 0,
            next_order,
            next_customer: 42,
            correlation: 0,
            taxings: 0,
        };
        company.fill();
        company
    }

    fn fill(&mut self) {
        let seed = self.config.seed.clone();
        for (code, name) in &seed.terms {
            self.store(Row::new("Terms").with("TermsCode", code.as_str()).with("Description", name.as_str()));
        }
        for (code, name) in &seed.ship_vias {
            let row = Row::new("ShipVia").with("ShipViaCode", code.as_str());
            self.store(row.with("Description", name.as_str()).with("WebDesc", name.as_str()));
        }
        for (num, iso, name) in &seed.countries {
            self.add_country(*num, name, iso);
        }
        for region in self.config.tax_rates.clone().keys() {
            let row = Row::new("TaxRgn").with("TaxRegionCode", region.as_str());
            self.store(row.with("Description", region.as_str()).with("UseInAR", true));
        }
        // Nobody saves a site while orders are written, so they take no part in the count of revisions.
        let company = self.config.company.as_str();
        let site = |(plant, _): &(String, String)| {
            let row = Row::new("Plant").with("Company", company);
            row.with("Plant1", plant.as_str()).with("Name", plant.as_str())
        };
        let sites = self.config.plants.iter().map(site).collect();
        self.masters.insert("Plant".to_owned(), sites);
        seed.charges.iter().for_each(|charge| self.add_charge(charge));
        seed.parts.iter().for_each(|part| self.add_part(part));
        for customer in &seed.customers {
            self.add_customer(customer);
        }
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

    fn now(&self) -> jiff::civil::DateTime {
        self.config.clock.now().to_zoned(jiff::tz::TimeZone::UTC).datetime()
    }

    /// Gives a row the marks of having been saved.
    pub(crate) fn stamp(&mut self, row: &mut Row) {
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
        let columns = super::schema::table(row.table());
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

    /// Saves a row of a master table at its end.
    pub(crate) fn store(&mut self, mut row: Row) {
        self.stamp(&mut row);
        self.masters.entry(row.table().to_owned()).or_default().push(row);
    }

    /// Puts a changed row of a master table in the place of the one with its id.
    pub(crate) fn replace(&mut self, row: Row) {
        let rows = self.masters.entry(row.table().to_owned()).or_default();
        if let Some(old) = rows.iter_mut().find(|old| old.text("SysRowID") == row.text("SysRowID")) {
            *old = row;
        }
    }

    /// All rows of a table, orders' included.
    pub(crate) fn rows(&self, table: &str) -> Vec<&Row> {
        let orders = self.orders.values();
        match table {
            "OrderHed" => orders.map(|order| &order.head).collect(),
            "OrderDtl" => orders.flat_map(|order| &order.lines).collect(),
            "OrderRel" => orders.flat_map(|order| &order.releases).collect(),
            "OHOrderMsc" => orders.flat_map(|order| &order.charges).collect(),
            master => self.masters.get(master).into_iter().flatten().collect(),
        }
    }

    /// The row of a master table whose text column has this value, as SQL Server compares.
    pub(crate) fn find(&self, table: &str, column: &str, value: &str) -> Option<&Row> {
        let rows = self.masters.get(table).map(Vec::as_slice).unwrap_or_default();
        rows.iter().find(|row| same(row.text(column), value))
    }

    /// The row of a master table with this number.
    pub(crate) fn find_num(&self, table: &str, column: &str, value: i32) -> Option<&Row> {
        let rows = self.masters.get(table).map(Vec::as_slice).unwrap_or_default();
        rows.iter().find(|row| row.key(column) == value)
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

    pub(crate) fn add_part(&mut self, part: &Part) {
        let row = Row::new("Part")
            .with("PartNum", part.part_num.as_str())
            .with("PartDescription", part.description.as_str())
            .with("SearchWord", part.description.chars().take(8).collect::<String>())
            .with("UnitPrice", part.unit_price)
            .with("PricePerCode", part.price_per_code.as_str())
            .with("IUM", part.sales_um.as_str())
            .with("SalesUM", part.sales_um.as_str())
            .with("PUM", part.sales_um.as_str())
            .with("SellingFactor", rust_decimal::Decimal::ONE)
            .with("InActive", part.inactive)
            .with("OnHold", part.on_hold)
            .with("RunOut", part.run_out)
            .with("TypeCode", part.type_code.as_str())
            .with("QtyBearing", true)
            .with("WebPart", true)
            .with("TaxCatID", "TAX");
        self.store(row);
    }

    pub(crate) fn add_country(&mut self, country_num: i32, description: &str, iso_code: &str) {
        let row = Row::new("Country").with("CountryNum", country_num).with("ISOCode", iso_code);
        self.store(row.with("Description", description));
    }

    fn add_charge(&mut self, charge: &Charge) {
        let row = Row::new("MiscChrg")
            .with("MiscCode", charge.code.as_str())
            .with("Description", charge.description.as_str())
            .with("FreqCode", "F")
            .with("Type", "A")
            .with("TaxCatID", if charge.taxed { "TAX" } else { "" });
        self.store(row);
    }

    pub(crate) fn add_customer(&mut self, customer: &Customer) -> i32 {
        let num = self.next_cust_num();
        let or = |given: &Option<String>, default: &str| given.clone().unwrap_or_else(|| default.to_owned());
        let row = Row::new("Customer")
            .with("CustNum", num)
            .with("CustID", customer.cust_id.as_str())
            .with("Name", customer.name.as_str())
            .with("EMailAddress", customer.email.as_str())
            .with("ExternalID", customer.external_id.as_str())
            .with("CustomerType", or(&customer.customer_type, "CUS"))
            .with("AllowOTS", customer.allow_ots)
            .with("CheckDuplicatePO", customer.check_duplicate_po)
            .with("CreditHold", customer.credit_hold)
            .with("TermsCode", or(&customer.terms, "CC"))
            .with("ShipViaCode", or(&customer.ship_via, "UPSG"))
            .with("TaxRegionCode", or(&customer.tax_region, "WEB"))
            .with("CurrencyCode", self.config.base_currency())
            .with("TerritoryID", self.config.territory.as_str())
            .with("CountryNum", 1)
            .with("Country", "United States");
        self.store(row);
        self.store(Row::new("ShipTo").with("CustNum", num).with("Name", customer.name.as_str()));
        for (at, email) in (1_i32..).zip(&customer.contact_emails) {
            let row = Row::new("CustCnt").with("CustNum", num).with("ConNum", at);
            self.store(row.with("Name", customer.name.as_str()).with("EMailAddress", email.as_str()));
        }
        num
    }
}

/// Equality of SQL Server's usual collation: case and trailing blanks do not count.
pub(crate) fn same(left: &str, right: &str) -> bool {
    folded(left) == folded(right)
}

/// What that collation compares.
pub(crate) fn folded(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}
