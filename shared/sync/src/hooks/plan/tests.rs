use connector_bigcommerce::HookHeaders;
use jiff::ToSpan as _;

use super::super::wanted::{EXCEPTIONS, USUAL};
use super::*;

const HERE: &str = "https://x.example.com/webhooks/main-store";
const OLD: &str = "https://old.example.com/stage/webhooks/main-store";
const STRANGER: &str = "https://flows.example.org/catch/a-secret-of-somebody";

fn now() -> Timestamp {
    "2026-04-01T03:30:00Z".parse().unwrap()
}

fn wanted() -> Wanted {
    let headers = HookHeaders::of("X-Secret", "s".into());
    Wanted::usual("main-store".parse().unwrap(), HERE.parse().unwrap(), headers)
}

fn hook(id: u64, scope: &str, destination: &str) -> Hook {
    Hook {
        id: HookId(id),
        scope: scope.to_owned(),
        destination: destination.to_owned(),
        headers: HookHeaders::of("x-secret", "s".into()),
        is_active: true,
        updated_at: Some(now()),
    }
}

fn off(hook: Hook) -> Hook {
    Hook { is_active: false, ..hook }
}

fn with(hook: Hook, secret: &str) -> Hook {
    Hook { headers: HookHeaders::of("X-Secret", secret.into()), ..hook }
}

fn days_ago(hook: Hook, days: i64) -> Hook {
    Hook { updated_at: Some(now().checked_sub((days * 24).hours()).unwrap()), ..hook }
}

/// The one that tells of failed deliveries.
fn exceptions(destination: &str) -> Hook {
    hook(6, EXCEPTIONS, &format!("{}/exceptions", destination.trim_end_matches('/')))
}

/// The usual ones, as wanted, numbered from 1.
fn usual(destination: &str) -> Vec<Hook> {
    let usual = (1..).zip(USUAL).map(|(id, scope)| hook(id, scope, destination));
    usual.chain([exceptions(destination)]).collect()
}

/// One line a step.
fn told(found: &[Hook]) -> String {
    let line = |step: &Step| match step {
        Step::Create { scope } => format!("create {scope}"),
        Step::Reactivate { hook, scope } => format!("switch on {hook} {scope}"),
        Step::Repoint { hook, scope, from } => format!("point here {hook} {scope} from {from}"),
        Step::FixHeaders { hook, scope } => format!("set headers of {hook} {scope}"),
        Step::Touch { hook, scope } => format!("touch {hook} {scope}"),
        Step::DeleteDuplicate { hook, scope, beside } => format!("delete {hook} {scope} beside {beside}"),
        Step::DeleteUnwanted { hook, scope } => format!("delete {hook} {scope}"),
        Step::ReportLimit { scope, limit } => format!("cannot: {scope} {limit:?}"),
        Step::ReportStranger { hook, scope, host } => format!("stranger {hook} {scope} to {host}"),
    };
    plan(&wanted(), found, now()).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_as_wanted_is_left_alone() {
    assert_eq!(told(&usual(HERE)), "");
    assert_eq!(told(&[hook(1, "store/order/*", HERE), exceptions(HERE)]), "");
    let with_port = "https://x.example.com:443/webhooks/main-store";
    assert_eq!(told(&[hook(1, "store/order/*", with_port), exceptions(with_port)]), "");
}

#[test]
fn the_hook_for_exceptions_has_an_address_of_its_own_and_is_one_for_the_account() {
    let mut found = usual(HERE);
    found[5].destination = HERE.to_owned();
    insta::assert_snapshot!(told(&found), @"point here 6 store/hook/deliveryException from https://x.example.com/webhooks/main-store");
    found[5].destination = STRANGER.to_owned();
    insta::assert_snapshot!(told(&found), @"stranger 6 store/hook/deliveryException to flows.example.org");
}

#[test]
fn what_is_missing_is_created() {
    insta::assert_snapshot!(told(&usual(HERE)[1..4]), @"
    create store/order/created
    create store/order/refund/created
    create store/hook/deliveryException
    ");
}

#[test]
fn what_was_switched_off_is_switched_on_and_what_has_another_secret_gets_ours() {
    let mut found = usual(HERE);
    found[0] = off(found[0].clone());
    found[1] = with(found[1].clone(), "old");
    found[2] = with(off(found[2].clone()), "old");
    insta::assert_snapshot!(told(&found), @"
    set headers of 2 store/order/updated
    switch on 1 store/order/created
    switch on 3 store/order/statusUpdated
    ");
}

#[test]
fn a_wide_hook_that_is_switched_off_is_switched_on_where_it_stands_alone() {
    insta::assert_snapshot!(told(&[off(hook(1, "store/order/*", HERE)), exceptions(HERE)]), @"switch on 1 store/order/*");
    let mut found = usual(HERE);
    found.drain(1..5);
    found.push(off(hook(9, "store/order/*", HERE)));
    insta::assert_snapshot!(told(&found), @"
    create store/order/updated
    create store/order/statusUpdated
    create store/order/archived
    create store/order/refund/created
    ");
}

#[test]
fn a_hook_of_an_older_deployment_is_pointed_here() {
    insta::assert_snapshot!(told(&[hook(1, "store/order/*", OLD), exceptions(HERE)]), @"point here 1 store/order/* from https://old.example.com/stage/webhooks/main-store");
    insta::assert_snapshot!(told(&usual("https://x.example.com/webhooks/main-store/")), @"
    point here 1 store/order/created from https://x.example.com/webhooks/main-store/
    point here 2 store/order/updated from https://x.example.com/webhooks/main-store/
    point here 3 store/order/statusUpdated from https://x.example.com/webhooks/main-store/
    point here 4 store/order/archived from https://x.example.com/webhooks/main-store/
    point here 5 store/order/refund/created from https://x.example.com/webhooks/main-store/
    ");
}

#[test]
fn of_two_that_would_both_deliver_one_is_deleted() {
    let mut found = usual(HERE);
    found.push(hook(9, "store/order/*", HERE));
    insta::assert_snapshot!(told(&found), @"
    delete 1 store/order/created beside store/order/*
    delete 2 store/order/updated beside store/order/*
    delete 4 store/order/archived beside store/order/*
    delete 3 store/order/statusUpdated beside store/order/*
    delete 5 store/order/refund/created beside store/order/*
    ");
    let mut found = usual(HERE);
    found.push(hook(9, "store/order/*", OLD));
    found.push(off(hook(10, "store/order/*", HERE)));
    insta::assert_snapshot!(told(&found), @"delete 9 store/order/* beside store/order/created");
    let mut found = usual(HERE);
    found[0] = off(found[0].clone());
    found.push(hook(9, "store/order/created", OLD));
    insta::assert_snapshot!(told(&found), @"
    switch on 1 store/order/created
    delete 9 store/order/created beside store/order/created
    ");
}

#[test]
fn what_somebody_wanted_beside_the_usual_is_kept_in_order_and_not_switched_on() {
    let mut found = usual(HERE);
    found.push(with(hook(9, "store/order/message/created", HERE), "old"));
    found.push(off(hook(10, "store/order/transaction/created", HERE)));
    found.push(hook(11, "store/order/transaction/updated", OLD));
    found.push(off(hook(12, "store/order/metafield/created", HERE)));
    found.push(hook(13, "store/order/metafield/created", OLD));
    insta::assert_snapshot!(told(&found), @"
    set headers of 9 store/order/message/created
    point here 11 store/order/transaction/updated from https://old.example.com/stage/webhooks/main-store
    cannot: store/order/metafield/created Taken(HookId(12))
    ");
}

#[test]
fn a_hook_is_touched_after_sixty_days_and_not_before() {
    let mut found = usual(HERE);
    found[0] = days_ago(found[0].clone(), 60);
    found[1] = days_ago(found[1].clone(), 61);
    found[2] = Hook { updated_at: None, ..found[2].clone() };
    insta::assert_snapshot!(told(&found), @"touch 2 store/order/updated");
    assert!(UNTOUCHED < Duration::from_hours(90 * 24));
}

#[test]
fn a_stranger_is_told_by_its_host_only_and_takes_a_place() {
    let mut found = usual(HERE);
    found.remove(4);
    found.extend((10..20).map(|id| hook(id, "store/order/refund/created", STRANGER)));
    let told = told(&found);
    assert!(told.starts_with("cannot: store/order/refund/created TooMany\nstranger 10"), "{told}");
    assert_eq!(told.matches("to flows.example.org").count(), 10);
    assert!(!told.contains("a-secret"), "{told}");
}

/// Where a hook for `scope` leads to as wanted.
fn here(scope: &str) -> String {
    wanted().destination_of(scope).to_string()
}

/// What the store has after the plan was carried out; it refuses what it would really refuse.
fn carried_out(mut found: Vec<Hook>) -> Vec<Hook> {
    for (id, step) in (1000..).zip(plan(&wanted(), &found, now())) {
        match &step {
            Step::Create { scope } => {
                assert!(
                    !found.iter().any(|other| (&other.scope, &other.destination) == (scope, &here(scope)))
                );
                found.push(hook(id, scope, &here(scope)));
            }
            Step::DeleteDuplicate { hook, .. } | Step::DeleteUnwanted { hook, .. } => {
                found.retain(|other| other.id != *hook);
            }
            Step::Reactivate { hook: id, scope }
            | Step::Repoint { hook: id, scope, .. }
            | Step::FixHeaders { hook: id, scope }
            | Step::Touch { hook: id, scope } => {
                found.retain(|other| other.id != *id);
                let taken =
                    found.iter().any(|other| other.scope == *scope && other.destination == here(scope));
                assert!(!taken, "{step:?}");
                found.push(hook(id.0, scope, &here(scope)));
            }
            Step::ReportLimit { .. } | Step::ReportStranger { .. } => {}
        }
    }
    found
}

proptest::proptest! {
    #[test]
    fn whatever_there_is_each_event_comes_once_and_nothing_is_left_to_do(
        any in proptest::collection::vec((0_usize..11, 0_usize..3, 0_u8..8), 0..14),
    ) {
        let more = ["store/order/*", "store/order/refund/*", "store/order/transaction/*", "store/order/message/created", "store/*", EXCEPTIONS];
        let scopes = [&USUAL[..], &more].concat();
        let mut found: Vec<Hook> = Vec::new();
        for (id, (scope, destination, bits)) in (1..).zip(any) {
            let there = hook(id, scopes[scope], [HERE, OLD, STRANGER][destination]);
            let there = if bits & 1 == 0 { there } else { off(there) };
            let there = if bits & 2 == 0 { there } else { with(there, "old") };
            let there = if bits & 4 == 0 { there } else { days_ago(there, 70) };
            // The store keeps no two of one scope and destination, and one for exceptions.
            found.retain(|other| there.scope != EXCEPTIONS || other.scope != EXCEPTIONS);
            found.retain(|other| (&other.scope, &other.destination) != (&there.scope, &there.destination));
            found.push(there);
        }
        let strangers = |hooks: &[Hook]| hooks.iter().filter(|hook| hook.destination == STRANGER).count();
        let after = carried_out(found.clone());
        assert_eq!(strangers(&after), strangers(&found));
        for step in plan(&wanted(), &after, now()) {
            assert!(matches!(step, Step::ReportStranger { .. } | Step::ReportLimit { .. }), "{step:?}");
        }
        let theirs = after.iter().any(|hook| (hook.scope.as_str(), hook.destination.as_str()) == (EXCEPTIONS, STRANGER));
        for scope in USUAL.into_iter().chain((!theirs).then_some(EXCEPTIONS)) {
            let tells = |hook: &&Hook| hook.is_active && wanted().is_ours(&hook.destination) && covers(&hook.scope, scope);
            let told: Vec<_> = after.iter().filter(tells).map(|hook| hook.destination.as_str()).collect();
            let wide = after.iter().any(|hook| hook.is_active && hook.scope == "store/*" && hook.destination == HERE);
            assert_eq!(told, [if wide { HERE.to_owned() } else { here(scope) }], "{scope} of {after:?}");
        }
    }
}

#[test]
fn a_hook_that_the_rules_have_no_use_for_is_deleted_and_what_somebody_else_wanted_is_left() {
    let more = [hook(7, "store/product/updated", HERE), hook(8, "store/cart/*", HERE)];
    let found: Vec<_> = usual(HERE).into_iter().chain(more).collect();
    assert_eq!(told(&found), "delete 7 store/product/updated");
}

#[test]
fn changes_of_the_catalogue_are_wanted_where_something_is_done_about_them() {
    let of = |sections: &str| {
        let text = format!(
            "orders = {{ prefix = \"BC-\", time_zone = \"America/Chicago\", currency = \"USD\" }}\nguests = {{ cust_id = \"WEBGUEST\" }}\n{sections}"
        );
        let rules = crate::rules::Rules::parse(&text).unwrap();
        let scopes = wanted().with_catalogue(&rules).scopes;
        scopes.into_iter().skip(wanted().scopes.len()).collect::<Vec<_>>()
    };
    let stock = "[stock]\npublish = true\nformula = \"allocated\"\nwarehouses = { MAIN = 1 }\n";
    assert!(of("").is_empty() && of(stock).is_empty());
    assert_eq!(of("[catalogue]\npublish = true"), ["store/product/updated"]);
    let all = ["store/product/updated", "store/product/inventory/updated", "store/sku/inventory/updated"];
    assert_eq!(of(&format!("{stock}[catalogue]\npublish = true")), all);
}
