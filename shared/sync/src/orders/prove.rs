//! The proof: what Kinetic holds is what the shop sold, to the cent.

use connector_domain::Money;
use connector_kinetic::ReadBack;

use super::desired::DesiredOrder;
use super::plan::{same_charge, same_line};
use crate::hold::{Hold, HoldReason};
use crate::rules::{Rules, TaxRule};

/// Compares the order that Kinetic holds with the one it should hold.
///
/// Whose it is and where it goes; every line once, with part, quantity, price and discount; every charge; the total before tax to the
/// cent; the tax within the stated tolerance, or none where the tax is a charge.
///
/// # Errors
/// A [`Hold`] with the difference. An order that was staged stays so.
pub fn prove(desired: &DesiredOrder, held: &ReadBack, rules: &Rules) -> Result<(), Hold> {
    named(desired, held, rules)?;
    if rules.kinetic.prove_address {
        ship_to(desired, held)?;
    }
    lines(desired, held)?;
    charges(desired, held)?;
    let totals = &desired.totals;
    let (expected_net, expected_tax) =
        if totals.tax_is_charge { (totals.total(), Money::ZERO) } else { (totals.before_tax, totals.tax) };
    let net = held.total - held.total_tax;
    if net != expected_net {
        return Err(total(held, "before tax", expected_net, net));
    }
    let tolerance = match &rules.tax {
        TaxRule::Kinetic { tolerance } => *tolerance,
        TaxRule::Charge { .. } => Money::ZERO,
    };
    if (held.total_tax - expected_tax).abs() > tolerance {
        return Err(total(held, "of tax", expected_tax, held.total_tax));
    }
    Ok(())
}

/// The reference, by which alone the order is found again, whose it is, and the currency that all amounts are in.
fn named(desired: &DesiredOrder, held: &ReadBack, rules: &Rules) -> Result<(), Hold> {
    let (reference, kept) = (desired.header.external_ref.as_str(), held.anchor(desired.header.anchor));
    if kept != reference {
        let column = desired.header.anchor.column();
        return Err(differs(held, &format!("{column} is \"{kept}\" instead of \"{reference}\"")));
    }
    if held.cust_num != desired.cust_num {
        let (kinetic, ours) = (held.cust_num, desired.cust_num);
        return Err(differs(held, &format!("it belongs to customer {kinetic} (CustNum), not {ours}")));
    }
    if !held.currency.trim().eq_ignore_ascii_case(&rules.orders.kinetic_currency) {
        let (kinetic, ours) = (held.currency.trim(), &rules.orders.kinetic_currency);
        return Err(differs(held, &format!("it is in {kinetic}, the shop sold in {ours}")));
    }
    Ok(())
}

/// Where the goods go. Letters and digits must agree; a site may write blanks, signs and capitals its own way.
fn ship_to(desired: &DesiredOrder, held: &ReadBack) -> Result<(), Hold> {
    let Some(wanted) = &desired.header.one_time else { return Ok(()) };
    let Some(kept) = &held.header.one_time else {
        return Err(differs(held, "it does not go to the shop's address"));
    };
    let pairs = [
        ("OTSName", wanted.name.as_str(), &kept.name),
        ("OTSAddress1", wanted.address1.as_str(), &kept.address1),
        ("OTSAddress2", wanted.address2.as_str(), &kept.address2),
        ("OTSCity", wanted.city.as_str(), &kept.city),
        ("OTSState", wanted.state.as_str(), &kept.state),
        ("OTSZIP", wanted.zip.as_str(), &kept.zip),
    ];
    let mut other: Vec<&str> = pairs
        .into_iter()
        .filter(|(_, wanted, kept)| folded(wanted) != folded(kept))
        .map(|(name, ..)| name)
        .collect();
    other.extend((wanted.country_num != kept.country_num).then_some("OTSCountryNum"));
    if other.is_empty() {
        return Ok(());
    }
    Err(differs(held, &format!("{} did not stay as written", other.join(", "))))
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn lines(desired: &DesiredOrder, held: &ReadBack) -> Result<(), Hold> {
    let count = held.ordered_lines().count();
    if count != desired.lines.len() {
        return Err(differs(held, &format!("it has {count} lines, the shop {}", desired.lines.len())));
    }
    for wanted in &desired.lines {
        let mut matching = held.ordered_lines().filter(|line| line.reference == wanted.reference.as_str());
        match (matching.next(), matching.next()) {
            (Some(line), None) if same_line(wanted, line) => {}
            (Some(line), None) => {
                let what = format!(
                    "line {}: {} × {} at {} less {}, the shop sold {} × {} at {} less {}",
                    line.order_line,
                    line.quantity,
                    line.part_num,
                    line.unit_price,
                    line.discount,
                    wanted.quantity,
                    wanted.part_num,
                    wanted.unit_price,
                    wanted.discount
                );
                return Err(differs(held, &what));
            }
            (None, _) => {
                return Err(differs(held, &format!("the shop's line {} is missing", wanted.reference)));
            }
            (Some(_), Some(_)) => {
                return Err(differs(
                    held,
                    &format!("the shop's line {} stands there twice", wanted.reference),
                ));
            }
        }
    }
    Ok(())
}

fn charges(desired: &DesiredOrder, held: &ReadBack) -> Result<(), Hold> {
    let mut left: Vec<_> = held.charges.iter().collect();
    for wanted in &desired.charges {
        match left.iter().position(|charge| same_charge(wanted, charge)) {
            Some(at) => drop(left.swap_remove(at)),
            None => {
                return Err(differs(
                    held,
                    &format!("the charge {} of {} is missing", wanted.code, wanted.amount),
                ));
            }
        }
    }
    match left.first() {
        None => Ok(()),
        Some(extra) => {
            Err(differs(held, &format!("a charge {} of {} is too many", extra.code, extra.amount)))
        }
    }
}

fn differs(held: &ReadBack, what: &str) -> Hold {
    Hold::about(
        HoldReason::ReadBackDiffers,
        held.order_num.to_string(),
        format!(
            "Kinetic order {} is not what was written: {what}; {}, correct it there",
            held.order_num,
            stands(held)
        ),
    )
}

fn total(held: &ReadBack, which: &str, shop: Money, kinetic: Money) -> Hold {
    Hold::about(
        HoldReason::TotalsDiffer,
        held.order_num.to_string(),
        format!(
            "Kinetic order {}: {kinetic} {which}, the shop says {shop} (difference {}); {}, check its tax region and charges, or \
             raise the tolerance under [tax]",
            held.order_num,
            kinetic - shop,
            stands(held)
        ),
    )
}

/// Whether somebody may pick it meanwhile.
const fn stands(held: &ReadBack) -> &'static str {
    if held.ready_to_fulfill { "the warehouse may pick it" } else { "it is still staged" }
}

#[cfg(test)]
mod tests;
