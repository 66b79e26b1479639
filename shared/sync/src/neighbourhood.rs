//! Whom a connection stands beside: what of all others could take its orders for their own.

use std::sync::Arc;

use connector_ports::{Connection, ConnectionsError, Outline, Outlines};
use parking_lot::Mutex;

use crate::rules::{Neighbour, Rules};

/// All connections as neighbours, their rules read once for as long as what is stored stays the same.
#[derive(Debug)]
pub(crate) struct Neighbourhood {
    outlines: Arc<dyn Outlines>,
    read: Mutex<Option<Read>>,
}

#[derive(Debug)]
struct Read {
    from: Arc<[Outline]>,
    neighbours: Arc<[Neighbour]>,
}

impl Neighbourhood {
    pub(crate) fn new(outlines: Arc<dyn Outlines>) -> Self {
        Self { outlines, read: Mutex::default() }
    }

    /// All connections, this one among them. The same `Arc` is returned for as long as they stay the same.
    ///
    /// One whose own rules cannot be read is left out, and clashes with nobody: it does not run.
    ///
    /// # Errors
    /// [`ConnectionsError::Unavailable`]: try again.
    pub(crate) async fn around(&self, own: &Connection) -> Result<Arc<[Neighbour]>, ConnectionsError> {
        let from = self.outlines.beside(&Outline::from(own)).await?;
        let mut read = self.read.lock();
        if let Some(known) = read.as_ref().filter(|read| Arc::ptr_eq(&read.from, &from)) {
            return Ok(known.neighbours.clone());
        }
        let neighbours: Arc<[Neighbour]> = from.iter().filter_map(neighbour).collect();
        *read = Some(Read { from, neighbours: neighbours.clone() });
        Ok(neighbours)
    }
}

fn neighbour(outline: &Outline) -> Option<Neighbour> {
    let rules = Rules::parse(&outline.rules).ok()?;
    Some(Neighbour::new(outline, &rules))
}
