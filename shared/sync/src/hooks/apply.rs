//! One step after another, as planned; what fails is told, and planned anew by the next audit.

use connector_bigcommerce::{Hook, Hooks, NewHook};
use connector_domain::Deadline;
use connector_http::{CallError, Class};

use super::endpoint::Endpoint;
use super::plan::{Kind, Step};
use super::report::{Outcome, Planned};
use super::wanted::Wanted;

/// Does what is `planned`, and gives back the first failure: the breaker wants to know it.
///
/// Nothing is armed while our own endpoint does not answer. Nothing is deleted unless everything else that delivers is as wanted.
pub(super) async fn apply(
    planned: &mut [Planned],
    wanted: &Wanted,
    found: &[Hook],
    endpoint: &Endpoint,
    hooks: Hooks<'_>,
    deadline: Deadline,
) -> Option<CallError> {
    let (mut first, mut all_armed) = (None, true);
    for Planned { step, outcome } in planned {
        *outcome = match step.kind() {
            Kind::Refused | Kind::Told => Outcome::Told,
            Kind::Arm | Kind::Remove if *endpoint != Endpoint::Answers => Outcome::Waits,
            Kind::Remove if !all_armed => Outcome::Waits,
            Kind::Arm | Kind::Keep | Kind::Remove => match done(step, wanted, found, hooks, deadline).await {
                Ok(()) => Outcome::Done,
                Err(error) => {
                    all_armed = all_armed && step.kind() != Kind::Arm;
                    let words = error.to_string();
                    let lasting =
                        matches!(error.class, Class::Unauthorized | Class::Forbidden | Class::Rejected);
                    first.get_or_insert(error);
                    Outcome::Failed { words, lasting }
                }
            },
        };
    }
    first
}

async fn done(
    step: &Step,
    wanted: &Wanted,
    found: &[Hook],
    hooks: Hooks<'_>,
    deadline: Deadline,
) -> Result<(), CallError> {
    let as_wanted = |scope: &String| NewHook {
        scope: scope.clone(),
        destination: wanted.destination_of(scope).to_string(),
        headers: wanted.headers.clone(),
    };
    match step {
        Step::Create { scope } => hooks.create(&as_wanted(scope), deadline).await.map(drop),
        Step::Reactivate { hook, scope }
        | Step::Repoint { hook, scope, .. }
        | Step::FixHeaders { hook, scope } => {
            hooks.update(*hook, &as_wanted(scope), deadline).await.map(drop)
        }
        Step::Touch { hook, .. } => match found.iter().find(|there| there.id == *hook) {
            Some(there) => hooks.update(*hook, &there.as_it_is(), deadline).await.map(drop),
            None => Ok(()),
        },
        Step::DeleteDuplicate { hook, .. } | Step::DeleteUnwanted { hook, .. } => {
            hooks.delete(*hook, deadline).await
        }
        Step::ReportLimit { .. } | Step::ReportStranger { .. } => Ok(()),
    }
}
