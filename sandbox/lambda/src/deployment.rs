//! An account with a connection, and the vendors at its ends.

use anyhow::Result;
use connector_domain::{ConnectionId, OrderId};
use connector_ports::OrderKey;
use connector_sandbox::connection::{RULES, between};
use connector_simulators::bigcommerce::{Address, BigCommerceSeed, NewOrder, dec};
use connector_simulators::{BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim};

use crate::Account;

/// The id of the connection, as the events name it.
pub const STORE: &str = "main-store";

/// What a merchant has: table, queues, secrets, a store and a company.
#[derive(Debug)]
pub struct Deployment {
    /// On the emulator.
    pub account: Account,
    /// The simulated store; its first order is number 100.
    pub shop: BigCommerceSim,
    /// The simulated company.
    pub company: KineticSim,
    /// [`STORE`].
    pub id: ConnectionId,
}

impl Deployment {
    /// With the connection between store and company in it, and no order.
    ///
    /// # Errors
    /// A part did not start.
    pub async fn new() -> Result<Self> {
        let account = Account::new().await?;
        let shop = BigCommerceSim::start(BigCommerceConfig::new()).await?;
        let company = KineticSim::start(KineticConfig::new()).await?;
        for customer in BigCommerceSeed::distributor().customers {
            shop.add_customer(customer);
        }
        let id: ConnectionId = STORE.parse()?;
        account.connect(&between(id.clone(), &shop, &company, RULES)).await?;
        Ok(Self { account, shop, company, id })
    }

    /// Gives the connection other rules than [`RULES`].
    ///
    /// # Errors
    /// They could not be stored.
    pub async fn rules(&self, rules: &str) -> Result<()> {
        self.account.connect(&between(self.id.clone(), &self.shop, &self.company, rules)).await
    }

    /// Places an order of two pieces of a part that the company has, and returns its number.
    pub fn order(&self) -> u64 {
        let buyer =
            Address::of("Ada", "Byron", "ada@example.com").at("1 Mill Street", "Austin", "Texas", "78701");
        self.shop
            .place_order(NewOrder::guest(buyer).line("DRL-HSS-8.5", 2, dec("6.8000")).tax_rate(dec("0.0825")))
    }

    /// The ledger's key of an order of the store.
    pub fn key(&self, order: u64) -> OrderKey {
        OrderKey { connection: self.id.clone(), order: OrderId(order) }
    }
}
