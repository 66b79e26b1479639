//! What Kinetic says about the customer's credit, before anything of an order is saved (§7.5).

use connector_domain::CustNum;

use super::audit::Trail;
use super::desired::DesiredOrder;
use crate::customers::named;
use crate::hold::{Hold, HoldReason};
use crate::rules::CreditRule;

/// Judges what Kinetic remarked on the customer when the header was drafted: noted and told, or held.
///
/// # Errors
/// [`HoldReason::CreditHold`] with Kinetic's words, where the rules say so.
pub(super) fn judge(warnings: &[String], desired: &DesiredOrder, trail: &mut Trail<'_>) -> Result<(), Hold> {
    let customer = (desired.header.cust_id.as_str(), desired.cust_num);
    if let Some(hold) = held(warnings, desired.credit, customer) {
        return Err(hold);
    }
    for warning in warnings {
        trail.rule("credit.warning", warning);
    }
    if !warnings.is_empty() {
        let customer = trail.scrub(&named(customer.0, customer.1));
        let words = trail.scrub(&warnings.join(" "));
        tracing::warn!(
            kinetic.cust_num = desired.cust_num.0,
            "the order is written although Kinetic warns of customer {customer}: {words}"
        );
    }
    Ok(())
}

fn held(warnings: &[String], rule: CreditRule, customer: (&str, CustNum)) -> Option<Hold> {
    match rule {
        CreditRule::Flag => None,
        CreditRule::Hold if warnings.is_empty() => None,
        CreditRule::Hold => Some(Hold::about(
            HoldReason::CreditHold,
            customer.0,
            format!(
                "Kinetic warns of the credit of customer {}: {}; raise the limit or release the hold there, or set [orders] \
                 credit = \"flag\"; then save the order in the shop",
                named(customer.0, customer.1),
                warnings.join(" ")
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(CreditRule::Hold, &[], false; "nothing to say")]
    #[test_case(CreditRule::Hold, &["Over the limit.", "60 days late."], true; "warned and held")]
    #[test_case(CreditRule::Flag, &["Over the limit."], false; "warned and flagged")]
    fn only_a_warning_holds_and_only_where_the_rules_say_so(
        rule: CreditRule,
        warnings: &[&str],
        expected: bool,
    ) {
        let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        let hold = held(&warnings, rule, ("ACME", CustNum(9)));
        assert_eq!(hold.is_some(), expected);
        if let Some(hold) = hold {
            assert_eq!((hold.reason, hold.subject.as_deref()), (HoldReason::CreditHold, Some("ACME")));
            assert!(
                hold.words.contains("ACME (CustNum 9): Over the limit. 60 days late.; raise"),
                "{}",
                hold.words
            );
        }
    }
}
