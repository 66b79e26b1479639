//! What the catalogue's jobs would change now, without changing it.

use std::collections::BTreeMap;

use connector_domain::{ConnectionId, Deadline, Sku};
use connector_kinetic::{Since, SysRevId};
use connector_ports::Shelved;
use serde::Serialize;

use super::explain::failed;
use super::plan::Step;
use super::publish::Publishing;
use super::turn::{Catalogue, Halt, Turn};
use super::wanted::{Field, Product};
use crate::job::Failure;
use crate::rules::Owned;

/// So many parts come at once.
const PAGE: u16 = 250;

/// What would be done about a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Would {
    /// A product would be created.
    Create,
    /// A field would be written.
    Change,
    /// A level of stock would be set.
    Level,
    /// Nothing of it goes out until a person has acted.
    Hold,
}

/// One thing that would be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// About which SKU.
    pub sku: Sku,
    /// What.
    pub would: Would,
    /// Which field; `None` of a SKU that is held.
    pub field: Option<String>,
    /// What was published before.
    pub old: Option<String>,
    /// What would be.
    pub new: Option<String>,
    /// Why it is held.
    pub words: Option<String>,
}

/// What would be done.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outlook {
    /// How many parts were read.
    pub parts: usize,
    /// How many things of each kind there are to do.
    pub counts: BTreeMap<Would, usize>,
    /// The first of them.
    pub planned: Vec<Planned>,
    /// How many there are besides.
    pub besides: usize,
}

impl Outlook {
    fn add(&mut self, planned: Planned, limit: usize) {
        let count = self.counts.entry(planned.would).or_default();
        *count = count.saturating_add(1);
        if self.planned.len() < limit {
            self.planned.push(planned);
        } else {
            self.besides = self.besides.saturating_add(1);
        }
    }
}

impl Catalogue<'_> {
    /// Reads all parts and all stock of a connection, and says what would be written: the first `limit` things, and how many there are. The
    /// prices of lists that are no product's price are not in it. `seen` is told of each page how many parts were read.
    ///
    /// # Errors
    /// A vendor or a port of ours failed, or the connection cannot be used.
    pub async fn outlook(
        &self,
        connection: &ConnectionId,
        limit: usize,
        seen: impl Fn(usize) + Send + Sync,
        deadline: Deadline,
    ) -> Result<Outlook, Failure> {
        let turn = self.looking(connection, deadline).await?;
        let mut outlook = Outlook::default();
        turn.outlook_of_parts(&mut outlook, limit, seen).await.map_err(failed)?;
        if turn.connected.rules.stock.publish {
            turn.outlook_of_stock(&mut outlook, limit).await.map_err(failed)?;
        }
        Ok(outlook)
    }
}

impl Turn<'_> {
    async fn outlook_of_parts(
        &self,
        outlook: &mut Outlook,
        limit: usize,
        seen: impl Fn(usize) + Send + Sync,
    ) -> Result<(), Halt> {
        let mut after = SysRevId(0);
        loop {
            self.on_time()?;
            let only = self.connected.rules.catalogue.parts.filter.as_ref();
            let since = Since { after, top: PAGE, only };
            let page = self.connected.kinetic.changes().parts(since, self.deadline).await?;
            let prices = self.prices_from(&page.rows, true).await?;
            let (steps, records) = Publishing::of(self, &page.rows, prices).judge(&page.rows).await?;
            for (sku, step) in steps {
                for planned in told(&sku, step, records.get(&sku)) {
                    outlook.add(planned, limit);
                }
            }
            outlook.parts = outlook.parts.saturating_add(page.rows.len());
            seen(outlook.parts);
            match page.highest {
                Some(highest) if page.more => after = highest,
                Some(_) | None => return Ok(()),
            }
        }
    }

    async fn outlook_of_stock(&self, outlook: &mut Outlook, limit: usize) -> Result<(), Halt> {
        self.every_news(|sku, location, old, new| {
            let (old, new) = (old.map(str::to_owned), Some(new.to_string()));
            let field = Some(format!("stock/{location}"));
            let planned = Planned { sku: sku.clone(), would: Would::Level, field, old, new, words: None };
            outlook.add(planned, limit);
        })
        .await
    }
}

fn told(sku: &Sku, step: Step, record: Option<&Shelved>) -> Vec<Planned> {
    let of = |would, field: Owned, value: &Field| Planned {
        sku: sku.clone(),
        would,
        field: Some(field.as_str().to_owned()),
        old: record.and_then(|record| record.fields.get(field.as_str()).cloned()),
        new: Some(value.shown()),
        words: None,
    };
    match step {
        Step::Nothing => Vec::new(),
        Step::Find(Product { fields, .. }) | Step::Create(Product { fields, .. }) => {
            let name = fields.get(&Owned::Name);
            name.into_iter().map(|name| of(Would::Create, Owned::Name, name)).collect()
        }
        Step::Change(change) => {
            change.fields.iter().map(|(field, value)| of(Would::Change, *field, value)).collect()
        }
        Step::Hold(problem) => {
            let (field, old, new) = (None, None, None);
            vec![Planned {
                sku: sku.clone(),
                would: Would::Hold,
                field,
                old,
                new,
                words: Some(problem.words),
            }]
        }
    }
}
