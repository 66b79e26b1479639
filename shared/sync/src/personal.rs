//! Keeps an order's own personal strings out of the ledger, the audit and the log.
//!
//! A vendor's error text may repeat what we sent: "Ship-to Ann O'Neil is not valid". Before such a text is stored, every personal
//! string of the order in hand is replaced.

use connector_bigcommerce::{Address, FullOrder};

/// What stands where something personal stood.
const REPLACED: &str = "[…]";

/// The personal strings of one order.
#[derive(Default, Clone)]
pub struct Personal {
    /// Longest first, so that a name goes before its parts.
    strings: Vec<String>,
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Personal({} strings)", self.strings.len())
    }
}

impl Personal {
    /// Collects the names, addresses, numbers and messages of `order`.
    pub fn of(order: &FullOrder) -> Self {
        let mut strings = Vec::new();
        address(&order.order.billing_address, &mut strings);
        for shipping in &order.shipping_addresses {
            address(&shipping.address, &mut strings);
        }
        strings.push(order.order.customer_message.clone());
        // What was engraved is a person's own text; a finish or a size is not, and would tear holes into part numbers.
        let options =
            order.lines.iter().flat_map(|line| &line.product_options).map(|option| &option.display_value);
        strings.extend(
            options
                .filter(|value| value.contains(char::is_whitespace) || value.chars().count() >= 10)
                .cloned(),
        );
        Self::from_strings(strings)
    }

    /// From loose strings.
    pub fn from_strings(strings: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = strings
            .into_iter()
            .flat_map(|text| with_parts(&text))
            .filter(|s| s.chars().count() >= 2)
            .collect();
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        Self { strings: all }
    }

    /// `text` without anything personal.
    ///
    /// Long strings go wherever they stand; strings of two or three characters only as words of their own, or "Al" would tear holes
    /// into "Already".
    pub fn scrub(&self, text: &str) -> String {
        self.strings.iter().fold(text.to_owned(), |text, secret| replace(&text, secret))
    }
}

fn address(from: &Address, into: &mut Vec<String>) {
    let name = format!("{} {}", from.first_name.trim(), from.last_name.trim());
    into.push(name);
    into.extend(from.personal().map(str::to_owned));
}

/// The string, what is left of it when a column cut it, and its lines: an echo may be any of them.
fn with_parts(text: &str) -> Vec<String> {
    let text = text.trim();
    // Words of a vendor are kept with single blanks.
    let collapsed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cuts = [10, 20, 30, 50];
    let mut parts: Vec<String> =
        [text, &collapsed].iter().flat_map(|text| cuts.iter().filter_map(|at| cut(text, *at))).collect();
    parts.push(collapsed.clone());
    parts.extend(text.lines().map(|line| line.trim().to_owned()));
    parts.push(text.to_owned());
    parts
}

fn cut(text: &str, units: usize) -> Option<String> {
    let mut seen = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            seen += c.len_utf16();
            seen <= units
        })
        .collect();
    (kept.len() < text.len()).then(|| kept.trim_end().to_owned())
}

/// Replaces `secret` in `text` without regard to case.
fn replace(text: &str, secret: &str) -> String {
    let wanted = secret.to_lowercase();
    let short = secret.chars().count() < 4;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        if let Some(matched) = prefix_len(rest, &wanted) {
            let (found, after) = rest.split_at(matched);
            let bounded = !word(before) && !word(after.chars().next());
            if !short || bounded {
                out.push_str(REPLACED);
                before = found.chars().last();
                rest = after;
                continue;
            }
        }
        out.push(first);
        before = Some(first);
        rest = rest.strip_prefix(first).unwrap_or_default();
    }
    out
}

/// How many bytes of `text` spell `wanted` (in small letters).
fn prefix_len(text: &str, wanted: &str) -> Option<usize> {
    let mut wanted = wanted.chars();
    let mut expected = wanted.next();
    for (at, c) in text.char_indices() {
        for lower in c.to_lowercase() {
            match expected {
                Some(want) if want == lower => expected = wanted.next(),
                _ => return None,
            }
        }
        if expected.is_none() {
            return Some(at + c.len_utf8());
        }
    }
    None
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn personal() -> Personal {
        Personal::from_strings(
            ["Zoë O'Neil", "Zoë", "O'Neil", "Al", "1 Main St", "ada@example.com"].map(String::from),
        )
    }

    #[test_case("Ship-to ZOË O'NEIL is not valid", "Ship-to […] is not valid"; "other case, accents")]
    #[test_case("Already used by al.", "Already used by […]."; "a short name only as a word")]
    #[test_case("mail ada@example.com", "mail […]"; "an address")]
    #[test_case("Part ABC-999 is inactive.", "Part ABC-999 is inactive."; "nothing personal")]
    fn what_is_personal_is_replaced(text: &str, expected: &str) {
        assert_eq!(personal().scrub(text), expected);
    }

    #[test]
    fn the_part_that_a_column_kept_is_replaced_too() {
        let long = "Anna-Katharina Freifrau von Hohenstein-Hohenberg-Wittelsbach";
        let personal = Personal::from_strings([long.to_owned()]);
        let kept = cut(long, 50).unwrap();
        assert_eq!(personal.scrub(&format!("OTSName {kept}!")), "OTSName […]!");
    }

    #[test]
    fn debug_shows_nothing() {
        assert!(!format!("{:?}", personal()).contains("O'Neil"));
    }
}
