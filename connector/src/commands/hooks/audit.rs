//! `connector hooks audit`.

use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use connector_domain::Deadline;
use connector_sync::hooks::{self, Audit, Blocked, Endpoint, Found, Mode, OldHooks, Outcome, Planned, Step};
use url::Url;

use super::wanted::destination;
use crate::cli::HooksAudit;
use crate::deployment::Deployment;
use crate::machine::Machine;
use crate::screen::{Screen, or_dash, table};

pub(super) async fn run(
    deployment: &Deployment,
    asked: &HooksAudit,
    deadline: Deadline,
    screen: Screen,
    machine: &Machine,
) -> anyhow::Result<ExitCode> {
    let id = deployment.chosen(asked.which.connection.as_ref()).await?;
    let connected = deployment.directory.get(&id).await?;
    let url = match (&asked.url, &connected.rules.hooks.url, machine.var("WEBHOOK_URL")) {
        (Some(url), _, _) => destination(url, &id)?,
        (None, Some(url), _) => url.clone(),
        (None, None, Some(text)) => Url::parse(text).context("the variable WEBHOOK_URL is no address")?,
        (None, None, None) => {
            return Err(anyhow!(
                "nobody says where webhooks come in: say --url, or set WEBHOOK_URL, to the stack's output WebhookUrl"
            ));
        }
    };
    let mode = if asked.apply { Mode::Mend { touch: true } } else { Mode::Look };
    let audit = hooks::audit(&deployment.directory, &connected, &url, mode, deadline).await?;
    let good = audit.is_good();
    screen.show(&audit, |audit| drawn(audit, asked.apply))?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn drawn(audit: &Audit, apply: bool) -> String {
    let mut parts = vec![
        table(
            &["hook", "scope", "leads to", "switched", "headers", "this connection's"],
            audit.found.iter().map(found),
        ),
        table(
            &["wanted", "was told by"],
            audit.wanted.iter().map(|(scope, hook)| vec![scope.clone(), or_dash(*hook)]),
        ),
    ];
    if !audit.steps.is_empty() {
        let header = ["hook", "scope", "what is to be done", "what became of it"];
        parts.push(table(&header, audit.steps.iter().map(step)));
    }
    parts.push(match &audit.endpoint {
        Endpoint::NotAsked => format!("{} was not asked: nothing had to be set up", audit.destination),
        Endpoint::Answers => format!("✓ {} takes what the store would send", audit.destination),
        Endpoint::Refuses { words } => {
            format!("✗ {} does not take what the store would send: {words}", audit.destination)
        }
    });
    parts.extend(audit.blocked.iter().map(blocked));
    let unknown = audit.blocked_unknown.iter();
    parts.extend(unknown.map(|words| format!("! the store does not say which domains it blocks: {words}")));
    parts.extend(audit.waits_until.map(|until| {
        format!("! the API account is new: nothing is done before {until}, when every receiver knows its client secret")
    }));
    parts.extend(audit.old_hooks.as_ref().map(old_hooks));
    parts.push(format!("not checked: {}", audit.unseen));
    parts.push(match (audit.is_good(), audit.wrong(), apply) {
        (true, _, _) => "✓ the hooks are as wanted".to_owned(),
        (false, 0, _) => "✗ the hooks are as wanted, but nothing is delivered".to_owned(),
        (false, wrong, true) => format!("✗ not as wanted, and not mended: {wrong}"),
        (false, wrong, false) => format!("! not as wanted: {wrong}; say --apply to mend what can be mended"),
    });
    parts.join("\n")
}

fn old_hooks(became: &OldHooks) -> String {
    match became {
        OldHooks::Stay { hooks } => {
            format!(
                "! {hooks} hooks of the API account before stay until the new ones have delivered for a while"
            )
        }
        OldHooks::Deleted { hooks: 0 } => "✓ the API account before has no hook any more".to_owned(),
        OldHooks::Deleted { hooks } => format!("✓ {hooks} hooks of the API account before were deleted"),
        OldHooks::Gone => "✓ the API account before is gone, and its hooks with it".to_owned(),
        OldHooks::Failed { words } => format!("✗ the hooks of the API account before: {words}"),
    }
}

fn found(found: &Found) -> Vec<String> {
    let switched = match (found.switched_on, found.by_the_store) {
        (true, _) => "✓ on",
        (false, true) => "✗ off, by the store",
        (false, false) => "✗ off",
    };
    let ours = if found.ours { "yes" } else { "no" };
    vec![
        found.hook.to_string(),
        found.scope.clone(),
        found.destination.clone(),
        switched.to_owned(),
        found.headers.join(", "),
        ours.to_owned(),
    ]
}

fn step(planned: &Planned) -> Vec<String> {
    let Planned { step, outcome } = planned;
    let what = match step {
        Step::Create { .. } => "create it".to_owned(),
        Step::Reactivate { .. } => "switch it on".to_owned(),
        Step::Repoint { from, .. } => format!("point it here, from {from}"),
        Step::FixHeaders { .. } => "set its headers".to_owned(),
        Step::Touch { .. } => {
            "tell again that it is wanted, before it is switched off for silence".to_owned()
        }
        Step::DeleteUnwanted { .. } => "delete it: the rules have no use for it".to_owned(),
        Step::DeleteDuplicate { beside, .. } => format!("delete it: the hook for {beside} tells the same"),
        Step::ReportLimit { limit, .. } => format!("a person must: {limit}"),
        Step::ReportStranger { host, .. } => format!("nothing: it leads to {host}"),
    };
    let became = match outcome {
        Outcome::Planned => "– nothing yet".to_owned(),
        Outcome::Done => "✓ done".to_owned(),
        Outcome::Waits => "✗ waits until what it stands on is right".to_owned(),
        Outcome::Failed { words, .. } => format!("✗ {words}"),
        Outcome::Told => "–".to_owned(),
    };
    vec![or_dash(step.hook()), step.scope().to_owned(), what, became]
}

fn blocked(domain: &Blocked) -> String {
    let Blocked { host, seconds_left, reasons, ours } = domain;
    let mark = if *ours && *seconds_left > 0 { "✗" } else { "!" };
    let whose = if *ours { "this connection's" } else { "not this connection's" };
    let reasons = reasons.join(", ");
    format!(
        "{mark} the store delivers nothing to {host} ({whose}) for {seconds_left} more seconds: {reasons}"
    )
}
