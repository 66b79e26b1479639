//! Whom a connection stands beside: what of all others could take its orders for their own.

use std::sync::{Arc, OnceLock};

use connector_ports::{Connection, ConnectionsError, Outline, Outlines};
use parking_lot::Mutex;

use crate::rules::{Neighbour, Problems, Rules, clashes, company};

/// All connections, compared for as long as what is stored stays the same.
#[derive(Debug)]
pub(crate) struct Neighbourhood {
    outlines: Arc<dyn Outlines>,
    read: Mutex<Option<Arc<Beside>>>,
}

/// All connections of one reading.
#[derive(Debug)]
pub(crate) struct Beside {
    from: Arc<[Outline]>,
    others: Vec<Other>,
}

#[derive(Debug)]
struct Other {
    company: String,
    /// Rules are read where somebody else writes to that company: reading those of a thousand connections takes its time. `None` where
    /// they cannot be read: it does not run then, and clashes with nobody.
    neighbour: OnceLock<Option<Neighbour>>,
}

impl Neighbourhood {
    pub(crate) fn new(outlines: Arc<dyn Outlines>) -> Self {
        Self { outlines, read: Mutex::default() }
    }

    /// All connections, this one among them. The same `Arc` is returned for as long as they stay the same.
    ///
    /// # Errors
    /// [`ConnectionsError::Unavailable`]: try again.
    pub(crate) async fn around(&self, own: &Connection) -> Result<Arc<Beside>, ConnectionsError> {
        let from = self.outlines.beside(&Outline::from(own)).await?;
        let mut read = self.read.lock();
        if let Some(known) = read.as_ref().filter(|read| Arc::ptr_eq(&read.from, &from)) {
            return Ok(known.clone());
        }
        let beside = Arc::new(Beside::of(from));
        *read = Some(beside.clone());
        Ok(beside)
    }
}

impl Beside {
    fn of(from: Arc<[Outline]>) -> Self {
        let other = |outline| Other { company: company(outline), neighbour: OnceLock::new() };
        Self { others: from.iter().map(other).collect(), from }
    }

    /// Says with which of them the connection that `own` outlines, under `rules`, would be mixed up.
    ///
    /// # Errors
    /// As [`clashes`].
    pub(crate) fn leaves_room_for(&self, own: &Outline, rules: &Rules) -> Result<(), Problems> {
        let own = Neighbour::new(own, rules);
        let same_company =
            self.others.iter().zip(self.from.iter()).filter(|(other, _)| other.company == own.company);
        let others: Vec<_> = same_company.filter_map(|(other, outline)| other.neighbour(outline)).collect();
        clashes(&own, &others)
    }
}

impl Other {
    fn neighbour(&self, outline: &Outline) -> Option<Neighbour> {
        let read = || Some(Neighbour::new(outline, &Rules::parse(&outline.rules).ok()?));
        self.neighbour.get_or_init(read).clone()
    }
}
