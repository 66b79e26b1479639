//! How far a job came, and when it is due: its cursor.

use connector_domain::{ConnectionId, Timestamp};
use connector_ports::{Cursor, StateError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::job::CatalogueJob;
use super::turn::{Catalogue, Halt, Turn};

/// What stands in a job's cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept<P> {
    /// Not before.
    pub(super) next: Timestamp,
    /// How far it came.
    pub(super) place: P,
    /// Somebody is at work on it until then at the latest, so nobody is asked to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at_work: Option<Timestamp>,
}

/// A job's cursor, read once and written with every step: whoever is behind somebody else's step stops.
#[derive(Debug)]
pub(super) struct Keeper<'a, P> {
    on: Catalogue<'a>,
    connection: &'a ConnectionId,
    name: &'static str,
    cursor: Option<Cursor>,
    until: Timestamp,
    /// Not before.
    pub(super) next: Timestamp,
    /// How far it came.
    pub(super) place: P,
}

impl<P: Default + Serialize + DeserializeOwned + Sync> Keeper<'_, P> {
    /// Writes down where it is.
    pub(super) async fn keep(&mut self) -> Result<(), Halt> {
        let at_work = (self.next <= self.on.now()).then_some(self.until);
        self.write(at_work).await
    }

    /// Writes down where it is, for whoever does not work on it.
    pub(super) async fn leave(&mut self) -> Result<(), Halt> {
        self.write(None).await
    }

    async fn write(&mut self, at_work: Option<Timestamp>) -> Result<(), Halt> {
        let document = serde_json::json!(Kept { next: self.next, place: &self.place, at_work });
        match self.on.state.advance(self.connection, self.name, self.cursor.as_ref(), document).await {
            Ok(cursor) => {
                self.cursor = Some(cursor);
                Ok(())
            }
            Err(StateError::Moved(_)) => Err(Halt::Moved),
            Err(error @ StateError::Unavailable(_)) => Err(Halt::Failed(error.into())),
        }
    }
}

impl<'a> Turn<'a> {
    /// How far `job` came. A cursor that cannot be read is not begun anew: a person has to look.
    pub(super) async fn keeper<'t, P: Default + Serialize + DeserializeOwned>(
        &'t self,
        job: CatalogueJob,
    ) -> Result<Keeper<'t, P>, Halt>
    where
        'a: 't,
    {
        let (name, connection) = (job.cursor(), &self.connected.id);
        let cursor = self.on.state.cursor(connection, name).await?;
        let kept = match &cursor {
            Some(cursor) => Some(read::<Kept<Option<P>>>(name, cursor)?),
            None => None,
        };
        let next = kept.as_ref().map_or_else(|| self.on.now(), |kept| kept.next);
        let place = kept.and_then(|kept| kept.place).unwrap_or_default();
        let until = self.deadline.moment();
        Ok(Keeper { on: self.on, connection, name, cursor, until, next, place })
    }
}

/// How far a job came, as it stands in its cursor.
pub(super) fn placed(cursor: Option<&Cursor>) -> Value {
    cursor.and_then(|cursor| cursor.document.get("place").cloned()).unwrap_or_default()
}

pub(super) fn read<T: DeserializeOwned>(name: &str, cursor: &Cursor) -> Result<T, StateError> {
    serde_json::from_value(cursor.document.clone())
        .map_err(|error| StateError::Unavailable(format!("the cursor {name} cannot be read: {error}")))
}
