//! Whether a connection can tell its orders from those of the others.

use connector_domain::ConnectionId;
use connector_ports::{Connection, Outline};
use connector_sync::rules::{Neighbour, Rules, clashes};

use super::Deployment;

/// What it showed to compare a connection with all others.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// Every clash: both connections would stand still.
    pub(crate) clashes: Vec<String>,
    /// What could not be compared, and why: nobody knows whether it clashes. It does not run as it is.
    pub(crate) unread: Vec<String>,
}

impl Deployment {
    /// Compares a connection with the others that are stored. One whose own rules are wrong does not run, so it clashes with nobody.
    ///
    /// # Errors
    /// The others cannot even be listed.
    pub(crate) async fn compared(&self, connection: &Connection) -> anyhow::Result<Compared> {
        let Some(own) = neighbour(&Outline::from(connection)) else {
            return Ok(Compared {
                unread: vec!["its own rules are wrong".to_owned()],
                ..Compared::default()
            });
        };
        let outlines = self.outlines.outlines().await.map_err(|error| self.not_listed(&error))?;
        let shown = |id: &ConnectionId| outlines.iter().any(|outline| outline.id == *id);
        let ids = self.ids().await?;
        let missing = ids.iter().filter(|id| **id != connection.id && !shown(id));
        let unread = missing.map(|id| format!("connection {id} cannot be read")).collect();
        let others: Vec<_> = outlines.iter().filter_map(neighbour).collect();
        let clashes = clashes(&own, &others).err().map(|problems| problems.0).unwrap_or_default();
        Ok(Compared { clashes, unread })
    }
}

fn neighbour(outline: &Outline) -> Option<Neighbour> {
    Some(Neighbour::new(outline, &Rules::parse(&outline.rules).ok()?))
}
