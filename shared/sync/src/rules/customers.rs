//! Which customer an order is written to: the sections `[guests]` and `[shoppers]`.

use connector_domain::Text;

use super::ShopperRules;
use super::file::code;
use super::read::Section;

/// Which customer the orders of guests are written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuestRule {
    /// All to this house account, by its `CustID`.
    HouseAccount(Text<10>),
    /// Each to the customer of its e-mail address, as if the guest were registered.
    Customer {
        /// `CustID` of the house account for orders without an address.
        house_account: Option<Text<10>>,
    },
}

/// What becomes of a customer to be that looks like one there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookAlikeRule {
    /// It is created; the trail names the others.
    Note,
    /// It is not; the order is held.
    Hold,
}

pub(super) fn guests(mut section: Section, all: &mut Vec<String>) -> GuestRule {
    let each = section.parsed("mode", "house_account or customer", |word| match word {
        "house_account" => Some(false),
        "customer" => Some(true),
        _ => None,
    });
    let rule = if each.unwrap_or(false) {
        GuestRule::Customer { house_account: code(&mut section, "cust_id") }
    } else {
        let text = section.needed("cust_id");
        GuestRule::HouseAccount(Text::exact(&text).unwrap_or_else(|| {
            section.problem("cust_id", "is longer than the 10 characters of Customer.CustID");
            Text::default()
        }))
    };
    section.close(all);
    rule
}

pub(super) fn shoppers(mut section: Section, all: &mut Vec<String>) -> ShopperRules {
    let rules = ShopperRules {
        create: section.flag("create", true),
        cust_id_prefix: section.text("cust_id_prefix").unwrap_or_else(|| "W".to_owned()),
        look_alike: section.parsed("look_alike", "note or hold", look_alike).unwrap_or(LookAlikeRule::Note),
        terms: code(&mut section, "terms"),
        currency: code(&mut section, "currency"),
        territory: code(&mut section, "territory"),
        group: code(&mut section, "group"),
        ship_via: code(&mut section, "ship_via"),
        tax_region: code(&mut section, "tax_region"),
    };
    let plain = rules.cust_id_prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if rules.cust_id_prefix.len() > 3 || !plain {
        section.problem("cust_id_prefix", "must be at most 3 of A-Z, a-z, 0-9 and -");
    }
    section.close(all);
    rules
}

fn look_alike(word: &str) -> Option<LookAlikeRule> {
    match word {
        "note" => Some(LookAlikeRule::Note),
        "hold" => Some(LookAlikeRule::Hold),
        _ => None,
    }
}
