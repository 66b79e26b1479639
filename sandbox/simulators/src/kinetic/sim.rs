//! The running company, and what tests and stories do with it.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use parking_lot::MutexGuard;
use url::Url;

use super::{
    KineticConfig, Logins,
    company::{Company, same},
    customer_seed::Customer,
    refusal::Refusal,
    routes::{self, Shared},
    row::Row,
    seed::Part,
    view::OrderView,
};
use crate::{Fault, Faults, Handle, Shell, StartError, Traffic, late::Late, serve};

/// An Epicor company on loopback; dropping it stops it.
#[derive(Debug)]
pub struct KineticSim {
    shared: Arc<Shared>,
    config: KineticConfig,
    base_url: Url,
    faults: Faults,
    traffic: Traffic,
    late: Late,
    _server: Handle,
}

impl KineticSim {
    /// Starts a company that holds what its configuration's seed says.
    ///
    /// # Errors
    /// The port cannot be had, or the instance's name makes no URL.
    pub async fn start(config: KineticConfig) -> Result<Self, StartError> {
        config.recorder.redact(&config.api_key);
        config.recorder.redact(&config.password);
        if let Some(idp) = &config.logins.idp {
            config.recorder.redact(&idp.client_secret);
        }
        let faults = Faults::of_vendor([Self::no_licence(), Fault::Modified]);
        let traffic = Traffic::new("kinetic", config.recorder.clone());
        let shell = Shell {
            // Kinetic itself has neither a 429 nor rate-limit headers: what throttles is a gateway before it.
            throttled: Arc::new(|| {
                let mut response = Response::default();
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                response
                    .headers_mut()
                    .insert(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
                response
            }),
            pause: config.pause.clone(),
            ..Shell::new(faults.clone(), traffic.clone(), config.clock.clone())
        };
        let late = shell.late.clone();
        let shared = Arc::new(Shared::new(Company::new(config.clone())));
        let server = serve(config.port, routes::router(Arc::clone(&shared)), shell).await?;
        let base_url = server.base_url.join(&config.instance)?;
        Ok(Self { shared, config, base_url, faults, traffic, late, _server: server })
    }

    /// `http://127.0.0.1:PORT/{instance}`; paths go on with `/api/v2/odata/{company}/{service}/…`.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// What it was started with, keys included.
    pub fn config(&self) -> &KineticConfig {
        &self.config
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What was asked and answered.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// The 400 of a pool of licences that is empty (§2.4).
    pub fn no_licence() -> Fault {
        let refusal = Refusal::no_licence();
        Fault::Status { status: refusal.status, body: Some(refusal.body("", 0)) }
    }

    /// Adds a part to the master.
    pub fn add_part(&self, part: &Part) {
        self.company().add_part(part);
    }

    /// Adds a country to the master; the ISO code may be blank, as sites leave it.
    pub fn add_country(&self, country_num: i32, description: &str, iso_code: &str) {
        self.company().add_country(country_num, description, iso_code);
    }

    /// Adds a customer; gives its number.
    pub fn add_customer(&self, customer: &Customer) -> i32 {
        self.company().add_customer(customer)
    }

    /// All orders by number.
    pub fn orders(&self) -> Vec<OrderView> {
        self.company().orders.values().map(OrderView::of).collect()
    }

    /// The order of this number.
    pub fn order(&self, order_num: i32) -> Option<OrderView> {
        self.company().orders.get(&order_num).map(OrderView::of)
    }

    /// The orders with this customer's reference, compared as the database does.
    pub fn orders_by_po(&self, po_num: &str) -> Vec<OrderView> {
        self.orders().into_iter().filter(|order| same(&order.po_num, po_num)).collect()
    }

    /// The first order with this customer's reference.
    pub fn order_by_po(&self, po_num: &str) -> Option<OrderView> {
        self.orders_by_po(po_num).into_iter().next()
    }

    /// Whether warehouse staff could pick the order now.
    pub fn can_be_picked(&self, order_num: i32) -> bool {
        self.order(order_num).is_some_and(|order| order.can_be_picked())
    }

    /// All rows of customers.
    pub fn customers(&self) -> Vec<Row> {
        self.company().rows("Customer").into_iter().cloned().collect()
    }

    /// A clerk's hand in a customer. False if there is none of that number.
    pub fn edit_customer(&self, cust_num: i32, edit: impl FnOnce(&mut Row)) -> bool {
        let mut company = self.shared.company.lock();
        let Some(mut row) = company.find_num("Customer", "CustNum", cust_num).cloned() else { return false };
        edit(&mut row);
        company.stamp(&mut row);
        company.replace(row);
        true
    }

    /// How often a saving computed tax.
    pub fn taxings(&self) -> usize {
        self.company().taxings
    }

    /// Changes the user's password; tokens and sessions that were given out go on holding.
    pub fn set_password(&self, password: &str) {
        self.config.recorder.redact(password);
        password.clone_into(&mut self.company().config.password);
    }

    /// Changes the API key.
    pub fn set_api_key(&self, api_key: &str) {
        self.config.recorder.redact(api_key);
        api_key.clone_into(&mut self.company().config.api_key);
    }

    /// Changes by which identities the company may be asked; tokens that were given out go on holding.
    pub fn set_logins(&self, logins: Logins) {
        if let Some(idp) = &logins.idp {
            self.config.recorder.redact(&idp.client_secret);
        }
        self.company().config.logins = logins;
    }

    /// Ends all tokens now.
    pub fn expire_tokens(&self) {
        self.company().tokens.expire();
    }

    /// How many tokens were given out, by the server and by the identity provider.
    pub fn tokens_issued(&self) -> usize {
        self.company().tokens.issued()
    }

    /// Ends all sessions now: whoever names one gets 410.
    pub fn expire_sessions(&self) {
        self.company().sessions.expire();
    }

    /// How many sessions are open.
    pub fn open_sessions(&self) -> usize {
        self.company().sessions.len()
    }

    /// Other users take so many seats more of the pool of licences.
    pub fn take_seats(&self, seats: usize) {
        self.company().sessions.others += seats;
    }

    /// The other users give all their seats back.
    pub fn give_seats(&self) {
        self.company().sessions.others = 0;
    }

    /// How many calls were refused because no licence was free.
    pub fn pool_refusals(&self) -> usize {
        self.company().sessions.refused
    }

    /// How many requests were cut and wait to be applied ([`Fault::CommitLate`]).
    pub fn late_commits(&self) -> usize {
        self.late.apply_due(self.config.clock.now());
        self.late.waiting()
    }

    /// The company as it is by now: what is due of late requests was applied.
    pub(super) fn company(&self) -> MutexGuard<'_, Company> {
        self.late.apply_due(self.config.clock.now());
        self.shared.company.lock()
    }
}
