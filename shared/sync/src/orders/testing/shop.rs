//! An order as the shop writes it (`docs/facts/bigcommerce.md` §3), varied before it is read.
//!
//! Totals that a test does not state are added up, so that an order is in itself without contradiction unless the test wants one.

use connector_bigcommerce::FullOrder;
use connector_domain::exact;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const ORDER: &str = r#"{
    "id": 218, "customer_id": 0, "status_id": 11, "status": "Awaiting Fulfillment", "is_deleted": false,
    "date_created": "Tue, 31 Mar 2026 18:40:11 +0000", "date_modified": "Tue, 31 Mar 2026 18:41:02 +0000",
    "shipping_cost_ex_tax": "0.0000", "handling_cost_ex_tax": "0.0000", "wrapping_cost_ex_tax": "0.0000",
    "total_tax": "0.0000", "is_tax_inclusive_pricing": false, "discount_amount": "0.0000", "coupon_discount": "0.0000",
    "gift_certificate_amount": "0.0000", "store_credit_amount": "0.0000", "refunded_amount": "0.0000",
    "items_shipped": 0, "default_currency_code": "USD", "currency_code": "USD", "payment_method": "Bank Transfer",
    "payment_status": "captured", "customer_message": "", "staff_notes": "", "order_source": "www", "channel_id": 1,
    "external_order_id": "", "order_is_digital": false
}"#;

const ADDRESS: &str = r#"{
    "first_name": "Ada", "last_name": "Lane", "company": "", "street_1": "1 Main St", "street_2": "Unit 2",
    "city": "Austin", "state": "Texas", "zip": "78701", "country": "United States", "country_iso2": "US",
    "phone": "512 555 0100", "email": "ada@example.com"
}"#;

const LINE: &str = r#"{
    "product_id": 118, "variant_id": 93, "order_address_id": 131, "name": "Hex Bolt M8x40", "type": "physical",
    "total_tax": "0.0000", "quantity_shipped": 0, "quantity_refunded": 0, "wrapping_cost_ex_tax": "0.0000",
    "parent_order_product_id": null, "is_bundled_product": false, "applied_discounts": [], "product_options": []
}"#;

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// One line, as a row of `/products`.
#[derive(Debug, Clone)]
pub(crate) struct Line(Value);

impl Line {
    /// `quantity` of `sku` at `price` each.
    pub(crate) fn new(id: u64, sku: &str, quantity: u32, price: &str) -> Self {
        let total = (exact::parse(price).unwrap() * Decimal::from(quantity)).to_string();
        Self(parsed(LINE))
            .with("id", id)
            .with("sku", sku)
            .with("quantity", quantity)
            .with("price_ex_tax", price)
            .with("price_inc_tax", price)
            .total(&total)
    }

    /// Another value for a field of the row.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    /// Another total than price × quantity, before discounts.
    pub(crate) fn total(self, total: &str) -> Self {
        self.with("total_ex_tax", total).with("total_inc_tax", total)
    }

    /// This line's share of what was taken off the order.
    pub(crate) fn discount(mut self, amount: &str) -> Self {
        let share =
            json!({"id": "coupon", "amount": amount, "name": "Spring", "code": "SPRING", "target": "order"});
        self.0["applied_discounts"].as_array_mut().unwrap().push(share);
        self
    }

    /// Something that the shopper chose.
    pub(crate) fn option(mut self, name: &str, value: &str) -> Self {
        let chosen = json!({"display_name": name, "display_value": value});
        self.0["product_options"].as_array_mut().unwrap().push(chosen);
        self
    }
}

/// An order with everything that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct ShopOrder {
    order: Value,
    lines: Vec<Line>,
    addresses: Vec<Value>,
    coupons: Vec<Value>,
    fees: Vec<Value>,
}

impl ShopOrder {
    /// A guest's order of these lines, paid, to one address, with nothing else to pay.
    pub(crate) fn of(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut order = parsed(ORDER);
        order["billing_address"] = parsed(ADDRESS);
        let mut to = parsed(ADDRESS);
        to["id"] = json!(131);
        to["shipping_method"] = json!("Flat Rate");
        let (coupons, fees) = (Vec::new(), Vec::new());
        Self { order, lines: lines.into_iter().collect(), addresses: vec![to], coupons, fees }
    }

    /// Another value for a field of the order; a total that is given here is not added up.
    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.order[field] = value.into();
        self
    }

    /// Another value for a field of the billing address.
    pub(crate) fn billed(mut self, field: &str, value: &str) -> Self {
        self.order["billing_address"][field] = json!(value);
        self
    }

    /// Another value for a field of the shipping address.
    pub(crate) fn shipped(mut self, field: &str, value: &str) -> Self {
        self.addresses[0][field] = json!(value);
        self
    }

    /// So many shipping addresses, all alike but for their ids.
    pub(crate) fn addresses(mut self, count: usize) -> Self {
        let one = self.addresses[0].clone();
        self.addresses = vec![one; count];
        self
    }

    /// Shipping for `cost`.
    pub(crate) fn shipping(self, cost: &str) -> Self {
        self.with("shipping_cost_ex_tax", cost)
    }

    /// A coupon that took `off` the order; the lines bear their shares themselves.
    pub(crate) fn coupon(mut self, code: &str, off: &str) -> Self {
        self.coupons
            .push(json!({"id": 3, "coupon_id": 2, "code": code, "amount": off, "type": 2, "discount": off}));
        self.with("coupon_discount", off)
    }

    /// A fee.
    pub(crate) fn fee(mut self, merchants_name: &str, cost: &str) -> Self {
        let id = self.fees.len() + 1;
        self.fees.push(json!({
            "id": id, "type": "custom_fee", "display_name_customer": "A fee", "display_name_merchant": merchants_name,
            "cost_ex_tax": cost, "cost_inc_tax": cost, "cost_tax": "0.0000"
        }));
        self
    }

    /// The order without its line at `at`.
    pub(crate) fn without_line(mut self, at: usize) -> Self {
        self.lines.remove(at);
        self
    }

    /// The order with one more line, the first.
    pub(crate) fn and_first(mut self, line: Line) -> Self {
        self.lines.insert(0, line);
        self
    }

    /// What our client reads.
    pub(crate) fn read(&self) -> FullOrder {
        let mut order = self.order.clone();
        let lines: Vec<&Value> = self.lines.iter().map(|line| &line.0).collect();
        let subtotal: Decimal = lines.iter().map(|line| amount(&line["total_ex_tax"])).sum();
        let more = ["shipping_cost_ex_tax", "handling_cost_ex_tax", "wrapping_cost_ex_tax"];
        let less = ["discount_amount", "coupon_discount"];
        let total = subtotal
            + more.iter().map(|field| amount(&order[*field])).sum::<Decimal>()
            + self.fees.iter().map(|fee| amount(&fee["cost_ex_tax"])).sum::<Decimal>()
            - less.iter().map(|field| amount(&order[*field])).sum::<Decimal>();
        let pieces: u64 = lines.iter().map(|line| line["quantity"].as_u64().unwrap()).sum();
        let (ex_tax, inc_tax) = (total.to_string(), (total + amount(&order["total_tax"])).to_string());
        unless_stated(&mut order, "items_total", json!(pieces));
        unless_stated(&mut order, "subtotal_ex_tax", json!(subtotal.to_string()));
        unless_stated(&mut order, "subtotal_inc_tax", json!(subtotal.to_string()));
        unless_stated(&mut order, "total_ex_tax", json!(ex_tax));
        unless_stated(&mut order, "total_inc_tax", json!(inc_tax));
        let list = |rows: &[Value]| json!(rows).to_string();
        FullOrder::from_json(
            &order.to_string(),
            &json!(lines).to_string(),
            &list(&self.addresses),
            &list(&self.coupons),
            &list(&self.fees),
        )
        .unwrap()
    }
}

fn amount(value: &Value) -> Decimal {
    exact::parse(value.as_str().unwrap()).unwrap()
}

fn unless_stated(order: &mut Value, field: &str, value: Value) {
    if order.get(field).is_none() {
        order[field] = value;
    }
}
