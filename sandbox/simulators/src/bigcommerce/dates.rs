//! The dates of v2: RFC 2822 out, RFC 2822 or ISO 8601 in; those of v3 are ISO 8601 both ways.

use jiff::{Timestamp, civil, fmt::rfc2822, tz::TimeZone};

/// `Tue, 05 Mar 2019 21:40:11 +0000`.
pub(crate) fn wire(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// `2018-08-15T14:48:46+00:00`, as the catalogue writes it.
pub(crate) fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// `2022-09-17T18:41:59Z`, as price lists and locations write it.
pub(crate) fn iso_z(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A date of a catalogue filter: one without a time gets the time of day that it is now (`docs/facts/bigcommerce.md` §5.1).
pub(crate) fn catalog_filter(text: &str, now: Timestamp) -> Option<Timestamp> {
    let at = filter(text)?;
    let bare = text.parse::<civil::Date>().is_ok() && !text.contains(['T', ':']);
    if !bare {
        return Some(at);
    }
    let day = i64::from(24_u8).saturating_mul(3600);
    at.as_second()
        .checked_add(now.as_second().rem_euclid(day))
        .and_then(|second| Timestamp::from_second(second).ok())
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
