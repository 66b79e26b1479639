//! The running company, and what tests and stories do with it.

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use url::Url;

use super::{
    KineticConfig,
    company::{Company, same},
    orders,
    refusal::Refusal,
    routes::{self, Shared},
    row::Row,
    seed::{Customer, Part},
    view::OrderView,
};
use crate::{Fault, Faults, Handle, Shell, StartError, Traffic, serve};

/// An Epicor company on loopback; dropping it stops it.
#[derive(Debug)]
pub struct KineticSim {
    shared: Arc<Shared>,
    config: KineticConfig,
    base_url: Url,
    faults: Faults,
    traffic: Traffic,
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
        let (faults, traffic) = (Faults::default(), Traffic::new("kinetic", config.recorder.clone()));
        let shell = Shell {
            faults: faults.clone(),
            traffic: traffic.clone(),
            // Kinetic itself has neither a 429 nor rate-limit headers: what throttles is a gateway before it.
            throttled: Arc::new(|| {
                let mut response = Response::default();
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                response
                    .headers_mut()
                    .insert(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
                response
            }),
        };
        let shared = Arc::new(Shared::new(Company::new(config.clone())));
        let server = serve(config.port, routes::router(Arc::clone(&shared)), shell).await?;
        let base_url = server.base_url.join(&config.instance)?;
        Ok(Self { shared, config, base_url, faults, traffic, _server: server })
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
        let refusal = Refusal {
            kind: "Ice.Common.LicenseAccessException",
            ..Refusal::request("Maximum users exceeded on license DefaultUser.")
        };
        Fault::Status { status: 400, body: Some(refusal.body("", 0)) }
    }

    /// Adds a part to the master.
    pub fn add_part(&self, part: &Part) {
        self.shared.company.lock().add_part(part);
    }

    /// Adds a customer; gives its number.
    pub fn add_customer(&self, customer: &Customer) -> i32 {
        self.shared.company.lock().add_customer(customer)
    }

    /// All orders by number.
    pub fn orders(&self) -> Vec<OrderView> {
        self.shared.company.lock().orders.values().map(OrderView::of).collect()
    }

    /// The order of this number.
    pub fn order(&self, order_num: i32) -> Option<OrderView> {
        self.shared.company.lock().orders.get(&order_num).map(OrderView::of)
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
        self.shared.company.lock().rows("Customer").into_iter().cloned().collect()
    }

    /// How often a saving computed tax.
    pub fn taxings(&self) -> usize {
        self.shared.company.lock().taxings
    }

    /// A clerk's hand in the header: the row gets a new `SysRevID` and the totals are summed again. False if there is
    /// no such order.
    pub fn edit_order(&self, order_num: i32, edit: impl FnOnce(&mut Row)) -> bool {
        self.edit(order_num, |order| edit(&mut order.head))
    }

    /// A clerk's hand in a line.
    pub fn edit_line(&self, order_num: i32, order_line: i32, edit: impl FnOnce(&mut Row)) -> bool {
        let mut found = false;
        self.edit(order_num, |order| {
            if let Some(line) = order.lines.iter_mut().find(|row| row.key("OrderLine") == order_line) {
                edit(line);
                found = true;
            }
        }) && found
    }

    fn edit(&self, order_num: i32, edit: impl FnOnce(&mut super::company::Order)) -> bool {
        let mut company = self.shared.company.lock();
        let Some(mut order) = company.orders.get(&order_num).cloned() else { return false };
        let before = order.clone();
        edit(&mut order);
        for (row, old) in order.lines.iter_mut().zip(&before.lines) {
            if row != old {
                orders::recompute(row);
                company.stamp(row);
            }
        }
        let tax = order.head.flag("ReadyToCalc");
        orders::sum(&mut company, &mut order, tax);
        company.stamp(&mut order.head);
        company.orders.insert(order_num, order);
        true
    }
}
