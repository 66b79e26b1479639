//! Sessions of the server and the seats that they and other calls take (§2.1, §2.4).

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde::Deserialize;
use uuid::Uuid;

use super::{answer::Answer, company::Company, refusal::Refusal};

/// The sessions that are open, and the pool of licences they are taken from.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: BTreeSet<Uuid>,
    opened: u128,
    /// Seats of other users.
    pub(crate) others: usize,
    /// Calls refused for want of a seat.
    pub(crate) refused: usize,
}

/// The `SessionInfo` header.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SessionInfo {
    #[serde(rename = "SessionID")]
    session: String,
}

/// The `License` header.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct License {
    #[serde(rename = "ClaimedLicense")]
    _claimed: String,
}

impl Sessions {
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Ends all sessions; whoever names one of them is refused.
    pub(crate) fn expire(&mut self) {
        self.open.clear();
    }

    /// Lets a call without a session take a seat for as long as it lasts.
    fn seat(&mut self, seats: Option<usize>) -> Result<(), Refusal> {
        if seats.is_some_and(|seats| self.others + self.open.len() >= seats) {
            self.refused += 1;
            return Err(Refusal::no_licence());
        }
        Ok(())
    }
}

/// Lets a call in: by its session, or by a seat of the pool.
///
/// # Errors
/// A header cannot be read, the session is not open, or no seat is free.
pub(crate) fn admit(company: &mut Company, headers: &HeaderMap) -> Result<Option<Uuid>, Refusal> {
    if let Some(header) = headers.get("license") {
        serde_json::from_slice::<License>(header.as_bytes())
            .map_err(|error| Refusal::request(format!("License cannot be read: {error}")))?;
    }
    let Some(header) = headers.get("sessioninfo") else {
        return company.sessions.seat(company.config.seats).map(|()| None);
    };
    let info: SessionInfo = serde_json::from_slice(header.as_bytes())
        .map_err(|error| Refusal::request(format!("SessionInfo cannot be read: {error}")))?;
    let session = Uuid::try_parse(&info.session).ok().filter(|id| company.sessions.open.contains(id));
    session.map(Some).ok_or_else(Refusal::no_session)
}

/// Calls a method of `Ice.LIB.SessionModSvc`; `None` if it has none of that name here.
pub(crate) fn call(
    company: &mut Company,
    method: &str,
    session: Option<Uuid>,
) -> Option<Result<Answer, Refusal>> {
    let sessions = &mut company.sessions;
    Some(match method {
        "Login" => {
            sessions.opened += 1;
            let id = Uuid::from_u128(0x6c1d_40f2_93ab_4e07_8d11_0000_0000_0000 + sessions.opened);
            sessions.open.insert(id);
            company.config.recorder.redact(&id.to_string());
            Ok(Answer::text(id.to_string()))
        }
        "Logout" => match session {
            Some(id) => {
                sessions.open.remove(&id);
                Ok(Answer::default())
            }
            None => Err(Refusal::no_session()),
        },
        _ => return None,
    })
}
