//! Values in a `$filter` (§3).

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value as it stands in a `$filter`, not yet percent-encoded.
///
/// The wrong form is not a small mistake: a quoted date or number is answered 400 (§3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// Quoted, with quotes inside doubled.
    Text(String),
    /// Bare: 32 and 64 bits alike.
    Whole(i64),
    /// Bare, with exactly the decimal's digits.
    Decimal(Decimal),
    /// `true` or `false`.
    Flag(bool),
    /// A bare calendar date.
    Date(Date),
    /// A bare moment, to the second.
    Moment(Timestamp),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Decimal(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Moment(moment) => write!(f, "{moment:.0}"),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i32> for Literal {
    fn from(number: i32) -> Self {
        Self::Whole(i64::from(number))
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Decimal> for Literal {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Date> for Literal {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}
