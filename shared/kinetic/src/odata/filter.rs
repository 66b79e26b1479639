//! The `$filter` option, from the few operators that clients were seen to use (§3).

use std::fmt;

use super::{Literal, RawFilter};

/// A condition on columns. Column names are constants of this crate, values are [`Literal`]s: nothing of a shop can become syntax. What a merchant wrote for the rules is a [`RawFilter`], which was read first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `column eq value`. SQL Server ignores case and trailing blanks of texts: compare again (§3).
    Equals(&'static str, Literal),
    /// `column gt value`.
    Above(&'static str, Literal),
    /// `column ge value`.
    From(&'static str, Literal),
    /// What a merchant wrote, always in parentheses.
    Raw(RawFilter),
    /// All of them.
    All(Vec<Filter>),
    /// Any of them; `or` chains are used rather than `in` (§3).
    Any(Vec<Filter>),
}

impl Filter {
    /// `column eq value`.
    pub fn equals(column: &'static str, value: impl Into<Literal>) -> Self {
        Self::Equals(column, value.into())
    }

    /// `column gt value`.
    pub fn above(column: &'static str, value: impl Into<Literal>) -> Self {
        Self::Above(column, value.into())
    }

    /// This condition and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(column, value) => write!(f, "{column} eq {value}"),
            Self::Above(column, value) => write!(f, "{column} gt {value}"),
            Self::From(column, value) => write!(f, "{column} ge {value}"),
            Self::Raw(raw) => write!(f, "({raw})"),
            Self::All(parts) => chain(f, parts, " and "),
            Self::Any(parts) => chain(f, parts, " or "),
        }
    }
}

/// Nested chains stand in parentheses, so that nobody needs to know which operator binds closer.
fn chain(f: &mut fmt::Formatter<'_>, parts: &[Filter], between: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        match part {
            Filter::All(_) | Filter::Any(_) => write!(f, "({part})")?,
            Filter::Equals(..) | Filter::Above(..) | Filter::From(..) | Filter::Raw(_) => {
                write!(f, "{part}")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
