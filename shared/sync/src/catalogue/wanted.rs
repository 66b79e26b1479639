//! What the store should show of a part. Pure.

use std::collections::BTreeMap;

use connector_domain::{Money, Sku};
use connector_kinetic::{PartRow, PricePer};
use rust_decimal::Decimal;

use super::price::{self, NoPrice, ShopPrice};
use crate::rules::{CatalogueRules, Gone, InexactPrice, NameRule, Owned, PartRules, Weight};

/// The store takes no longer name (`docs/facts/bigcommerce.md` §5).
const NAME: usize = 250;

/// The store takes no longer bar code (§5).
const UPC: usize = 14;

/// What the store should show of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A product, or a variant of one.
    Shown(Product),
    /// The rules leave it out. What is in the store of it is hidden, if we brought it there.
    LeftOut,
    /// It cannot go out as it is.
    Held(Problem),
}

/// What the store should show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The part's number.
    pub sku: Sku,
    /// By field; those that Kinetic owns and those that only a new product gets.
    pub fields: BTreeMap<Owned, Field>,
    /// What a person should know although it goes out.
    pub flags: Vec<Problem>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Of [`Owned::Name`] and [`Owned::Upc`].
    Text(String),
    /// Of [`Owned::Price`] and [`Owned::Weight`].
    Number(Decimal),
    /// Of [`Owned::Visible`].
    Flag(bool),
}

impl Field {
    /// As it stands on the shelf and in the trail of changes.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.normalize().to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// What a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable word.
    pub reason: &'static str,
    /// What is wrong and what to do.
    pub words: String,
}

/// What the store should show of `part`, whose price comes from there.
pub fn wanted(part: &PartRow, price: &PriceFrom, rules: &CatalogueRules) -> Wanted {
    if !goes_out(part, &rules.parts) {
        return Wanted::LeftOut;
    }
    let mut flags = Vec::new();
    let price = match price.of(part, rules.inexact) {
        Ok(price) => price.map(|(price, flag)| {
            flags.extend(flag);
            price
        }),
        Err(problem) => return Wanted::Held(problem),
    };
    let name = match named(part, rules.name) {
        Ok(name) => name,
        Err(problem) => return Wanted::Held(problem),
    };
    let (weight, flag) = weighed(part, rules);
    flags.extend(flag);
    let mut fields = BTreeMap::from([
        (Owned::Name, Field::Text(name)),
        (Owned::Weight, Field::Number(weight)),
        (Owned::Visible, Field::Flag(is_sold(part, &rules.parts))),
    ]);
    fields.extend(price.map(|price| (Owned::Price, Field::Number(price.decimal()))));
    let [upc, ..] = &part.upc_codes;
    let upc = upc.trim();
    if upc.chars().count() <= UPC {
        fields.insert(Owned::Upc, Field::Text(upc.to_owned()));
    } else {
        flags.push(Problem {
            reason: "upc_too_long",
            words: format!("UPCCode1 of part \"{}\" has more than {UPC} characters and is left out; correct it in Kinetic", part.part_num),
        });
    }
    Wanted::Shown(Product { sku: Sku(part.part_num.clone()), fields, flags })
}

/// Whether the rules name it. Kinetic compares texts without regard to case, so these are as well.
pub(super) fn goes_out(part: &PartRow, rules: &PartRules) -> bool {
    let one_of = |set: &std::collections::BTreeSet<String>, value: &str| {
        set.is_empty() || set.iter().any(|listed| listed.trim().eq_ignore_ascii_case(value.trim()))
    };
    (part.web_part || !rules.web_only)
        && one_of(&rules.classes, &part.class_id)
        && one_of(&rules.groups, &part.prod_code)
}

fn is_sold(part: &PartRow, rules: &PartRules) -> bool {
    let flags =
        [(part.inactive, rules.inactive), (part.on_hold, rules.on_hold), (part.run_out, rules.run_out)];
    !flags.into_iter().any(|(is, rule)| is && rule == Gone::Hide)
}

/// Where the price of a part comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceFrom {
    /// `Part.UnitPrice`.
    Part,
    /// A price list.
    List {
        /// What it says.
        price: Decimal,
        /// For how many.
        per: PricePer,
    },
    /// It stays what is shown.
    AsShown,
    /// There is none.
    Nowhere(Problem),
}

impl PriceFrom {
    /// The price of `part`; `None` if it stays what is shown.
    fn of(&self, part: &PartRow, inexact: InexactPrice) -> Result<Option<Priced>, Problem> {
        let of_one = match self {
            Self::Part => priced(&part.part_num, "UnitPrice", part.unit_price, &part.price_per, inexact)?,
            Self::List { price, per } => priced(&part.part_num, "BasePrice", *price, per, inexact)?,
            Self::AsShown => return Ok(None),
            Self::Nowhere(problem) => return Err(problem.clone()),
        };
        Ok(Some(of_one))
    }
}

/// A price that goes out, and what a person should know of it.
pub(super) type Priced = (Money, Option<Problem>);

/// The price of one, from what `column` says of a part.
pub(super) fn priced(
    part_num: &str,
    column: &str,
    price: Decimal,
    per: &PricePer,
    inexact: InexactPrice,
) -> Result<Priced, Problem> {
    let of_one = price::each(price, per).map_err(|no| match no {
        NoPrice::UnknownCode(code) => Problem {
            reason: "unknown_price_code",
            words: format!(
                "PricePerCode \"{code}\" of part \"{part_num}\" is not E, C or M; correct it in Kinetic"
            ),
        },
        NoPrice::Negative => Problem {
            reason: "no_price",
            words: format!("{column} {price} of part \"{part_num}\" is no price; correct it in Kinetic"),
        },
    })?;
    let ShopPrice::Rounded { shown, exact } = of_one else { return Ok((of_one.shown(), None)) };
    let problem = |what: &str| Problem {
        reason: "inexact_price",
        words: format!("one of part \"{part_num}\" costs {exact}, and the store keeps four decimals: {what}"),
    };
    match inexact {
        InexactPrice::Round => Ok((shown, Some(problem(&format!("{shown} is shown"))))),
        InexactPrice::Hold => Err(problem(
            "nothing goes out; change the price in Kinetic, or let it be rounded (catalogue.inexact_price = \"round\")",
        )),
    }
}

fn named(part: &PartRow, rule: NameRule) -> Result<String, Problem> {
    // What a person typed over several lines is one line in the store.
    let description = part.description.split_whitespace().collect::<Vec<_>>().join(" ");
    let (part_num, end) = (part.part_num.trim(), format!(" ({})", part.part_num.trim()));
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>().trim_end().to_owned();
    match rule {
        NameRule::DescriptionAndPart if description.is_empty() => Ok(part_num.to_owned()),
        NameRule::DescriptionAndPart => {
            let room = NAME.saturating_sub(end.chars().count());
            Ok(cut(&description, room) + &end)
        }
        NameRule::Description if description.is_empty() => Err(Problem {
            reason: "no_name",
            words: format!("part \"{part_num}\" has no description to be its name; enter one in Kinetic"),
        }),
        NameRule::Description => Ok(cut(&description, NAME)),
    }
}

fn weighed(part: &PartRow, rules: &CatalogueRules) -> (Decimal, Option<Problem>) {
    let (weight, unit) = match rules.weight.column {
        Weight::Net => (part.net_weight, &part.net_weight_uom),
        Weight::Gross => (part.gross_weight, &part.gross_weight_uom),
    };
    if weight <= Decimal::ZERO {
        return (Decimal::ZERO, None);
    }
    let factor = match rules.weight.units.get(&unit.trim().to_uppercase()) {
        Some(factor) => *factor,
        None if rules.weight.units.is_empty() => Decimal::ONE,
        None => {
            let words = format!(
                "the weight of part \"{}\" is in \"{unit}\", which has no factor under catalogue.weight_units; 0 is shown",
                part.part_num
            );
            return (Decimal::ZERO, Some(Problem { reason: "unknown_weight_unit", words }));
        }
    };
    (weight.saturating_mul(factor).round_dp(4).normalize(), None)
}

#[cfg(test)]
mod tests;
