//! The token of one client: borrowed when it is needed, kept for its lifetime (§2.2, §2.3).

use std::sync::Arc;
use std::time::Duration;

use connector_domain::{Clock, Deadline, Timestamp};
use connector_http::{Call, CallError, Remote, Vendor};
use jiff::SignedDuration;
use secrecy::SecretString;
use url::Url;

use super::desk::Desk;
use super::grant::{self, Grant};
use super::kept::{Fresh, Kept};
use super::lender::Lender;

/// A token is renewed so long before its end, or a tenth of its lifetime if that is less: the call that it goes with takes a while too.
const MARGIN: Duration = Duration::from_mins(1);

/// One token for all callers.
pub(super) struct Tokens {
    remote: Remote,
    call: Call,
    secret: SecretString,
    /// Of a token that came without one.
    lifetime: Duration,
    kept: Kept<SecretString>,
    clock: Arc<dyn Clock>,
}

impl Tokens {
    pub(super) fn new(
        lender: Lender,
        lifetime: Duration,
        clock: Arc<dyn Clock>,
        reach: impl FnOnce(Url, Arc<dyn Vendor>) -> Remote,
    ) -> Self {
        let Lender { base, call, whose, secret } = lender;
        let remote = reach(base, Arc::new(Desk::new(whose, secret.clone())));
        Self { remote, call, secret, lifetime, kept: Kept::new(), clock }
    }

    /// A token that is good, and its generation.
    ///
    /// # Errors
    /// The lender's refusal or silence.
    pub(super) async fn get(&self, deadline: Deadline) -> Result<(SecretString, u64), CallError> {
        let borrow = async {
            // It may have been lent as soon as it was asked for.
            let asked = self.clock.now();
            let answer = self.remote.send(&self.call, deadline).await?;
            let Grant { token, lifetime } = grant::read(&answer.body).ok_or_else(|| CallError {
                cause: "kinetic.token_unreadable",
                ..answer.unreadable("expected an access token, as JSON or XML")
            })?;
            Ok(Fresh { value: token, good_until: good_until(asked, lifetime.unwrap_or(self.lifetime)) })
        };
        self.kept.get(&*self.clock, borrow).await
    }

    /// Gives up the token of `generation`.
    pub(super) fn forget(&self, generation: u64) {
        self.kept.forget(generation);
    }

    /// What must not come back in anybody's words.
    pub(super) fn secrets(&self) -> impl Iterator<Item = SecretString> {
        [Some(self.secret.clone()), self.kept.newest()].into_iter().flatten()
    }
}

fn good_until(asked: Timestamp, lifetime: Duration) -> Timestamp {
    let used = lifetime.saturating_sub(MARGIN.min(lifetime / 10));
    SignedDuration::try_from(used)
        .ok()
        .and_then(|used| asked.checked_add(used).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(3600, 3540; "a minute before")]
    #[test_case(600, 540; "a minute is a tenth")]
    #[test_case(50, 45; "a tenth before")]
    #[test_case(0, 0; "at once")]
    fn a_token_is_good_until_shortly_before_its_end(lifetime: u64, seconds: i64) {
        let good = good_until(Timestamp::UNIX_EPOCH, Duration::from_secs(lifetime));
        assert_eq!(good.as_second(), seconds);
    }

    #[test]
    fn a_lifetime_beyond_the_end_of_time_is_the_end_of_time() {
        assert_eq!(good_until(Timestamp::UNIX_EPOCH, Duration::MAX), Timestamp::MAX);
    }
}
