//! Where in the order of a key the rows of a filter can lie.

use super::filter::{Comparison, Filter};
use crate::kinetic::tables::{KeyPart, Span};

/// So many pairs of spans are cut against each other at most; beyond, one side is enough.
const PAIRS: usize = 1000;

/// Everything.
fn anywhere() -> Vec<Span> {
    vec![(Vec::new(), vec![KeyPart::Top])]
}

/// Whether spans say nothing.
pub(super) fn is_anywhere(spans: &[Span]) -> bool {
    spans.first().is_some_and(|(from, to)| from.is_empty() && to.first() == Some(&KeyPart::Top))
}

/// Spans that hold every row that fits, apart from each other and in order.
pub(super) fn spans(filter: Option<&Filter>, columns: &[&str]) -> Vec<Span> {
    let mut spans = filter.map_or_else(anywhere, |filter| of(filter, columns));
    spans.sort();
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match apart.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(end.clone()),
            _ => apart.push((from, to)),
        }
    }
    apart
}

fn of(filter: &Filter, columns: &[&str]) -> Vec<Span> {
    let Some((first, rest)) = columns.split_first() else { return anywhere() };
    match filter {
        Filter::Or(left, right) => [of(left, columns), of(right, columns)].concat(),
        Filter::And(left, right) => {
            if let Some(value) = fixed(filter, first) {
                let under = |part: Vec<KeyPart>| [vec![value.clone()], part].concat();
                return of(filter, rest).into_iter().map(|(from, to)| (under(from), under(to))).collect();
            }
            both(of(left, columns), &of(right, columns))
        }
        Filter::Compare(column, comparison, literal) if column == first => {
            let value = KeyPart::of(literal);
            let (exact, after) = (vec![value.clone()], vec![value, KeyPart::Top]);
            match comparison {
                Comparison::Eq => vec![(exact, after)],
                Comparison::Gt => vec![(after, vec![KeyPart::Top])],
                Comparison::Ge => vec![(exact, vec![KeyPart::Top])],
                Comparison::Lt => vec![(Vec::new(), exact)],
                Comparison::Le => vec![(Vec::new(), after)],
                Comparison::Ne => anywhere(),
            }
        }
        Filter::Compare(..) | Filter::Not(_) | Filter::Text(..) | Filter::Is(_) => anywhere(),
    }
}

fn both(left: Vec<Span>, right: &[Span]) -> Vec<Span> {
    if left.len() * right.len() > PAIRS {
        return left;
    }
    let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
    let cut = pairs.map(|(a, b)| (a.0.clone().max(b.0.clone()), a.1.clone().min(b.1.clone())));
    cut.filter(|(from, to)| from <= to).collect()
}

/// The one value that a conjunction leaves to a column.
fn fixed(filter: &Filter, column: &str) -> Option<KeyPart> {
    match filter {
        Filter::And(left, right) => fixed(left, column).or_else(|| fixed(right, column)),
        Filter::Compare(name, Comparison::Eq, literal) if name == column => Some(KeyPart::of(literal)),
        Filter::Compare(..) | Filter::Or(..) | Filter::Not(_) | Filter::Text(..) | Filter::Is(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;
    use crate::kinetic::schema::table;

    fn shown(filter: &str) -> Vec<String> {
        let filter = Filter::parse(filter, "PriceLstParts", table("PriceLstParts")).unwrap();
        let part = |part: &KeyPart| match part {
            KeyPart::Text(text) => text.clone(),
            KeyPart::Number(number) => number.to_string(),
            KeyPart::Top => "^".to_owned(),
        };
        let end = |key: &[KeyPart]| key.iter().map(part).collect::<Vec<_>>().join(",");
        let spans = spans(Some(&filter), &["ListCode", "PartNum"]);
        spans.iter().map(|(from, to)| format!("{}-{}", end(from), end(to))).collect()
    }

    #[test_case("ListCode gt 'B'" => vec!["b,^-^"]; "from one on")]
    #[test_case("ListCode gt 'B' or (ListCode eq 'B' and PartNum gt 'X')" => vec!["b,x,^-^"]; "a cursor")]
    #[test_case("ListCode eq 'D' or ListCode eq 'A' or ListCode eq 'a '" => vec!["a-a,^", "d-d,^"]; "a chain")]
    #[test_case("ListCode eq 'D' or BasePrice gt 1" => vec!["-^"]; "a chain with a hole")]
    #[test_case("ListCode ge 'D' and ListCode lt 'A'" => Vec::<String>::new(); "nothing")]
    #[test_case("not (ListCode eq 'D') and BasePrice gt 1" => vec!["-^"]; "not")]
    fn a_filter_has_its_place_in_the_order_of_the_key(filter: &str) -> Vec<String> {
        shown(filter)
    }
}
