//! Who a shopper is, as far as telling one from another goes.

use std::fmt;

use connector_domain::{Email, ShopperId, Text};
use sha2::{Digest as _, Sha256};

/// What makes two orders those of one shopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// The shop's own number.
    Registered(ShopperId),
    /// The e-mail address of a guest.
    Guest(Fingerprint),
}

/// Stands for an e-mail address where the address itself must not: in keys, ids and words. Equal addresses have equal ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint(String);

/// How many characters of a fingerprint tell two addresses apart.
const KEY: usize = 16;

/// How many characters of a fingerprint one candidate for a `CustID` takes, if they fit.
const CANDIDATE: usize = 8;

impl Fingerprint {
    /// 48 characters in base 36 of the address's SHA-256.
    pub(super) fn of(email: &Email) -> Self {
        let hash: [u8; 32] = Sha256::digest(email.as_str().as_bytes()).into();
        let (quarters, _) = hash.as_chunks::<8>();
        // The highest digit of a number of 64 bits is never above 3, so that it tells little.
        let digits = |quarter: &[u8; 8]| format!("{:0>13}", base36(u64::from_be_bytes(*quarter)));
        Self(quarters.iter().map(digits).filter_map(|text| text.get(1..).map(str::to_owned)).collect())
    }

    /// The key of a guest with this address: `G` and 16 characters.
    pub(super) fn key(&self) -> String {
        format!("G{}", self.0.get(..KEY).unwrap_or(&self.0))
    }
}

impl Identity {
    /// By which a shopper is leased, linked and told apart in words: `12`, or `G` and 16 characters. Nothing personal.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Registered(shopper) => shopper.to_string(),
            Self::Guest(email) => email.key(),
        }
    }

    /// What `Customer.ExternalID` holds: the connection's prefix and the key.
    pub(super) fn external_id(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.key())
    }

    /// A `CustID` for the shopper, another at each attempt; `None` where there is no further.
    ///
    /// The registered get `prefix` + base-36 id, and a letter where that is taken: `W3PQ`, `W3PQA`, …; guests eight characters of their
    /// fingerprint, or as many as fit, and then the next eight.
    pub(super) fn cust_id(&self, prefix: &str, attempt: u8) -> Option<Text<10>> {
        let tail = match self {
            Self::Registered(shopper) => {
                let letter = match attempt.checked_sub(1) {
                    None => String::new(),
                    Some(after) => {
                        char::from_digit(u32::from(after) + 10, 36)?.to_ascii_uppercase().to_string()
                    }
                };
                format!("{}{letter}", base36(shopper.0))
            }
            Self::Guest(Fingerprint(characters)) => {
                let start = usize::from(attempt) * CANDIDATE;
                let fits = CANDIDATE.min(10_usize.saturating_sub(prefix.len()));
                characters.get(start..start + fits)?.to_owned()
            }
        };
        Text::exact(&format!("{prefix}{tail}"))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registered(shopper) => write!(f, "shopper {shopper}"),
            Self::Guest(email) => write!(f, "guest {}", email.key()),
        }
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.extend(char::from_digit(digit, 36).map(|c| c.to_ascii_uppercase()));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use test_case::test_case;

    fn guest(email: &str) -> Identity {
        Identity::Guest(Fingerprint::of(&Email::normalised(email).unwrap()))
    }

    fn candidates(identity: &Identity, prefix: &str) -> Vec<String> {
        (0..=u8::MAX)
            .map_while(|attempt| identity.cust_id(prefix, attempt))
            .map(|id| id.as_str().to_owned())
            .collect()
    }

    #[test_case(11, 0, "WB")]
    #[test_case(u64::from(u32::MAX), 0, "W1Z141Z3")]
    #[test_case(11, 1, "WBA"; "a letter where it is taken")]
    fn the_cust_id_of_the_registered_is_the_prefix_and_the_id_in_base_36(
        shopper: u64,
        attempt: u8,
        expected: &str,
    ) {
        assert_eq!(Identity::Registered(ShopperId(shopper)).cust_id("W", attempt), Text::exact(expected));
    }

    #[test]
    fn an_id_that_fits_no_cust_id_is_none() {
        assert_eq!(Identity::Registered(ShopperId(u64::MAX)).cust_id("WWW", 0), None);
    }

    #[test]
    fn a_guest_is_known_by_the_address_however_it_is_typed() {
        assert_eq!(guest(" Ada@Example.COM "), guest("ada@example.com"));
        assert_ne!(guest("ada@example.com").key(), guest("adb@example.com").key());
    }

    /// Fixed for ever: customers in Kinetic bear them.
    #[test]
    fn the_ids_of_a_guest_stay_what_they_are() {
        let ada = guest("ada@example.com");
        assert_eq!(ada.external_id("BC-"), "BC-GRMOT0872QBC05Z4F");
        let tried = ["WRMOT0872", "WQBC05Z4F", "WA2Y7DRHN", "WMLBQCHYO", "WG2DJY0V1", "WPBBAXHMA"];
        assert_eq!(candidates(&ada, "W"), tried);
    }

    #[test_case("", 8)]
    #[test_case("W", 9)]
    #[test_case("EU", 10)]
    #[test_case("USA", 10; "of which one character less fits")]
    fn a_guest_has_six_cust_ids_to_try(prefix: &str, length: usize) {
        let tried = candidates(&guest("ada@example.com"), prefix);
        let different: BTreeSet<&String> = tried.iter().collect();
        assert_eq!((tried.len(), different.len()), (6, 6));
        for id in tried {
            assert_eq!(id.len(), length, "{id}");
            assert!(id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{id}");
        }
    }

    #[test]
    fn nothing_of_an_address_can_be_read_off_its_shopper() {
        let shown = format!("{0:?} {0}", guest("ada@example.com"));
        assert!(!shown.to_lowercase().contains("ada@") && !shown.contains("example"), "{shown}");
    }
}
