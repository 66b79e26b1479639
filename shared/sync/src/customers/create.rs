//! A customer for a shopper whom nobody matches.

use connector_domain::{Email, Text};
use connector_kinetic::{CustomerFound, LookAlike};

use super::new::new_customer;
use super::shopper::Shopper;
use super::{CUSTOMER_STEP, named, usable};
use crate::hold::{Hold, HoldReason};
use crate::job::Failure;
use crate::orders::audit::Trail;
use crate::orders::map::Buyer;
use crate::rules::LookAlikeRule;

/// How many `CustID`s are tried before a person is asked.
const CANDIDATES: u8 = 5;

/// What a `CustID` that was tried came to.
enum Candidate {
    /// Nobody has it.
    Free(Text<10>),
    /// This very shopper's customer has it.
    Ours(Buyer),
}

impl Shopper<'_> {
    /// Creates the customer; for callers under the shopper's lease who have looked.
    pub(super) async fn create(&self, trail: &mut Trail<'_>) -> Result<Buyer, Failure> {
        let rules = &self.hand.connected.rules;
        let external_id = self.external_id();
        if !rules.shoppers.create {
            return Err(Failure::Held(self.missing(&format!(
                "no customer matches {}; create one in Kinetic with ExternalID {external_id}",
                self.identity
            ))));
        }
        let cust_id = match self.free_cust_id(&external_id).await? {
            Candidate::Free(cust_id) => cust_id,
            Candidate::Ours(buyer) => return Ok(buyer),
        };
        let mut notes = Vec::new();
        let customer = new_customer(self.order, rules, cust_id, external_id, &mut notes)?;
        for note in notes {
            trail.rule(note.rule, &note.detail);
        }
        let step = format!("{CUSTOMER_STEP}{}", customer.cust_id);
        let customers = self.hand.connected.kinetic.customers();
        let draft = customers.draft(&customer, self.hand.deadline).await?;
        self.compare(draft.look_alikes(), &step, trail)?;
        trail.will_create(&step).await?;
        match customers.save(draft, self.hand.deadline).await {
            Ok(found) => {
                trail.saved(&step, None);
                Ok(usable(&found)?)
            }
            Err(error) => Err(trail.failed(&step, error)),
        }
    }

    /// A customer that looks like another may be the same that people entered under an address of theirs.
    fn compare(&self, look_alikes: &[LookAlike], step: &str, trail: &mut Trail<'_>) -> Result<(), Hold> {
        if look_alikes.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = look_alikes.iter().map(|other| other.cust_id.as_str()).collect();
        let names: Vec<String> =
            look_alikes.iter().map(|other| named(&other.cust_id, other.cust_num)).collect();
        let names = names.join(", ");
        match self.hand.connected.rules.shoppers.look_alike {
            LookAlikeRule::Note => {
                trail.rule("shopper.look_alike", format!("{step} looks like {names}"));
                Ok(())
            }
            LookAlikeRule::Hold => Err(Hold::about(
                HoldReason::LookAlikeCustomer,
                ids.join(","),
                format!(
                    "{} has no customer, but may be {names}, by name or address; give the right one the ExternalID {}, or set \
                     [shoppers] look_alike = \"note\" to have a new one created",
                    self.identity,
                    self.external_id()
                ),
            )),
        }
    }

    async fn free_cust_id(&self, external_id: &str) -> Result<Candidate, Failure> {
        let customers = self.hand.connected.kinetic.customers();
        for attempt in 0..CANDIDATES {
            let prefix = &self.hand.connected.rules.shoppers.cust_id_prefix;
            let Some(candidate) = self.identity.cust_id(prefix, attempt) else { break };
            match customers.by_cust_id(&candidate, self.hand.deadline).await? {
                None => return Ok(Candidate::Free(candidate)),
                // It appeared since it was looked for.
                Some(found) if is_theirs(&found, external_id, self.email.as_ref()) => {
                    return Ok(Candidate::Ours(usable(&found)?));
                }
                Some(_) => {}
            }
        }
        Err(Failure::Held(self.missing(&format!(
            "every CustID that {} could get is taken; create the customer by hand with ExternalID {external_id}",
            self.identity
        ))))
    }

    fn missing(&self, words: &str) -> Hold {
        Hold::about(HoldReason::CustomerMissing, self.identity.key(), words)
    }
}

/// Whether the customer that has the shopper's `CustID` is the shopper's: its `ExternalID` or its address must agree.
fn is_theirs(found: &CustomerFound, external_id: &str, email: Option<&Email>) -> bool {
    found.external_id == external_id || (email.is_some() && found.email.as_ref() == email)
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_domain::CustNum;
    use test_case::test_case;

    #[test_case("BC-12", "", Some("ada@example.com"), true; "the shop's id agrees")]
    #[test_case("", "Ada@Example.com", Some("ada@example.com"), true; "the address agrees")]
    #[test_case("bc-12", "", Some("ada@example.com"), false; "an id of another connection")]
    #[test_case("", "bob@example.com", Some("ada@example.com"), false; "another address")]
    #[test_case("", "", None, false; "neither has an address")]
    fn a_customer_is_taken_only_if_id_or_address_agrees(
        external_id: &str,
        email: &str,
        shoppers: Option<&str>,
        expected: bool,
    ) {
        let found = CustomerFound {
            cust_num: CustNum(9),
            cust_id: "WC".to_owned(),
            external_id: external_id.to_owned(),
            email: Email::normalised(email),
            customer_type: "CUS".to_owned(),
            inactive: false,
            allow_ots: true,
            terms: String::new(),
            currency: String::new(),
            credit_hold: false,
        };
        let shoppers = shoppers.and_then(Email::normalised);
        assert_eq!(is_theirs(&found, "BC-12", shoppers.as_ref()), expected);
    }
}
