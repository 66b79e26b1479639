//! Which hooks a connection wants: of which events it is told, and where.

use connector_bigcommerce::webhook::{PRODUCT_STOCK_UPDATED, PRODUCT_UPDATED, SKU_STOCK_UPDATED};
use connector_bigcommerce::{Hook, HookHeaders};
use connector_domain::ConnectionId;
use thiserror::Error;
use url::{Host, Url};

use crate::rules::Rules;

/// What tells of every change of an order that the receiver acts on (`docs/facts/bigcommerce.md` §2.3).
pub const USUAL: [&str; 5] = [
    "store/order/created",
    "store/order/updated",
    "store/order/statusUpdated",
    "store/order/archived",
    "store/order/refund/created",
];

/// What tells that the store's catalogue is another than before (`docs/facts/bigcommerce.md` §5.3, §6.4). Each delivery costs a write, so
/// they are wanted only where something is done about them.
pub(super) const OF_CATALOGUE: [&str; 3] = [PRODUCT_UPDATED, PRODUCT_STOCK_UPDATED, SKU_STOCK_UPDATED];

/// What tells that other hooks' deliveries fail. There is one such hook for an API account, at a destination that no other has
/// (`docs/facts/bigcommerce.md` §2.4): here that of the connection, with `/exceptions` behind it.
pub const EXCEPTIONS: &str = "store/hook/deliveryException";

/// What stands behind the connection's destination for [`EXCEPTIONS`].
const TAIL: &str = "/exceptions";

/// An address to which the store would not deliver, or not for this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DestinationError {
    /// The store takes no other (`docs/facts/bigcommerce.md` §2.1).
    #[error("must be https on port 443: the store delivers nowhere else")]
    NotDelivered,
    /// It would not be recognised.
    #[error("must have no query and no fragment")]
    Tail,
    /// It ends with another id.
    #[error("leads to another connection; leave /webhooks/… out, or end it with /webhooks/ID")]
    AnotherConnection,
}

/// What is wanted for one connection.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The connection.
    pub connection: ConnectionId,
    /// Of what it is to be told.
    pub scopes: Vec<String>,
    /// Where: as [`destination`] makes it; see [`Wanted::destination_of`].
    pub destination: Url,
    /// What every delivery brings.
    pub headers: HookHeaders,
}

impl Wanted {
    /// The usual scopes, and [`EXCEPTIONS`].
    pub fn usual(connection: ConnectionId, destination: Url, headers: HookHeaders) -> Self {
        Self {
            connection,
            scopes: USUAL.into_iter().chain([EXCEPTIONS]).map(str::to_owned).collect(),
            destination,
            headers,
        }
    }

    /// The same, and those hooks of products that the rules have a use for.
    #[must_use]
    pub fn with_catalogue(mut self, rules: &Rules) -> Self {
        let (publish, stock) = (rules.catalogue.publish, rules.stock.publish);
        let of_use = |scope: &&str| publish && (stock || *scope == PRODUCT_UPDATED);
        self.scopes.extend(OF_CATALOGUE.into_iter().filter(of_use).map(str::to_owned));
        self
    }

    /// Whether nobody has a use for what a hook of ours tells: it was made under other rules.
    pub fn is_of_no_use(&self, scope: &str) -> bool {
        OF_CATALOGUE.contains(&scope) && !self.scopes.iter().any(|wanted| wanted == scope)
    }

    /// Whether a hook that leads to `destination` is told to this connection, at whatever host.
    pub fn is_ours(&self, destination: &str) -> bool {
        leads_to(destination, &self.connection)
    }

    /// Where a hook for `scope` has to lead to.
    pub fn destination_of(&self, scope: &str) -> Url {
        let mut there = self.destination.clone();
        if scope == EXCEPTIONS {
            there.set_path(&format!("{}{TAIL}", self.destination.path()));
        }
        there
    }

    /// Whether a hook leads to just where it should.
    pub fn is_here(&self, hook: &Hook) -> bool {
        Url::parse(&hook.destination).is_ok_and(|there| there == self.destination_of(&hook.scope))
    }
}

/// Whether a hook that leads to `destination` is told to `connection`, at whatever host.
pub fn leads_to(destination: &str, connection: &ConnectionId) -> bool {
    let path = Url::parse(destination).map(|url| url.path().to_owned());
    path.is_ok_and(|path| {
        let path = path.trim_end_matches('/');
        path.strip_suffix(TAIL).unwrap_or(path).ends_with(&format!("/webhooks/{connection}"))
    })
}

/// The connection's address that a hook leads to; that of [`EXCEPTIONS`] has a tail of its own.
pub fn address(hook: &Hook) -> &str {
    let tail = if hook.scope == EXCEPTIONS { TAIL } else { "" };
    hook.destination.strip_suffix(tail).unwrap_or(&hook.destination)
}

/// Whether the scope `wide` tells of all that `scope` does: it is the same, or it has a star.
pub fn covers(wide: &str, scope: &str) -> bool {
    wide == scope || wide.strip_suffix('*').is_some_and(|family| scope.starts_with(family))
}

/// Where the webhooks of a connection come in, from the address of the HTTP API, the one that ends with `/webhooks/`, or the whole address.
///
/// # Errors
/// The store would refuse it, or it leads to another connection.
pub fn destination(url: &Url, connection: &ConnectionId) -> Result<Url, DestinationError> {
    if !is_delivered_to(url) {
        return Err(DestinationError::NotDelivered);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(DestinationError::Tail);
    }
    let path = url.path().trim_end_matches('/');
    let end = format!("/webhooks/{connection}");
    let whole = if path.ends_with(&end) {
        path.to_owned()
    } else if path.contains("/webhooks/") {
        return Err(DestinationError::AnotherConnection);
    } else {
        format!("{}{end}", path.strip_suffix("/webhooks").unwrap_or(path))
    };
    let mut url = url.clone();
    url.set_path(&whole);
    Ok(url)
}

/// Whether the store delivers to such an address: HTTPS on port 443 (`docs/facts/bigcommerce.md` §2.1), or loopback, which only the store of a
/// sandbox reaches.
pub fn is_delivered_to(url: &Url) -> bool {
    let https = url.scheme() == "https" && url.port_or_known_default() == Some(443);
    https || (url.scheme() == "http" && is_loopback(url))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case("https://x.example.com", ""; "the address of the API")]
    #[test_case("https://x.example.com/", ""; "with a slash")]
    #[test_case("https://x.example.com/webhooks/", ""; "the output of the stack")]
    #[test_case("https://x.example.com/prod/webhooks", "/prod"; "the same with a stage")]
    #[test_case("https://x.example.com:443/webhooks/main-store", ""; "the whole address")]
    #[test_case("https://x.example.com/prod", "/prod"; "with a stage")]
    fn an_address_ends_with_the_connection(url: &str, stage: &str) {
        let made = destination(&url.parse().unwrap(), &"main-store".parse().unwrap()).unwrap();
        assert_eq!(made.as_str(), format!("https://x.example.com{stage}/webhooks/main-store"));
    }

    #[test_case("http://x.example.com/", DestinationError::NotDelivered; "not https")]
    #[test_case("https://x.example.com:8443/", DestinationError::NotDelivered; "another port")]
    #[test_case("https://x.example.com/?a=1", DestinationError::Tail; "a query")]
    #[test_case("https://x.example.com/webhooks/other", DestinationError::AnotherConnection; "another connection")]
    fn an_address_that_is_not_delivered_to_is_refused(url: &str, error: DestinationError) {
        assert_eq!(destination(&url.parse().unwrap(), &"main-store".parse().unwrap()), Err(error));
    }

    #[test_case("store/order/*", "store/order/created" => true)]
    #[test_case("store/order/created", "store/order/created" => true)]
    #[test_case("store/order/created", "store/order/*" => false)]
    #[test_case("store/order/refund/*", "store/order/created" => false)]
    fn a_star_covers_its_family(wide: &str, scope: &str) -> bool {
        covers(wide, scope)
    }

    #[test_case("https://old.example.com/stage/webhooks/main-store/", true; "another host")]
    #[test_case("https://old.example.com/webhooks/main-store/exceptions", true; "the one for exceptions")]
    #[test_case("https://old.example.com/webhooks/exceptions", false; "a connection of that name")]
    #[test_case("https://old.example.com/webhooks/main-store-2", false; "a longer id")]
    #[test_case("not a url/webhooks/main-store", false; "no address")]
    fn a_hook_is_ours_by_its_path(destination: &str, ours: bool) {
        assert_eq!(leads_to(destination, &"main-store".parse().unwrap()), ours);
    }
}
