//! What to do about a hook that is wanted. Pure: the store is asked before and told after.

use anyhow::bail;
use connector_bigcommerce::{Hook, NewHook};
use connector_domain::ConnectionId;
use url::{Host, Url};

/// What tells of every change that the receiver acts on.
pub(in crate::commands) const USUAL: [&str; 5] = [
    "store/order/created",
    "store/order/updated",
    "store/order/statusUpdated",
    "store/order/archived",
    "store/order/refund/created",
];

/// What is to be done.
/// It is made and taken apart once a scope.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// There is one as wanted.
    Leave(&'a Hook),
    /// This one is made so, which keeps its own scope: it may tell of others too.
    Change(u64, NewHook, &'static str),
    /// There is none.
    Create,
}

/// Compares what is wanted with what there is. A hook that tells of the scope already, among others, is enough.
///
/// # Errors
/// Another hook with that scope leads to this connection at another address: both would deliver.
pub(super) fn step<'a>(wanted: &NewHook, known: &'a [Hook]) -> anyhow::Result<Step<'a>> {
    let same_place = |hook: &&Hook| hook.destination == wanted.destination;
    let exact = known.iter().filter(same_place).find(|hook| hook.scope == wanted.scope);
    let wider = known.iter().filter(same_place).find(|hook| covers(&hook.scope, &wanted.scope));
    if let Some(hook) = exact.or(wider) {
        let as_wanted = NewHook { scope: hook.scope.clone(), ..wanted.clone() };
        return Ok(match (hook.is_active, hook.headers.are(&as_wanted.headers)) {
            (true, true) => Step::Leave(hook),
            (false, _) => Step::Change(hook.id, as_wanted, "switched on"),
            (true, false) => Step::Change(hook.id, as_wanted, "header changed"),
        });
    }
    let end = wanted.destination.rsplit_once("/webhooks/").map(|(_, id)| format!("/webhooks/{id}"));
    let elsewhere = known.iter().find(|hook| {
        let leads_here = end.as_ref().is_some_and(|end| hook.destination.ends_with(end.as_str()));
        hook.is_active && leads_here && (hook.scope == wanted.scope || covers(&hook.scope, &wanted.scope))
    });
    if let Some(hook) = elsewhere {
        bail!(
            "hook {} tells {} of {} already; delete it in the store or say that --url, each event would come twice",
            hook.id,
            hook.destination,
            hook.scope
        );
    }
    Ok(Step::Create)
}

/// Whether a scope with a star tells of another.
pub(in crate::commands) fn covers(scope: &str, other: &str) -> bool {
    scope.strip_suffix('*').is_some_and(|family| other.starts_with(family))
}

/// Where the webhooks of a connection come in, from the address of the HTTP API, the stack's output `WebhookUrl` (which ends with
/// `/webhooks/`), or the whole address.
///
/// # Errors
/// The store would refuse it, or it leads to another connection.
pub(in crate::commands) fn destination(url: &Url, connection: &ConnectionId) -> anyhow::Result<String> {
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if !loopback && (url.scheme() != "https" || url.port_or_known_default() != Some(443)) {
        bail!("--url must be https on port 443: the store delivers nowhere else");
    }
    if url.query().is_some() || url.fragment().is_some() {
        bail!("--url must have no query and no fragment");
    }
    let base = url.as_str().trim_end_matches('/');
    let end = format!("/webhooks/{connection}");
    if base.ends_with(&end) {
        return Ok(base.to_owned());
    }
    if base.contains("/webhooks/") {
        bail!("--url leads to another connection; leave /webhooks/… out, or end it with {end}");
    }
    let api = base.strip_suffix("/webhooks").unwrap_or(base);
    Ok(format!("{api}{end}"))
}

#[cfg(test)]
mod tests {
    use connector_bigcommerce::HookHeaders;
    use test_case::test_case;

    use super::*;

    const HERE: &str = "https://x.example.com/webhooks/main-store";

    fn hook(scope: &str, destination: &str, is_active: bool, secret: &str) -> Hook {
        let (scope, destination) = (scope.to_owned(), destination.to_owned());
        Hook { id: 7, scope, destination, is_active, headers: HookHeaders::of("X-Secret", secret.into()) }
    }

    fn what(known: &[Hook]) -> String {
        let wanted = NewHook {
            scope: "store/order/updated".to_owned(),
            destination: HERE.to_owned(),
            headers: HookHeaders::of("x-secret", "s".into()),
        };
        match step(&wanted, known) {
            Ok(Step::Leave(_)) => "leave".to_owned(),
            Ok(Step::Change(_, made, done)) => format!("{done}, {}", made.scope),
            Ok(Step::Create) => "create".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test_case(&[], "create"; "none")]
    #[test_case(&[hook("store/order/updated", HERE, true, "s")], "leave"; "the same")]
    #[test_case(&[hook("store/order/updated", HERE, false, "s")], "switched on, store/order/updated"; "switched off")]
    #[test_case(&[hook("store/order/updated", HERE, true, "old")], "header changed, store/order/updated"; "another secret")]
    #[test_case(&[hook("store/order/*", HERE, true, "s")], "leave"; "a wider one")]
    #[test_case(&[hook("store/order/*", HERE, false, "s")], "switched on, store/order/*"; "a wider one keeps its scope")]
    #[test_case(&[hook("store/order/created", HERE, true, "s")], "create"; "another scope")]
    #[test_case(&[hook("store/order/updated", "https://x.example.com/webhooks/other", true, "s")], "create"; "another connection")]
    fn a_hook_is_registered_once(known: &[Hook], expected: &str) {
        assert_eq!(what(known), expected);
    }

    #[test]
    fn an_old_address_is_not_joined_by_a_second() {
        let told = what(&[hook("store/order/*", "https://old.example.com/webhooks/main-store", true, "s")]);
        assert!(told.contains("hook 7 tells https://old.example.com"), "{told}");
    }

    #[test_case("https://x.example.com", Some(HERE); "the address of the API")]
    #[test_case("https://x.example.com/", Some(HERE); "with a slash")]
    #[test_case("https://x.example.com/webhooks/", Some(HERE); "the output of the stack")]
    #[test_case("https://x.example.com/prod/webhooks", Some("https://x.example.com/prod/webhooks/main-store"); "the same with a stage")]
    #[test_case(HERE, Some(HERE); "the whole address")]
    #[test_case("https://x.example.com/prod", Some("https://x.example.com/prod/webhooks/main-store"); "with a stage")]
    #[test_case("http://x.example.com", None; "no https")]
    #[test_case("https://x.example.com:8443", None; "another port")]
    #[test_case("https://x.example.com/webhooks/other", None; "another connection")]
    #[test_case("https://x.example.com/?a=1", None; "a query")]
    fn the_destination_ends_with_the_connection(url: &str, expected: Option<&str>) {
        let made = destination(&url.parse().unwrap(), &"main-store".parse().unwrap()).ok();
        assert_eq!(made.as_deref(), expected);
    }
}
