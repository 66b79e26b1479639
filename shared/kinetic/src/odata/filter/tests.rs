use connector_domain::exact;
use jiff::civil::date;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;
use rust_decimal::Decimal;
use test_case::test_case;

use super::*;

/// A small reader of its own, by the grammar of `OData` v4: what a server makes of our text.
mod reference {
    use super::{Decimal, Literal, exact};

    #[derive(Debug, PartialEq)]
    pub(super) enum Read {
        Compared(String, String, Literal),
        And(Vec<Read>),
        Or(Vec<Read>),
    }

    pub(super) fn read(text: &str) -> Option<Read> {
        let (tree, rest) = or(text)?;
        rest.is_empty().then_some(tree)
    }

    fn or(text: &str) -> Option<(Read, &str)> {
        chain(text, " or ", and, Read::Or)
    }

    fn and(text: &str) -> Option<(Read, &str)> {
        chain(text, " and ", term, Read::And)
    }

    type Rule = fn(&str) -> Option<(Read, &str)>;

    fn chain<'t>(
        text: &'t str,
        word: &str,
        inner: Rule,
        whole: fn(Vec<Read>) -> Read,
    ) -> Option<(Read, &'t str)> {
        let (first, mut rest) = inner(text)?;
        let mut all = vec![first];
        while let Some(after) = rest.strip_prefix(word) {
            let (next, left) = inner(after)?;
            all.push(next);
            rest = left;
        }
        let tree = if all.len() == 1 { all.pop()? } else { whole(all) };
        Some((tree, rest))
    }

    fn term(text: &str) -> Option<(Read, &str)> {
        if let Some(inner) = text.strip_prefix('(') {
            let (tree, rest) = or(inner)?;
            return Some((tree, rest.strip_prefix(')')?));
        }
        let (column, rest) = text.split_once(' ')?;
        let (operator, rest) = rest.split_once(' ')?;
        let (value, rest) = literal(rest)?;
        Some((Read::Compared(column.to_owned(), operator.to_owned(), value), rest))
    }

    fn literal(text: &str) -> Option<(Literal, &str)> {
        if let Some(mut rest) = text.strip_prefix('\'') {
            let mut value = String::new();
            loop {
                let (part, after) = rest.split_once('\'')?;
                value.push_str(part);
                match after.strip_prefix('\'') {
                    Some(more) => {
                        value.push('\'');
                        rest = more;
                    }
                    None => return Some((Literal::Text(value), after)),
                }
            }
        }
        let end = text.find([' ', ')']).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let value = match word {
            "true" => Literal::Flag(true),
            "false" => Literal::Flag(false),
            _ => number_or_date(word)?,
        };
        Some((value, rest))
    }

    fn number_or_date(word: &str) -> Option<Literal> {
        if let Ok(whole) = word.parse() {
            return Some(Literal::Whole(whole));
        }
        if let Ok(date) = word.parse() {
            return Some(Literal::Date(date));
        }
        let number: Decimal = exact::parse(word)?;
        Some(Literal::Decimal(number))
    }
}

use reference::Read;

fn meant(filter: &Filter) -> Read {
    match filter {
        Filter::Equals(column, value) => Read::Compared((*column).to_owned(), "eq".to_owned(), value.clone()),
        Filter::Above(column, value) => Read::Compared((*column).to_owned(), "gt".to_owned(), value.clone()),
        Filter::From(column, value) => Read::Compared((*column).to_owned(), "ge".to_owned(), value.clone()),
        Filter::Raw(raw) => panic!("{raw} is not made here"),
        Filter::All(parts) => Read::And(parts.iter().map(meant).collect()),
        Filter::Any(parts) => Read::Or(parts.iter().map(meant).collect()),
    }
}

#[test_case(Filter::equals("PONum", "O'Neil"), "PONum eq 'O''Neil'")]
#[test_case(Filter::equals("OrderNum", 5), "OrderNum eq 5")]
#[test_case(Filter::equals("OpenOrder", true), "OpenOrder eq true")]
#[test_case(Filter::above("ChangeDate", date(2026, 3, 6)), "ChangeDate gt 2026-03-06"; "a bare date")]
#[test_case(Filter::equals("DocUnitPrice", Decimal::new(2250, 2)), "DocUnitPrice eq 22.50")]
#[test_case(Filter::From("ChangedOn", Literal::Moment("2026-03-06T08:15:30.9Z".parse().unwrap())), "ChangedOn ge 2026-03-06T08:15:30Z"; "a bare moment, rounded down")]
#[test_case(
    Filter::above("SysRevID", 7_i64).and(Filter::Raw("WebPart eq true or ClassID eq 'A'".parse().unwrap())),
    "SysRevID gt 7 and (WebPart eq true or ClassID eq 'A')"; "what a merchant wrote binds as one"
)]
#[test_case(Filter::above("SysRevID", 918_273_645_i64), "SysRevID gt 918273645")]
#[test_case(
    Filter::Any(vec![Filter::equals("PartNum", "A"), Filter::equals("PartNum", "B")]).and(Filter::above("CustNum", 4)),
    "(PartNum eq 'A' or PartNum eq 'B') and CustNum gt 4"; "a chain in a chain"
)]
fn a_filter_is_written(filter: impl std::fmt::Display, text: &str) {
    assert_eq!(filter.to_string(), text);
}

fn literals() -> impl Strategy<Value = Literal> {
    prop_oneof![
        "\\PC{0,20}".prop_map(Literal::Text),
        "['%/#+& \"()]{0,8}".prop_map(Literal::Text),
        any::<i64>().prop_map(Literal::Whole),
        (any::<i64>(), 1_u32..9)
            .prop_map(|(mantissa, scale)| Literal::Decimal(Decimal::new(mantissa, scale))),
        any::<bool>().prop_map(Literal::Flag),
        (1_i16..9999, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| Literal::Date(date(y, m, d))),
    ]
}

fn filters() -> impl Strategy<Value = Filter> {
    let leaf = (prop_oneof![Just("PONum"), Just("OrderNum")], literals(), any::<bool>()).prop_map(
        |(column, value, equal)| {
            if equal { Filter::Equals(column, value) } else { Filter::Above(column, value) }
        },
    );
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::All),
            prop::collection::vec(inner, 2..4).prop_map(Filter::Any),
        ]
    })
}

proptest! {
    #[test]
    fn what_a_server_reads_is_what_was_meant(filter in filters()) {
        // Through an URL, as it travels.
        let sent = utf8_percent_encode(&filter.to_string(), NON_ALPHANUMERIC).to_string();
        let got = percent_decode_str(&sent).decode_utf8().unwrap();
        prop_assert_eq!(reference::read(&got), Some(meant(&filter)));
    }
}
