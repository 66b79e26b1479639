//! What a company is filled with at the start: codes, sites, customers; the catalogue is in `catalogue.rs`.

use super::{company::Company, customer_seed::Customer, row::Row, seed::Charge};

impl Company {
    pub(super) fn fill(&mut self) {
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
        let sites: Vec<Row> = self.config.plants.iter().map(site).collect();
        for site in sites {
            self.replace(site);
        }
        seed.charges.iter().for_each(|charge| self.add_charge(charge));
        self.fill_warehouses(&seed);
        seed.parts.iter().for_each(|part| self.add_part(part));
        seed.stock.iter().for_each(|stock| self.add_stock(stock));
        seed.price_lists.iter().for_each(|list| self.add_price_list(list));
        for customer in &seed.customers {
            self.add_customer(customer);
        }
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
