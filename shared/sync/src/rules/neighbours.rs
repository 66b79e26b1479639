//! Two connections that would take each other's orders for their own.

use connector_domain::ConnectionId;
use connector_ports::Outline;

use super::{Problems, Rules};

/// What must tell two connections apart inside one Kinetic company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The connection.
    pub connection: ConnectionId,
    /// The Kinetic instance and company it writes to, as one comparable text.
    pub company: String,
    /// The prefix of its external references, compared without case because SQL Server compares so.
    pub prefix: String,
    /// The prefix of the `CustID`s that it makes.
    pub cust_id_prefix: String,
}

impl Neighbour {
    /// Reads it off a connection's outline, with its rules read.
    pub fn new(outline: &Outline, rules: &Rules) -> Self {
        let (connection, company) = (outline.id.clone(), company(outline));
        let prefix = rules.orders.prefix.to_lowercase();
        Self { connection, company, prefix, cust_id_prefix: rules.shoppers.cust_id_prefix.to_lowercase() }
    }
}

/// The Kinetic instance and company that a connection writes to, as one comparable text.
pub(crate) fn company(outline: &Outline) -> String {
    let instance = outline.kinetic_url.as_str().trim_end_matches('/');
    format!("{instance} {}", outline.company).to_lowercase()
}

/// Says which of `others` write to the same company as `one` under the same prefix, or one that runs into it.
///
/// # Errors
/// One line for each clash. Both connections stand still until it is mended: an order found under a shared prefix could be either's.
pub fn clashes(one: &Neighbour, others: &[Neighbour]) -> Result<(), Problems> {
    let same_company = others.iter().filter(|o| o.connection != one.connection && o.company == one.company);
    let mut problems = Vec::new();
    for other in same_company {
        if runs_into(&one.prefix, &other.prefix) || runs_into(&other.prefix, &one.prefix) {
            problems.push(format!(
                "orders.prefix: connections {} and {} write to one Kinetic company under one prefix; give each its own",
                one.connection, other.connection
            ));
        }
        if one.cust_id_prefix == other.cust_id_prefix {
            problems.push(format!(
                "shoppers.cust_id_prefix: connections {} and {} write to one Kinetic company; give each its own",
                one.connection, other.connection
            ));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// Whether `prefix` followed by digits can be `other` followed by digits: `BC-` and `BC-1` share `BC-12`.
fn runs_into(prefix: &str, other: &str) -> bool {
    prefix.strip_prefix(other).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn neighbour(connection: &str, company: &str, prefix: &str, cust: &str) -> Neighbour {
        Neighbour {
            connection: connection.parse().unwrap(),
            company: company.into(),
            prefix: prefix.into(),
            cust_id_prefix: cust.into(),
        }
    }

    #[test_case("co", "bc-", "w", true; "same prefix")]
    #[test_case("co", "bc-1", "x", true; "a prefix that runs into it")]
    #[test_case("co", "eu-", "w", true; "same customer prefix")]
    #[test_case("co", "eu-", "x", false; "apart")]
    #[test_case("other", "bc-", "w", false; "another company")]
    fn connections_of_one_company_need_prefixes_of_their_own(
        company: &str,
        prefix: &str,
        cust: &str,
        clash: bool,
    ) {
        let one = neighbour("one", "co", "bc-", "w");
        let two = neighbour("two", company, prefix, cust);
        assert_eq!(clashes(&one, &[one.clone(), two]).is_err(), clash);
    }
}
