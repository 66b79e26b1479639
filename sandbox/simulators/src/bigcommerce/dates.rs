//! The dates of v2: RFC 2822 out, RFC 2822 or ISO 8601 in.

use jiff::{Timestamp, civil, fmt::rfc2822, tz::TimeZone};

/// `Tue, 05 Mar 2019 21:40:11 +0000`.
pub(crate) fn wire(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A date of a filter to the second, `None` if it is neither form. Without a zone it is UTC.
pub(crate) fn filter(text: &str) -> Option<Timestamp> {
    let utc = |at: civil::DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
        .or_else(|| text.parse::<civil::DateTime>().ok().and_then(utc))
        .map(to_second)
}

/// The second that `at` lies in: the wire knows nothing finer.
pub(crate) fn to_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_out_as_rfc_2822_in_utc() {
        let at: Timestamp = "2019-03-05T21:40:11Z".parse().unwrap();
        assert_eq!(wire(at), "Tue, 05 Mar 2019 21:40:11 +0000");
        assert_eq!(filter(&wire(at)), Some(at));
    }

    #[test]
    fn filters_take_either_form_and_nothing_else() {
        let at: Timestamp = "2026-03-31T00:00:00Z".parse().unwrap();
        for text in [
            "2026-03-31",
            "2026-03-31T00:00:00",
            "2026-03-31T00:00:00.789Z",
            "2026-03-31T02:00:00+02:00",
            "Tue, 31 Mar 2026 00:00:00 +0000",
        ] {
            assert_eq!(filter(text), Some(at), "{text}");
        }
        for text in ["", "yesterday", "1774915200", "Tue, 31 Mar 2026 00:00:00  0000"] {
            assert_eq!(filter(text), None, "{text}");
        }
    }
}
