//! What an invocation knows of itself.

use std::time::Duration;

use connector_domain::{Deadline, Timestamp};
use lambda_runtime::Context;

/// So long before Lambda kills it an invocation wants to be done: time to record what it did.
const MARGIN: Duration = Duration::from_secs(2);

/// One invocation: its id, and until when it may work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Lambda's id of it, which stands in its log lines.
    pub request_id: String,
    /// Two seconds before Lambda ends it.
    pub deadline: Deadline,
}

impl From<&Context> for Invocation {
    fn from(context: &Context) -> Self {
        let millis = i64::try_from(context.deadline).unwrap_or(i64::MAX);
        let end = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
        let deadline = Deadline::at(end.checked_sub(MARGIN).unwrap_or(Timestamp::MIN));
        Self { request_id: context.request_id.clone(), deadline }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invocation_is_done_before_it_is_killed() {
        let mut context = Context::default();
        context.deadline = 10_000;
        let deadline = Invocation::from(&context).deadline;
        assert_eq!(deadline, Deadline::at(Timestamp::from_second(8).unwrap()));
    }
}
