//! Whether a connection can tell its orders from those of the others.

use connector_ports::Connection;
use connector_sync::rules::{Neighbour, Rules, clashes};

use super::Deployment;

/// What it showed to compare a connection with all others.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// Every clash: both connections would stand still.
    pub(crate) clashes: Vec<String>,
    /// What could not be compared, and why: nobody knows whether it clashes, and the functions wait until it can be read.
    pub(crate) unread: Vec<String>,
}

impl Deployment {
    /// Compares a connection with the others that are stored. One whose own rules are wrong does not run, so it clashes with nobody.
    ///
    /// # Errors
    /// The others cannot even be listed.
    pub(crate) async fn compared(&self, connection: &Connection) -> anyhow::Result<Compared> {
        let Some(own) = neighbour(connection) else {
            return Ok(Compared {
                unread: vec!["its own rules are wrong".to_owned()],
                ..Compared::default()
            });
        };
        let (mut others, mut unread) = (Vec::new(), Vec::new());
        for (id, read) in self.all().await? {
            match read {
                Ok(other) => others.extend(neighbour(&other)),
                Err(error) if id != connection.id => {
                    unread.push(format!("connection {id} cannot be read: {error}"));
                }
                Err(_) => {}
            }
        }
        let clashes = clashes(&own, &others).err().map(|problems| problems.0).unwrap_or_default();
        Ok(Compared { clashes, unread })
    }
}

fn neighbour(connection: &Connection) -> Option<Neighbour> {
    let kinetic = &connection.credentials.kinetic;
    let rules = Rules::parse(&connection.rules).ok()?;
    Some(Neighbour::new(connection.id.clone(), kinetic.base_url.as_str(), &kinetic.company, &rules))
}
