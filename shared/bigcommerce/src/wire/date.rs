//! Moments: RFC 2822 in v2, ISO 8601 in v3 (`docs/facts/bigcommerce.md` §1.5).

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A weekday that contradicts its date is not worth losing an order for.
static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// A moment that must be there, in either notation.
pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("expected a moment in RFC 2822 or ISO 8601"))
}

/// The moment in a text, if it is one.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    RFC_2822.parse_timestamp(text).ok().or_else(|| text.parse().ok())
}

/// A moment as the filters take it: ISO 8601 to the second, rounded down so that nothing falls out.
pub(crate) fn filter(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_mean_the_same_moment() {
        let v2 = parse("Tue, 05 Mar 2019 21:40:11 +0000").unwrap();
        assert_eq!(v2.to_string(), "2019-03-05T21:40:11Z");
        assert_eq!(parse("2019-03-05T21:40:11+00:00"), Some(v2));
        assert_eq!(parse("2019-03-05T21:40:11Z"), Some(v2));
        assert_eq!(parse("Mon, 05 Mar 2019 21:40:11 +0000"), Some(v2), "a wrong weekday");
        assert_eq!(parse(""), None);
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn a_filter_rounds_down_to_the_second() {
        assert_eq!(filter("2026-03-31T21:41:02.999Z".parse().unwrap()), "2026-03-31T21:41:02Z");
    }
}
