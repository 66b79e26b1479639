//! One session of the server for all calls, instead of one for each (§2.1).

use std::fmt;
use std::sync::Arc;

use connector_domain::{Clock, Deadline, Timestamp};
use connector_http::{Call, CallError, Remote, Safety};
use http::header::HeaderValue;
use http::{HeaderMap, HeaderName};
use secrecy::SecretString;
use serde::Deserialize;

use super::kept::{Fresh, Kept};
use super::sensitive;

const SESSION_INFO: HeaderName = HeaderName::from_static("sessioninfo");

/// The session of one client.
pub(crate) struct Sessions {
    /// The company as it is without a session.
    remote: Remote,
    kept: Kept<Session>,
    clock: Arc<dyn Clock>,
}

/// A session that the server gave us.
#[derive(Clone)]
struct Session {
    id: SecretString,
    /// How it is named in each call.
    info: HeaderValue,
}

#[derive(Deserialize)]
struct Begun {
    #[serde(rename = "returnObj")]
    return_obj: String,
}

impl Sessions {
    /// Sessions of the company behind `remote`, whose own calls have none.
    pub(crate) fn new(remote: Remote, clock: Arc<dyn Clock>) -> Self {
        Self { remote, kept: Kept::new(), clock }
    }

    /// Names the session in the headers and says its generation. Begins one if there is none.
    ///
    /// # Errors
    /// The login's.
    pub(crate) async fn name(&self, headers: &mut HeaderMap, deadline: Deadline) -> Result<u64, CallError> {
        let (session, generation) = self.kept.get(&*self.clock, self.begin(deadline)).await?;
        headers.insert(SESSION_INFO, session.info);
        Ok(generation)
    }

    async fn begin(&self, deadline: Deadline) -> Result<Fresh<Session>, CallError> {
        // A second session would hold a second seat, so a login whose answer was lost is not repeated here.
        let login =
            Call::post("POST Ice.LIB.SessionModSvc/Login", "Ice.LIB.SessionModSvc/Login", Safety::Unsafe);
        let answer = self.remote.send(&login.body("{}"), deadline).await?;
        let Begun { return_obj: id } = answer.json()?;
        let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let info = sensitive(&serde_json::json!({ "SessionID": id }).to_string()).ok().filter(|_| plain);
        let info = info.ok_or_else(|| answer.unreadable("returnObj: expected the id of a session"))?;
        // It ends when the server says so.
        Ok(Fresh { value: Session { id: id.into(), info }, good_until: Timestamp::MAX })
    }

    /// Ends the session, if there is one, and forgets it whatever the server says.
    ///
    /// # Errors
    /// The logout's. The server then ends the session in its own time.
    pub(crate) async fn end(&self, deadline: Deadline) -> Result<(), CallError> {
        let Some(session) = self.kept.take(&*self.clock).await else { return Ok(()) };
        let (name, path) = ("POST Ice.LIB.SessionModSvc/Logout", "Ice.LIB.SessionModSvc/Logout");
        let logout = Call::post(name, path, Safety::Idempotent).header(SESSION_INFO, session.info).body("{}");
        match self.remote.send(&logout, deadline).await {
            Ok(_) => Ok(()),
            // It had ended by itself.
            Err(error) if error.cause == "kinetic.session_expired" => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Gives up the session of `generation`.
    pub(crate) fn forget(&self, generation: u64) {
        self.kept.forget(generation);
    }

    /// What must not come back in anybody's words.
    pub(crate) fn secret(&self) -> Option<SecretString> {
        self.kept.newest().map(|session| session.id)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions(…)")
    }
}
