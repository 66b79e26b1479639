//! Who buys what: a seeded mixture of ordinary orders.

use connector_domain::{Random as _, SeededRandom};
use connector_simulators::bigcommerce::seed::{SHELF, shelf_line};
use connector_simulators::bigcommerce::{Address, Customer, NewOrder, dec};

/// The first shopper's number.
const FIRST_SHOPPER: u64 = 1000;

/// Tax in Austin, Texas, and in the company's region `WEB`.
const TEXAS: &str = "0.0825";

/// An endless row of orders; with the same seed the same.
#[derive(Debug)]
pub struct Baskets {
    dice: SeededRandom,
    lines: u64,
    shoppers: u64,
    guests: u64,
}

impl Baskets {
    /// Of up to `lines` lines each, for `orders` orders: about every twentieth has a shopper of its own.
    pub fn new(seed: u64, orders: usize, lines: u32) -> Self {
        let shoppers = u64::try_from(orders.div_ceil(20)).unwrap_or(u64::MAX).clamp(1, 100);
        Self { dice: SeededRandom::new(seed), lines: u64::from(lines.max(1)), shoppers, guests: 0 }
    }

    /// All registered shoppers.
    pub fn shoppers(&self) -> Vec<Customer> {
        (0..self.shoppers)
            .map(|number| {
                let Address { first_name, last_name, email, phone, .. } = shopper(number);
                Customer::new(&first_name, &last_name, &email).id(FIRST_SHOPPER + number).phone(&phone)
            })
            .collect()
    }

    /// The next order.
    pub fn order(&mut self) -> NewOrder {
        let mut order = self.buyer().tax_rate(dec(TEXAS));
        for _ in 0..=self.roll(self.lines) {
            order = self.line(order);
        }
        self.charges(self.discounts(order))
    }

    /// Two of five are guests.
    fn buyer(&mut self) -> NewOrder {
        if self.roll(5) < 2 {
            self.guests += 1;
            let email = format!("guest{}@example.com", self.guests);
            return NewOrder::guest(Address::of("Grace", &format!("Guest{}", self.guests), &email));
        }
        let number = self.roll(self.shoppers);
        NewOrder::of_customer(FIRST_SHOPPER + number, shopper(number))
    }

    fn line(&self, order: NewOrder) -> NewOrder {
        let sides = u64::try_from(SHELF.len()).unwrap_or_default();
        let at = usize::try_from(self.roll(sides)).unwrap_or_default();
        let quantity = u32::try_from(1 + self.roll(50)).unwrap_or(1);
        let line = SHELF.get(at).and_then(|(sku, _, _)| shelf_line(sku, quantity));
        match line {
            Some(line) => order.with_line(line),
            None => order,
        }
    }

    fn discounts(&self, order: NewOrder) -> NewOrder {
        match self.roll(10) {
            0 | 1 => order.percent_off("TEN", dec("10")),
            2 => order.amount_off("FIVE", dec("5.00")),
            3 => order.manual_discount(dec("0.50")),
            _ => order,
        }
    }

    fn charges(&self, order: NewOrder) -> NewOrder {
        let order = match self.roll(10) {
            0..6 => order.shipping("UPS® Ground", dec("11.09")),
            6..9 => order.shipping("Flat Rate", dec("8.50")),
            _ => order,
        };
        match self.roll(10) {
            0 => order.handling(dec("1.50")),
            1 => order.fee("Package Protection", dec("0.98")),
            _ => order,
        }
    }

    fn roll(&self, sides: u64) -> u64 {
        self.dice.next_u64().checked_rem(sides).unwrap_or_default()
    }
}

fn shopper(number: u64) -> Address {
    let email = format!("shopper{number}@example.com");
    Address::of("Sam", &format!("Shopper{number}"), &email).at("7 Load Street", "Austin", "Texas", "78702")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixture_is_the_same_each_time_and_has_everything_in_it() {
        let orders = |seed| {
            let mut baskets = Baskets::new(seed, 400, 5);
            (0..400).map(|_| baskets.order()).collect::<Vec<_>>()
        };
        let text = |orders: &[NewOrder]| serde_json::to_string(orders).unwrap();
        let all = orders(7);
        assert_eq!(text(&all), text(&orders(7)));
        assert_ne!(text(&all), text(&orders(8)));
        let lines: std::collections::BTreeSet<usize> = all.iter().map(|order| order.lines.len()).collect();
        assert_eq!(lines, (1..=5).collect());
        assert!(all.iter().any(|order| order.customer_id == 0));
        assert!(all.iter().any(|order| order.customer_id > 0));
        assert!(all.iter().any(|order| !order.coupons.is_empty()));
        assert!(all.iter().any(|order| !order.fees.is_empty()));
        assert!(all.iter().any(|order| !order.manual_discount.is_zero()));
        let known = Baskets::new(7, 400, 5).shoppers();
        let registered = |id| known.iter().any(|shopper| shopper.id == Some(id));
        assert!(all.iter().all(|order| order.customer_id == 0 || registered(order.customer_id)));
    }
}
