//! The words of a `$filter`.

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::kinetic::{body, refusal::Refusal};

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(Decimal),
    Date(DateTime),
    Guid(Uuid),
    Open,
    Close,
    Comma,
}

/// Cuts a filter into words.
///
/// # Errors
/// A string is not closed, or a word is neither name nor literal.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, left) = match first {
            ' ' | '\t' => {
                rest = rest.trim_start();
                continue;
            }
            '(' => (Token::Open, rest.trim_start_matches_once('(')),
            ')' => (Token::Close, rest.trim_start_matches_once(')')),
            ',' => (Token::Comma, rest.trim_start_matches_once(',')),
            '\'' => quoted(rest, text)?,
            _ => {
                let end = rest.find([' ', '\t', '(', ')', ',', '\'']).unwrap_or(rest.len());
                let (word, left) = rest.split_at(end);
                (bare(word, text)?, left)
            }
        };
        tokens.push(token);
        rest = left;
    }
    Ok(tokens)
}

/// `str::strip_prefix` for a character that is known to be there.
trait Once {
    fn trim_start_matches_once(&self, c: char) -> &str;
}

impl Once for str {
    fn trim_start_matches_once(&self, c: char) -> &str {
        self.strip_prefix(c).unwrap_or(self)
    }
}

fn quoted<'a>(rest: &'a str, whole: &str) -> Result<(Token, &'a str), Refusal> {
    let mut text = String::new();
    let mut rest = rest.trim_start_matches_once('\'');
    loop {
        let Some((piece, left)) = rest.split_once('\'') else {
            return Err(Refusal::odata(format!("There is an unterminated string literal in '{whole}'.")));
        };
        text.push_str(piece);
        match left.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return Ok((Token::Text(text), left)),
        }
    }
}

fn bare(word: &str, whole: &str) -> Result<Token, Refusal> {
    if let Ok(guid) = word.parse::<Uuid>().map_err(|_| ()) {
        return Ok(Token::Guid(guid));
    }
    if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return Ok(Token::Name(word.to_owned()));
    }
    // Without its hyphens a date would be a number: `20260316`.
    if let Some(date) = word.get(1..).filter(|rest| rest.contains('-')).and_then(|_| body::date(word)) {
        return Ok(Token::Date(date));
    }
    body::number(word)
        .map(Token::Number)
        .ok_or_else(|| Refusal::odata(format!("Syntax error: '{word}' in '{whole}'.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_quote_is_one_and_what_stands_in_a_string_is_no_syntax() {
        let words = tokens("PartNum eq 'O''RING 1/2 (IN), or'").unwrap();
        assert_eq!(words[2], Token::Text("O'RING 1/2 (IN), or".to_owned()));
        assert_eq!(words.len(), 3);
        assert!(tokens("PartNum eq 'O'RING'").is_err());
    }

    #[test]
    fn dates_numbers_and_ids_are_told_apart() {
        assert!(matches!(tokens("2026-03-16T00:00:00Z").unwrap()[0], Token::Date(_)));
        assert!(matches!(tokens("2026-03-16").unwrap()[0], Token::Date(_)));
        assert_eq!(tokens("20260316").unwrap()[0], Token::Number(Decimal::from(20_260_316)));
        assert_eq!(tokens("-1.50").unwrap()[0], Token::Number(Decimal::new(-150, 2)));
        let id = "2d6c1c1e-0d2b-4b53-9e0a-0f5f8b6a0001";
        assert!(matches!(tokens(id).unwrap()[0], Token::Guid(_)));
    }
}
