//! What to do about a hook that a person asks for. Pure: the store is asked before and told after.

use anyhow::{anyhow, bail};
use connector_bigcommerce::{Hook, HookId, NewHook};
use connector_domain::ConnectionId;
use connector_sync::hooks::{self, covers};
use url::Url;

/// What is to be done.
/// It is made and taken apart once a scope.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// There is one as wanted.
    Leave(&'a Hook),
    /// This one is made so, which keeps its own scope: it may tell of others too.
    Change(HookId, NewHook, &'static str),
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
        hook.is_active && leads_here && covers(&hook.scope, &wanted.scope)
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

/// Where the webhooks of a connection come in, from what was typed as --url.
///
/// # Errors
/// The store would refuse it, or it leads to another connection.
pub(in crate::commands) fn destination(url: &Url, connection: &ConnectionId) -> anyhow::Result<Url> {
    hooks::destination(url, connection).map_err(|error| anyhow!("--url {error}"))
}

#[cfg(test)]
mod tests {
    use connector_bigcommerce::HookHeaders;
    use test_case::test_case;

    use super::*;

    const HERE: &str = "https://x.example.com/webhooks/main-store";

    fn hook(scope: &str, destination: &str, is_active: bool, secret: &str) -> Hook {
        let (scope, destination) = (scope.to_owned(), destination.to_owned());
        let headers = HookHeaders::of("X-Secret", secret.into());
        Hook { id: HookId(7), scope, destination, is_active, headers, updated_at: None }
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
}
