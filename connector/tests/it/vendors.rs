//! Simulators of both vendors, connected in an account.

use connector_lambda::Account;
use connector_sandbox::connection;
use connector_simulators::{BigCommerceConfig, BigCommerceSim, KineticConfig, KineticSim};

use crate::run::Desk;

pub(crate) struct Vendors {
    pub(crate) shop: BigCommerceSim,
    pub(crate) company: KineticSim,
    pub(crate) desk: Desk,
    account: Account,
}

impl Vendors {
    /// Both as they are by default, connected by the sandbox's rules.
    pub(crate) async fn start() -> Self {
        Self::with(BigCommerceConfig::new(), KineticConfig::new()).await
    }

    pub(crate) async fn with(shop: BigCommerceConfig, company: KineticConfig) -> Self {
        let (desk, account) = Desk::in_account().await;
        let shop = BigCommerceSim::start(shop).await.unwrap();
        let company = KineticSim::start(company).await.unwrap();
        let vendors = Self { shop, company, desk, account };
        vendors.ruled_by(connection::RULES).await;
        vendors
    }

    /// Stores the connection again under these rules.
    pub(crate) async fn ruled_by(&self, rules: &str) {
        let id = "main-store".parse().unwrap();
        let connection = connection::between(id, &self.shop, &self.company, rules);
        self.account.connect(&connection).await.unwrap();
    }
}
