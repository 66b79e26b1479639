//! A `$filter`, parsed against a table and evaluated on its rows.

use std::cmp::Ordering;

use super::lexer::{Token, tokens};
use crate::kinetic::{
    company::folded,
    refusal::Refusal,
    row::{Cell, Row},
    schema::{Kind, Table},
};

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Comparison, Cell),
    Text(TextTest, String, String),
    /// A flag column that stands alone.
    Is(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTest {
    Contains,
    Starts,
    Ends,
}

impl Filter {
    /// Parses a filter whose columns must be those of `table` in the database.
    ///
    /// # Errors
    /// It is no filter, names a column that cannot be filtered by, or compares things of different kinds.
    pub(super) fn parse(text: &str, name: &str, table: &Table) -> Result<Self, Refusal> {
        let mut parser = Parser { words: tokens(text)?.into_iter().peekable(), text, name, table };
        let filter = parser.either()?;
        match parser.words.next() {
            None => Ok(filter),
            Some(_) => Err(parser.syntax()),
        }
    }

    /// The same of columns whose names do not begin so.
    pub(super) fn without(self, prefix: &str) -> Self {
        let plain = |column: String| column.strip_prefix(prefix).map(str::to_owned).unwrap_or(column);
        let inner = |filter: Box<Self>| Box::new(filter.without(prefix));
        match self {
            Self::And(left, right) => Self::And(inner(left), inner(right)),
            Self::Or(left, right) => Self::Or(inner(left), inner(right)),
            Self::Not(filter) => Self::Not(inner(filter)),
            Self::Is(column) => Self::Is(plain(column)),
            Self::Text(test, column, wanted) => Self::Text(test, plain(column), wanted),
            Self::Compare(column, comparison, literal) => Self::Compare(plain(column), comparison, literal),
        }
    }

    /// Whether it speaks of this column.
    pub(super) fn names(&self, wanted: &str) -> bool {
        match self {
            Self::And(left, right) | Self::Or(left, right) => left.names(wanted) || right.names(wanted),
            Self::Not(inner) => inner.names(wanted),
            Self::Is(column) | Self::Text(_, column, _) | Self::Compare(column, _, _) => column == wanted,
        }
    }

    /// Whether a row is meant, compared as SQL Server does.
    pub(super) fn fits(&self, row: &Row) -> bool {
        match self {
            Self::And(left, right) => left.fits(row) && right.fits(row),
            Self::Or(left, right) => left.fits(row) || right.fits(row),
            Self::Not(inner) => !inner.fits(row),
            Self::Is(column) => row.flag(column),
            Self::Text(test, column, wanted) => {
                let (found, wanted) = (row.text(column).to_lowercase(), wanted.to_lowercase());
                match test {
                    TextTest::Contains => found.contains(&wanted),
                    TextTest::Starts => found.starts_with(&wanted),
                    TextTest::Ends => found.ends_with(&wanted),
                }
            }
            Self::Compare(column, comparison, literal) => {
                let found = row.look(column);
                if *found == Cell::Null || *literal == Cell::Null {
                    let equal = *found == *literal;
                    return match comparison {
                        Comparison::Eq => equal,
                        Comparison::Ne => !equal,
                        Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le => false,
                    };
                }
                let order = compare(&found, literal);
                match comparison {
                    Comparison::Eq => order.is_eq(),
                    Comparison::Ne => order.is_ne(),
                    Comparison::Gt => order.is_gt(),
                    Comparison::Ge => order.is_ge(),
                    Comparison::Lt => order.is_lt(),
                    Comparison::Le => order.is_le(),
                }
            }
        }
    }
}

/// The order of two cells of one column.
pub(super) fn compare(left: &Cell, right: &Cell) -> Ordering {
    match (left, right) {
        (Cell::Text(left), Cell::Text(right)) => order(left, right),
        (Cell::Flag(left), Cell::Flag(right)) => left.cmp(right),
        (Cell::Int(left), Cell::Int(right)) => left.cmp(right),
        (Cell::Date(left), Cell::Date(right)) => left.cmp(right),
        (Cell::Null, Cell::Null) => Ordering::Equal,
        (Cell::Null, _) => Ordering::Less,
        (_, Cell::Null) => Ordering::Greater,
        (left, right) => decimal(left).cmp(&decimal(right)),
    }
}

/// The order of [`folded`] texts, without folding where all is ASCII.
fn order(left: &str, right: &str) -> Ordering {
    if !left.is_ascii() || !right.is_ascii() {
        return folded(left).cmp(&folded(right));
    }
    small(left).cmp(small(right))
}

fn small(text: &str) -> impl Iterator<Item = u8> {
    text.trim_end_matches(' ').bytes().map(|byte| byte.to_ascii_lowercase())
}

fn decimal(cell: &Cell) -> Option<rust_decimal::Decimal> {
    match cell {
        Cell::Int(number) => Some((*number).into()),
        Cell::Decimal(number) => Some(*number),
        Cell::Text(_) | Cell::Flag(_) | Cell::Date(_) | Cell::Null => None,
    }
}

struct Parser<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<Token>>,
    text: &'a str,
    name: &'a str,
    table: &'a Table,
}

impl Parser<'_> {
    fn syntax(&self) -> Refusal {
        Refusal::odata(format!("Syntax error in '{}'.", self.text))
    }

    fn takes(&mut self, word: &str) -> bool {
        self.words.next_if(|token| matches!(token, Token::Name(name) if name == word)).is_some()
    }

    fn expect(&mut self, token: &Token) -> Result<(), Refusal> {
        match self.words.next_if_eq(token) {
            Some(_) => Ok(()),
            None => Err(self.syntax()),
        }
    }

    fn either(&mut self) -> Result<Filter, Refusal> {
        let mut left = self.both()?;
        while self.takes("or") {
            left = Filter::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Filter, Refusal> {
        let mut left = self.one()?;
        while self.takes("and") {
            left = Filter::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        if self.takes("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.words.next_if_eq(&Token::Open).is_some() {
            let inner = self.either()?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        let Some(Token::Name(name)) = self.words.next() else {
            return Err(self.syntax());
        };
        let test = match name.as_str() {
            "contains" => TextTest::Contains,
            "startswith" => TextTest::Starts,
            "endswith" => TextTest::Ends,
            _ => return self.comparison(&name),
        };
        self.expect(&Token::Open)?;
        let Some(Token::Name(column)) = self.words.next() else {
            return Err(self.syntax());
        };
        self.expect(&Token::Comma)?;
        let Some(Token::Text(wanted)) = self.words.next() else {
            return Err(self.syntax());
        };
        self.expect(&Token::Close)?;
        if self.column(&column)? != Kind::Text {
            return Err(self.kinds(&column));
        }
        Ok(Filter::Text(test, column, wanted))
    }

    fn column(&self, name: &str) -> Result<Kind, Refusal> {
        filterable(name, self.name, self.table)
    }

    fn kinds(&self, column: &str) -> Refusal {
        Refusal::odata(format!(
            "A binary operator with incompatible types was detected at '{column}' in '{}'.",
            self.text
        ))
    }

    fn comparison(&mut self, column: &str) -> Result<Filter, Refusal> {
        // OData knows this function for each side; both are compared without case anyway.
        let wrapped = column == "tolower";
        let column = if wrapped {
            self.expect(&Token::Open)?;
            let Some(Token::Name(inner)) = self.words.next() else {
                return Err(self.syntax());
            };
            self.expect(&Token::Close)?;
            inner
        } else {
            column.to_owned()
        };
        let kind = self.column(&column)?;
        let comparison = match self.words.peek() {
            Some(Token::Name(word)) => match word.as_str() {
                "eq" => Some(Comparison::Eq),
                "ne" => Some(Comparison::Ne),
                "gt" => Some(Comparison::Gt),
                "ge" => Some(Comparison::Ge),
                "lt" => Some(Comparison::Lt),
                "le" => Some(Comparison::Le),
                "and" | "or" => None,
                _ => return Err(self.syntax()),
            },
            Some(Token::Close) | None => None,
            Some(_) => return Err(self.syntax()),
        };
        let Some(comparison) = comparison else {
            return if kind == Kind::Flag { Ok(Filter::Is(column)) } else { Err(self.syntax()) };
        };
        self.words.next();
        let word = self.words.next().ok_or_else(|| self.syntax())?;
        let literal = literal(kind, word).ok_or_else(|| self.kinds(&column))?;
        Ok(Filter::Compare(column, comparison, literal))
    }
}

/// A literal that may be compared with a column of this kind; a quoted date is a text and may not.
fn literal(kind: Kind, word: Token) -> Option<Cell> {
    match (kind, word) {
        (Kind::Text, Token::Text(text)) => Some(Cell::Text(text)),
        (Kind::Int | Kind::Long | Kind::Decimal, Token::Number(number)) => Some(Cell::Decimal(number)),
        (Kind::Date, Token::Date(date)) => Some(Cell::Date(date)),
        (Kind::Guid, Token::Guid(guid)) => Some(Cell::Text(guid.to_string())),
        (Kind::Flag, Token::Name(word)) if word == "true" || word == "false" => {
            Some(Cell::Flag(word == "true"))
        }
        (Kind::Text | Kind::Date, Token::Name(word)) if word == "null" => Some(Cell::Null),
        _ => None,
    }
}

/// The kind of a column that the database has.
///
/// # Errors
/// There is none of that name, or the business object fills it.
pub(super) fn filterable(column: &str, name: &str, table: &Table) -> Result<Kind, Refusal> {
    match table.get(column) {
        Some(known) if known.stored => Ok(known.kind),
        Some(_) => Err(Refusal::odata(format!("The property '{column}' cannot be used in a query option."))),
        None => Err(Refusal::odata(format!(
            "Could not find a property named '{column}' on type 'Erp.Tablesets.{name}Row'."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;
    use crate::kinetic::schema::table;

    fn fits(filter: &str) -> Result<bool, Refusal> {
        let row = Row::new("OrderHed")
            .with("OrderNum", 7)
            .with("PONum", "BC-1")
            .with("OpenOrder", true)
            .with("OrderDate", jiff::civil::date(2026, 3, 16));
        Filter::parse(filter, "OrderHed", table("OrderHed")).map(|filter| filter.fits(&row))
    }

    #[test_case("PONum eq 'bc-1 '" => true; "case and trailing blanks do not count")]
    #[test_case("PONum eq 'BC-2' or OrderNum eq 7 and OpenOrder eq true" => true; "and binds closer than or")]
    #[test_case("(PONum eq 'BC-2' or OrderNum eq 7) and OpenOrder eq false" => false; "parentheses")]
    #[test_case("not (OrderNum gt 7) and OrderNum ge 7 and OrderNum le 7.0 and OrderNum lt 8" => true; "order")]
    #[test_case("OrderDate ge 2026-03-16T00:00:00Z and OrderDate lt 2026-03-17" => true; "bare dates")]
    #[test_case("RequestDate eq null and OrderDate ne null" => true; "null dates")]
    #[test_case("startswith(PONum,'bc') and endswith(PONum,'1') and contains(PONum,'-')" => true; "functions")]
    #[test_case("OpenOrder and not VoidOrder" => true; "flags alone")]
    fn a_filter_is_read(filter: &str) -> bool {
        fits(filter).unwrap()
    }

    #[test_case("OrderDate ge '2026-03-16'"; "a quoted date")]
    #[test_case("PONum eq 1"; "a number for a text")]
    #[test_case("OrderNum eq '1'"; "a text for a number")]
    #[test_case("DocTotalOrder eq 1"; "a column that the business object fills")]
    #[test_case("ponum eq 'x'"; "a column in another case")]
    #[test_case("QuoteNumber eq 1"; "a column that does not exist")]
    #[test_case("OrderNum in (1,2)"; "an operator that nobody saw")]
    #[test_case("OrderNum eq 1 and"; "an end in the middle")]
    #[test_case("(OrderNum eq 1"; "an open parenthesis")]
    #[test_case(""; "nothing")]
    fn what_is_no_filter_is_refused(filter: &str) {
        assert_eq!(fits(filter).unwrap_err().kind, "Microsoft.OData.ODataException");
    }
}
