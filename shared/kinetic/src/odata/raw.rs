//! A filter that a merchant wrote into the rules (§3).
//!
//! It goes to the server in parentheses beside our own conditions. A text such as `A eq 1) or (B eq 2` would undo them, so it is read first: it
//! must be one whole expression of the operators that clients were seen to use.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How deep parentheses may go.
const DEEPEST: usize = 16;

/// The longest filter, in bytes: it stands in the address of every page.
const LONGEST: usize = 1_000;

/// One whole `$filter` expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFilter {
    text: String,
    columns: BTreeSet<String>,
}

/// Why a text is no filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RawFilterError {
    /// Nothing is written.
    #[error("the filter is empty")]
    Empty,
    /// It would not fit beside the rest.
    #[error("the filter is longer than 1000 bytes")]
    TooLong,
    /// A quote has no end.
    #[error("a text in the filter has no closing quote; a quote inside is written twice")]
    Quote,
    /// A parenthesis is too many, too few, or too deep.
    #[error("the parentheses of the filter do not match")]
    Parentheses,
    /// It is not one expression of comparisons, functions, `and`, `or` and `not`.
    #[error("the filter is not one expression such as WebPart eq true and ClassID eq 'A'")]
    Grammar,
}

impl RawFilter {
    /// The columns that it names, so that they can be looked for before anything is asked.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }
}

impl fmt::Display for RawFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for RawFilter {
    type Err = RawFilterError;

    fn from_str(text: &str) -> Result<Self, RawFilterError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RawFilterError::Empty);
        }
        if text.len() > LONGEST {
            return Err(RawFilterError::TooLong);
        }
        let tokens = tokens(text)?;
        balanced(&tokens)?;
        let mut reader = Reader { rest: tokens.as_slice(), columns: BTreeSet::new() };
        reader.any()?;
        if !reader.rest.is_empty() || reader.columns.is_empty() {
            return Err(RawFilterError::Grammar);
        }
        Ok(Self { text: text.to_owned(), columns: reader.columns })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Open,
    Close,
    Comma,
    Text,
    Word(&'t str),
}

fn tokens(mut text: &str) -> Result<Vec<Token<'_>>, RawFilterError> {
    let mut tokens = Vec::new();
    while let Some(first) = text.chars().next() {
        let single = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            ',' => Some(Token::Comma),
            _ => None,
        };
        let length = if let Some(token) = single {
            tokens.push(token);
            1
        } else if first == '\'' {
            tokens.push(Token::Text);
            quoted(text).ok_or(RawFilterError::Quote)?
        } else if first == ' ' {
            1
        } else {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_.:-+".contains(c);
            let length = text.find(|c: char| !plain(c)).unwrap_or(text.len());
            let word = text.get(..length).filter(|word| !word.is_empty()).ok_or(RawFilterError::Grammar)?;
            tokens.push(Token::Word(word));
            length
        };
        text = text.get(length..).unwrap_or_default();
    }
    Ok(tokens)
}

/// The length of the text in quotes that `text` begins with; a quote inside is written twice.
fn quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\'' && bytes.next_if(|(_, next)| *next == b'\'').is_none() {
            return Some(at.saturating_add(1));
        }
    }
    None
}

fn balanced(tokens: &[Token<'_>]) -> Result<(), RawFilterError> {
    let mut depth = 0_usize;
    for token in tokens {
        depth = match token {
            Token::Open => depth.saturating_add(1),
            Token::Close => depth.checked_sub(1).ok_or(RawFilterError::Parentheses)?,
            Token::Comma | Token::Text | Token::Word(_) => depth,
        };
        if depth > DEEPEST {
            return Err(RawFilterError::Parentheses);
        }
    }
    if depth == 0 { Ok(()) } else { Err(RawFilterError::Parentheses) }
}

/// Reads by the grammar: `or` of `and` of `not` of comparisons. Depth is bounded, since the parentheses are.
struct Reader<'t> {
    rest: &'t [Token<'t>],
    columns: BTreeSet<String>,
}

impl Reader<'_> {
    fn takes(&mut self, wanted: Token<'_>) -> bool {
        match self.rest.split_first() {
            Some((token, rest)) if *token == wanted => {
                self.rest = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    fn any(&mut self) -> Result<(), RawFilterError> {
        self.all()?;
        while self.takes(Token::Word("or")) {
            self.all()?;
        }
        Ok(())
    }

    fn all(&mut self) -> Result<(), RawFilterError> {
        self.one()?;
        while self.takes(Token::Word("and")) {
            self.one()?;
        }
        Ok(())
    }

    fn one(&mut self) -> Result<(), RawFilterError> {
        while self.takes(Token::Word("not")) {}
        if self.takes(Token::Open) {
            self.any()?;
            return if self.takes(Token::Close) { Ok(()) } else { Err(RawFilterError::Parentheses) };
        }
        self.operand()?;
        let compared =
            ["eq", "ne", "gt", "ge", "lt", "le"].into_iter().any(|word| self.takes(Token::Word(word)));
        if compared { self.operand() } else { Ok(()) }
    }

    /// A value, a column, or a function of them.
    fn operand(&mut self) -> Result<(), RawFilterError> {
        let Some((token, rest)) = self.rest.split_first() else { return Err(RawFilterError::Grammar) };
        let word = match token {
            Token::Text => {
                self.rest = rest;
                return Ok(());
            }
            Token::Word(word) if !["and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le"].contains(word) => {
                *word
            }
            Token::Word(_) | Token::Open | Token::Close | Token::Comma => {
                return Err(RawFilterError::Grammar);
            }
        };
        self.rest = rest;
        if self.takes(Token::Open) {
            self.operand()?;
            while self.takes(Token::Comma) {
                self.operand()?;
            }
            return if self.takes(Token::Close) { Ok(()) } else { Err(RawFilterError::Grammar) };
        }
        let name = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if name && !["true", "false", "null"].contains(&word) {
            self.columns.insert(word.to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case("WebPart eq true", &["WebPart"])]
    #[test_case(" ClassID eq 'A' and (ProdCode eq 'B''s)' or not (RunOut eq true)) ", &["ClassID", "ProdCode", "RunOut"])]
    #[test_case("startswith(PartNum,'W-') and UnitPrice gt 1.50", &["PartNum", "UnitPrice"])]
    #[test_case("ChangedOn ge 2026-03-16T00:00:00Z", &["ChangedOn"])]
    #[test_case("contains(tolower(PartDescription), 'bolt') eq true", &["PartDescription"])]
    #[test_case("WebPart", &["WebPart"]; "a flag alone")]
    fn one_whole_expression_is_a_filter(text: &str, columns: &[&str]) {
        let filter: RawFilter = text.parse().unwrap();
        assert_eq!(filter.to_string(), text.trim());
        assert_eq!(filter.columns().collect::<Vec<_>>(), columns);
    }

    #[test_case("", RawFilterError::Empty)]
    #[test_case("WebPart eq true) or (1 eq 1", RawFilterError::Parentheses; "it would undo our own conditions")]
    #[test_case("(WebPart eq true", RawFilterError::Parentheses)]
    #[test_case("ClassID eq 'A", RawFilterError::Quote)]
    #[test_case("ClassID eq 'A' B", RawFilterError::Grammar; "something is left")]
    #[test_case("ClassID eq", RawFilterError::Grammar)]
    #[test_case("and ClassID eq 'A'", RawFilterError::Grammar)]
    #[test_case("ClassID eq 'A' and", RawFilterError::Grammar)]
    #[test_case("ClassID = 'A'", RawFilterError::Grammar; "SQL")]
    #[test_case("1 eq 1", RawFilterError::Grammar; "no column")]
    #[test_case("PartNum eq 'A'&$top=1", RawFilterError::Grammar; "another option")]
    #[test_case("()", RawFilterError::Grammar)]
    fn what_is_not_one_expression_is_refused(text: &str, error: RawFilterError) {
        assert_eq!(text.parse::<RawFilter>(), Err(error));
    }

    #[test]
    fn a_filter_is_not_endless() {
        assert_eq!(
            format!("A eq '{}'", "x".repeat(1_000)).parse::<RawFilter>(),
            Err(RawFilterError::TooLong)
        );
        let deep = format!("{}A eq 1{}", "(".repeat(17), ")".repeat(17));
        assert_eq!(deep.parse::<RawFilter>(), Err(RawFilterError::Parentheses));
    }
}
