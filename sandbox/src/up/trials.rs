//! What can be tried, as commands that are ready to be pasted.

use std::fmt;

use connector_domain::{ExternalRef, OrderId};
use connector_simulators::bigcommerce::DeliveryMode;
use connector_sync::rules::Rules;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::Up;
use crate::connection::{HEADER, HEADER_SECRET, RULES};

/// What a new order is told by.
const CREATED: &str = "store/order/created";

/// One thing to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// What it shows.
    pub what: String,
    /// The status that it answers.
    pub answers: u16,
    /// A command for a shell.
    pub curl: String,
}

/// Where everything is, with the secrets of the sandbox, and what to try.
#[derive(Debug)]
pub struct Trials {
    addresses: Value,
    unheard: Vec<u64>,
    in_turn: Vec<Trial>,
}

impl Up {
    /// Where everything is and what to try; webhooks in it are signed now and stay good as long as the sandbox runs.
    pub fn trials(&self) -> Trials {
        let first = self.orders.first().map(|order| self.of_order(*order)).unwrap_or_default();
        let second = self.orders.get(1).map(|order| self.told_by_the_store(*order));
        let trials = first.into_iter().chain(second).chain([self.all_orders()]).collect();
        Trials { addresses: self.addresses(), unheard: self.orders.clone(), in_turn: trials }
    }

    /// An order on its whole way.
    fn of_order(&self, order: u64) -> Vec<Trial> {
        let delivery = self.shop.delivery(CREATED, order, DeliveryMode::Normal);
        let body = delivery.map(|delivery| String::from_utf8_lossy(&delivery.body).into_owned());
        let body = body.unwrap_or_default();
        let signature = self.shop.sign(body.as_bytes());
        let altered = body.replacen("order/created", "order/createx", 1);
        vec![
            Trial {
                what: format!("Tell the connector of order {order}, as the store would: a signed webhook"),
                answers: 200,
                curl: self.webhook(&body, &signature),
            },
            Trial {
                what: "The same with one letter of the body changed: refused, and nothing is written"
                    .to_owned(),
                answers: 401,
                curl: self.webhook(&altered, &signature),
            },
            Trial {
                what: format!("What the connector knows of order {order}: the ledger's row and its trail"),
                answers: 200,
                curl: format!("curl -s {}", quoted(&self.status(&format!("orders/{order}")))),
            },
            Trial {
                what: format!("Look it up in Kinetic, by the reference {}", reference(order)),
                answers: 200,
                curl: self.in_kinetic(order),
            },
            Trial {
                what: format!(
                    "Change order {order} in the store, which tells of it; then look at its row again"
                ),
                answers: 200,
                curl: self.put(order, &json!({"customer_message": "Please call before delivery."})),
            },
        ]
    }

    fn told_by_the_store(&self, order: u64) -> Trial {
        Trial {
            what: format!(
                "Let the store itself tell of order {order}: it is changed to Awaiting Shipment, and the store \
                 sends signed webhooks"
            ),
            answers: 200,
            curl: self.put(order, &json!({"status_id": 9})),
        }
    }

    fn all_orders(&self) -> Trial {
        Trial {
            what: "All orders that the connector has heard of".to_owned(),
            answers: 200,
            curl: format!("curl -s {}", quoted(&self.status("orders"))),
        }
    }

    fn webhook(&self, body: &str, signature: &str) -> String {
        let header = &self.shop.config().signature_header;
        post(
            &self.webhooks(),
            &[(header, signature), (HEADER, HEADER_SECRET), ("Content-Type", "application/json")],
            body,
        )
    }

    fn put(&self, order: u64, body: &Value) -> String {
        let config = self.shop.config();
        let token = quoted(&format!("X-Auth-Token: {}", config.access_token));
        let url = format!("{}stores/{}/v2/orders/{order}", self.shop.base_url(), config.store_hash);
        format!(
            "curl -s -o /dev/null -w '%{{http_code}}\\n' -X PUT \\\n  -H {token} -H 'Content-Type: application/json' \\\n  -d {} {}",
            quoted(&body.to_string()),
            quoted(&url)
        )
    }

    fn in_kinetic(&self, order: u64) -> String {
        let config = self.company.config();
        let user = quoted(&format!("{}:{}", config.username, config.password));
        let key = quoted(&format!("x-api-key: {}", config.api_key));
        let columns =
            "OrderNum,PONum,CustNum,DocTotalCharges,DocTotalTax,DocOrderAmt,ReadyToFulfill,VoidOrder";
        let url = format!(
            "{}/api/v2/odata/{}/Erp.BO.SalesOrderSvc/SalesOrders?$filter=PONum%20eq%20%27{}%27&$select={columns}",
            self.company.base_url(),
            config.company,
            reference(order)
        );
        format!("curl -s -u {user} -H {key} \\\n  {}", quoted(&url))
    }

    fn addresses(&self) -> Value {
        let (store, kinetic) = (self.shop.config(), self.company.config());
        json!({
            "bigcommerce": {
                "base_url": self.shop.base_url(),
                "api_url": format!("{}stores/{}", self.shop.base_url(), store.store_hash),
                "store_hash": store.store_hash,
                "access_token": store.access_token,
                "client_id": store.client_id,
                "client_secret": store.client_secret,
                "signature_header": store.signature_header,
                "orders": self.orders,
            },
            "kinetic": {
                "base_url": self.company.base_url(),
                "company": kinetic.company,
                "api_key": kinetic.api_key,
                "username": kinetic.username,
                "password": kinetic.password,
            },
            "connector": {
                "webhooks": self.webhooks(),
                "header": HEADER,
                "header_secret": HEADER_SECRET,
                "status_page": self.status("orders"),
            },
        })
    }

    fn webhooks(&self) -> String {
        format!("{}webhooks/{}", self.receiver.base_url, self.id)
    }

    fn status(&self, path: &str) -> String {
        format!("{}{path}", self.status_page.base_url)
    }
}

/// What a web order is called in Kinetic.
fn reference(order: u64) -> String {
    let called = |rules| connector_sync::orders::reference(&rules, OrderId(order));
    // The sandbox's rules can be read; a test holds that.
    Rules::parse(RULES).map(called).as_ref().map(ExternalRef::as_str).unwrap_or_default().to_owned()
}

/// Prints the body of the answer, which is empty, and its status.
fn post(url: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut curl = "curl -s -w '%{http_code}\\n' -X POST".to_owned();
    for (name, value) in headers {
        curl.push_str(" \\\n  -H ");
        curl.push_str(&quoted(&format!("{name}: {value}")));
    }
    format!("{curl} \\\n  -d {} {}", quoted(body), quoted(url))
}

/// A word of a shell, whatever stands in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One document: addresses, secrets, and what to try.
impl Serialize for Trials {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = self.addresses.clone();
        if let Value::Object(fields) = &mut document {
            fields.insert("try".to_owned(), json!(self.in_turn));
        }
        document.serialize(serializer)
    }
}

impl fmt::Display for Trials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |pointer| self.addresses.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let unheard: Vec<String> = self.unheard.iter().map(ToString::to_string).collect();
        let unheard = if unheard.is_empty() { "none".to_owned() } else { unheard.join(", ") };
        writeln!(
            f,
            "\
Store, company and connector on loopback; Ctrl-C ends them.

  store        {store}   (its orders, of which the connector has not heard yet: {unheard})
  company      {company}
  webhooks     {webhooks}
  status page  {status}

Paste these into another terminal:",
            store = text("/bigcommerce/api_url"),
            company = text("/kinetic/base_url"),
            webhooks = text("/connector/webhooks"),
            status = text("/connector/status_page"),
        )?;
        for (number, Trial { what, answers, curl }) in (1..).zip(&self.in_turn) {
            writeln!(f, "\n{number}. {what} ({answers}).\n\n{curl}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_shell_may_hold_quotation_marks() {
        assert_eq!(quoted("PONum eq 'BC-1'"), r"'PONum eq '\''BC-1'\'''");
    }

    #[test]
    fn an_order_is_called_in_kinetic_as_the_rules_say() {
        assert_eq!(reference(104), "BC-104");
    }
}
