//! A function may do what its code does.

use std::collections::BTreeSet;

use crate::calls::{calls, sources};
use crate::functions::FUNCTIONS;
use crate::made::resources;

/// What of `shared/aws` each function gets to, as file and function. Whoever adds a call to the SDK has to say here who makes it.
const REACHES: [(&str, &[&str]); 5] = [
    ("WebhookReceiver", &["connections::described", "connections::secret", "marks::put_mark", "queue::send"]),
    (
        "OrderConsumer",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "leases::update",
            "claim::take",
            "claim::mark",
            "write::find",
            "write::put",
            "write::transact",
            "state::read",
            "state::put",
            "state::advance",
            "inbox::change_visibility",
            "queue::send",
        ],
    ),
    (
        "JobRunner",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "search::held_for",
            "search::listed",
            "search::rows",
            "write::find",
            "state::read",
            "state::put",
            "state::advance",
            "inbox::change_visibility",
            "queue::send",
        ],
    ),
    (
        "CatalogPoller",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "leases::update",
            "search::listed",
            "search::rows",
            "marks::remove_mark",
            "shelf::query",
            "batches::read",
            "batches::write",
            "state::read",
            "state::put",
            "state::advance",
            "inbox::change_visibility",
            "queue::send",
        ],
    ),
    (
        "Tick",
        &[
            "all::items",
            "connections::described",
            "connections::secret",
            "search::due_at",
            "search::listed",
            "search::rows",
            "shelf::query",
            "state::read",
            "queue::send",
        ],
    ),
];

/// What people and trials call with rights of their own, and no function does.
const BY_PEOPLE: [&str; 11] = [
    "search::trail_of",
    "store::put",
    "store::remove",
    "store::put_secret",
    "inbox::receive_from",
    "inbox::delete",
    "depth::count",
    "dead_letters::receive",
    "queues::pair",
    "queues::one",
    "table::create",
];

/// What Lambda itself does with a function's rights: its event source on a queue, and its logs.
const EVENT_SOURCE: [&str; 3] = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// The actions that a function's role allows, its logs and event source left out.
fn allowed(function: &str) -> BTreeSet<String> {
    let role = &resources()[format!("{function}Role")]["Properties"];
    let mut actions = BTreeSet::new();
    for policy in role["Policies"].as_array().unwrap() {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            assert_eq!(statement["Effect"], "Allow", "{function}");
            let action = &statement["Action"];
            let listed = action.as_array().map_or(std::slice::from_ref(action), Vec::as_slice);
            actions.extend(listed.iter().map(|action| action.as_str().unwrap().to_owned()));
        }
    }
    actions
}

#[test]
fn a_function_may_do_what_its_code_does_and_nothing_else() {
    let calls = calls();
    for (name, reaches) in REACHES {
        let mut needed: BTreeSet<String> = LOGS.map(str::to_owned).into();
        if reaches.contains(&"inbox::change_visibility") {
            needed.extend(EVENT_SOURCE.map(str::to_owned));
        }
        for call in reaches {
            needed.extend(calls.get(*call).unwrap_or_else(|| panic!("{call} calls nothing")).clone());
        }
        assert_eq!(allowed(name), needed, "{name}");
    }
    let placed: BTreeSet<&str> =
        REACHES.iter().flat_map(|(_, reaches)| reaches.iter().copied()).chain(BY_PEOPLE).collect();
    let called: BTreeSet<&str> = calls.keys().map(String::as_str).collect();
    assert_eq!(called, placed, "say who reaches each call");
    // The translation of a transaction holds as long as it is made of puts.
    for (file, text) in sources() {
        for part in ["Update::builder", "Delete::builder", "ConditionCheck::builder"] {
            assert!(!text.contains(part), "{file} has {part} in a transaction; translate it here");
        }
    }
}

#[test]
fn only_the_receivers_half_of_the_secrets_is_the_receivers() {
    for (name, ..) in FUNCTIONS {
        let role = resources()[format!("{name}Role")].to_string();
        let secrets: BTreeSet<&str> =
            (role.match_indices(":secret:")).map(|(at, _)| role[at..].split('"').next().unwrap()).collect();
        let webhook = ":secret:ml-connector/${Stage}/*/webhook-??????";
        let api = ":secret:ml-connector/${Stage}/*/api-??????";
        let own: BTreeSet<&str> =
            if name == "WebhookReceiver" { [webhook].into() } else { [webhook, api].into() };
        assert_eq!(secrets, own, "{name}");
    }
}
