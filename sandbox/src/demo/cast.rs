//! Who buys what: the seven orders of the story, and what the store and the company must hold for them.

use connector_simulators::{
    Seed,
    bigcommerce::{Address, BigCommerceSeed, Customer, NewLine, NewOrder, dec, seed::shelf_line},
    kinetic::{KineticSeed, Part},
};
use connector_sync::hold::HoldReason;
use rust_decimal::Decimal;

use super::report::Expected;

/// How many lines the long order has.
const MANY: u32 = 120;

/// What nobody entered in Kinetic.
const UNKNOWN_SKU: &str = "EB-M12-90-A4";

/// Tax in Austin, Texas, and in the company's region `WEB`.
const TEXAS: &str = "0.0825";

/// One order of the demo.
#[derive(Debug, Clone)]
pub(super) struct Role {
    /// What it shows.
    pub(super) about: &'static str,
    /// How it must end.
    pub(super) expected: Expected,
    /// What is placed.
    pub(super) order: NewOrder,
}

/// What is on the stage before the connector comes, and the orders in the sequence in which they are placed.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) shoppers: Vec<Customer>,
    pub(super) company: KineticSeed,
    pub(super) roles: Vec<Role>,
}

impl Cast {
    /// The story on the built-in data, or on those of a file: then its orders are played after the story's own, and what
    /// the story needs and the file does not have is added.
    pub(super) fn of(file: Option<Seed>) -> Self {
        let Seed { bigcommerce, kinetic } = file.unwrap_or_default();
        let shift = highest_shopper(&bigcommerce);
        let story = story().into_iter().map(|mut role| {
            // A shopper of the file keeps his number, and the story's get others.
            if role.order.customer_id > 0 {
                role.order.customer_id += shift;
            }
            role
        });
        let theirs = bigcommerce.orders.into_iter().map(|order| Role {
            about: "from the seed file",
            expected: Expected::Explained,
            order,
        });
        let shoppers = BigCommerceSeed::distributor().customers.into_iter().map(|mut shopper| {
            shopper.id = shopper.id.map(|id| id + shift);
            shopper
        });
        Self {
            shoppers: bigcommerce.customers.into_iter().chain(shoppers).collect(),
            company: completed(kinetic),
            roles: story.chain(theirs).collect(),
        }
    }
}

fn highest_shopper(seed: &BigCommerceSeed) -> u64 {
    let registered = seed.customers.iter().filter_map(|shopper| shopper.id);
    registered.chain(seed.orders.iter().map(|order| order.customer_id)).max().unwrap_or(0)
}

impl Role {
    fn synced(about: &'static str, order: NewOrder) -> Self {
        Self { about, expected: Expected::Synced, order }
    }
}

/// The seven orders. The first four are the built-in store's own.
fn story() -> Vec<Role> {
    let mut built_in = BigCommerceSeed::distributor().orders.into_iter();
    let mut next = || built_in.next().unwrap_or_default();
    let workshop = next();
    let again = lines(
        NewOrder::of_customer(workshop.customer_id, workshop.billing.clone())
            .shipping("UPS® Ground", dec("14.20")),
        [shelf_line("DRL-HSS-8.5", 6), shelf_line("GLV-LEA-M", 2)],
    );
    let unknown = NewLine::new(UNKNOWN_SKU, 25, dec("2.9500")).name("Eye Bolt M12x90, A4");
    let unknown = lines(
        NewOrder::guest(Address::of("Tom", "Okafor", "tom.okafor@example.com"))
            .shipping("Flat Rate", dec("8.50")),
        [shelf_line("WSH-M8-ZN", 50), Some(unknown)],
    );
    vec![
        Role::synced("returning shopper", workshop),
        Role::synced("coupon, −10 %", next()),
        Role::synced("guest, ø and 🔔", next()),
        Role::synced("long name and a fee", next()),
        Role::synced("same shopper again", again),
        Role::synced("120 lines", long()),
        Role {
            about: "unknown SKU",
            expected: Expected::Held(HoldReason::UnknownPart.code()),
            order: unknown,
        },
    ]
}

fn lines(order: NewOrder, lines: impl IntoIterator<Item = Option<NewLine>>) -> NewOrder {
    lines.into_iter().flatten().fold(order.tax_rate(dec(TEXAS)), NewOrder::with_line)
}

/// A contractor restocks a van: each line another screw, at sub-cent prices.
fn long() -> NewOrder {
    let contractor = Address::of("Priya", "Raghunathan", "priya@raghunathan-roofing.example.com")
        .company("Raghunathan Roofing LLC")
        .at("6100 Caliche Trail", "Leander", "Texas", "78641");
    let screws =
        (1..=MANY).map(|n| Some(NewLine::new(&screw(n), 10 + n % 7 * 5, price(n)).name(&screw_name(n))));
    lines(NewOrder::guest(contractor).shipping("UPS® Ground", dec("38.75")), screws)
}

fn screw(n: u32) -> String {
    format!("SCR-{n:03}")
}

fn screw_name(n: u32) -> String {
    format!("Roofing Screw no. {n}")
}

/// From 0.1237 on, a little more each.
fn price(n: u32) -> Decimal {
    Decimal::new(1200 + i64::from(n) * 37, 4)
}

/// The company of the file, with what the story needs added at the end.
fn completed(mut company: KineticSeed) -> KineticSeed {
    let needed = KineticSeed::distributor();
    let screws = (1..=MANY).map(|n| Part::new(&screw(n), &screw_name(n), price(n)));
    add(&mut company.parts, needed.parts.into_iter().chain(screws), |part| part.part_num.clone());
    add(&mut company.customers, needed.customers, |customer| customer.cust_id.clone());
    add(&mut company.charges, needed.charges, |charge| charge.code.clone());
    add(&mut company.terms, needed.terms, |(code, _)| code.clone());
    add(&mut company.ship_vias, needed.ship_vias, |(code, _)| code.clone());
    add(&mut company.countries, needed.countries, |(number, _, _)| *number);
    company
}

/// Adds each row whose key is not there yet.
fn add<T, K: PartialEq>(rows: &mut Vec<T>, needed: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) {
    for row in needed {
        if !rows.iter().any(|known| key(known) == key(&row)) {
            rows.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_has_seven_orders_that_are_what_they_are_called() {
        let roles = Cast::of(None).roles;
        let about: Vec<&str> = roles.iter().map(|role| role.about).collect();
        assert_eq!(about.len(), 7, "{about:?}");
        let order = |about: &str| &roles.iter().find(|role| role.about == about).unwrap().order;
        assert_eq!(order("same shopper again").customer_id, order("returning shopper").customer_id);
        assert_eq!(order("coupon, −10 %").coupons.len(), 1);
        assert_eq!(order("guest, ø and 🔔").customer_id, 0);
        assert_eq!(order("long name and a fee").fees.len(), 1);
        assert_eq!(order("120 lines").lines.len(), 120);
        assert!(order("unknown SKU").lines.iter().any(|line| line.sku == UNKNOWN_SKU));
    }

    #[test]
    fn a_file_is_completed_and_keeps_what_it_says() {
        let file = r#"{"kinetic":{"parts":[{"part_num":"GLV-NIT-L","inactive":true}]},
                       "bigcommerce":{"customers":[{"id":40,"email":"a@example.com"}],"orders":[{"customer_id":41}]}}"#;
        let cast = Cast::of(Some(Seed::from_json(file).unwrap()));
        let gloves: Vec<_> = cast.company.parts.iter().filter(|part| part.part_num == "GLV-NIT-L").collect();
        assert_eq!((gloves.len(), gloves[0].inactive), (1, true));
        assert!(cast.company.customers.iter().any(|customer| customer.cust_id == "WEBGUEST"));
        assert_eq!(cast.roles.len(), 8);
        assert_eq!(cast.roles[0].order.customer_id, 11 + 41, "another shopper than the file's");
    }
}
