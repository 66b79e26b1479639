//! Writes that are held until their commit, and the counter of revisions as a whole (`docs/facts/kinetic.md` §4.3).

use super::{
    company::{Company, Order},
    office::Write,
    row::Row,
    tables::{self, Key},
};

impl Company {
    pub(super) fn write(&mut self, write: Write) {
        match (&mut self.held, write) {
            (Some(held), write) => held.push(write),
            (None, Write::Put(row)) => self.tables.put(row),
            (None, Write::Remove(table, key)) => self.tables.remove(&table, &key),
        }
    }

    /// From now on writes are held.
    pub(crate) fn hold_writes(&mut self) {
        self.held = Some(Vec::new());
    }

    /// What was held; from now on writes are seen at once.
    pub(crate) fn held_writes(&mut self) -> Vec<Write> {
        self.held.take().unwrap_or_default()
    }

    /// Lets everybody see what was held.
    pub(crate) fn apply(&mut self, writes: Vec<Write>) {
        for write in writes {
            self.write(write);
        }
    }

    /// The row with this key as whoever holds writes sees it.
    pub(crate) fn written(&self, table: &str, key: &Key) -> Option<&Row> {
        let held = self.held.iter().flatten().rev().find_map(|write| match write {
            Write::Put(row) if row.table() == table && tables::key(row) == *key => Some(Some(row)),
            Write::Remove(from, gone) if from == table && gone == key => Some(None),
            Write::Put(_) | Write::Remove(..) => None,
        });
        held.unwrap_or_else(|| self.tables.of(table).get(key))
    }

    /// The counter as it stands.
    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    /// Gives all rows revisions that end at `last`, in their order, and puts the counter there.
    pub(crate) fn renumber(&mut self, last: i64) {
        fn of(order: &mut Order) -> impl Iterator<Item = &mut Row> {
            let children = order.lines.iter_mut().chain(&mut order.releases).chain(&mut order.charges);
            std::iter::once(&mut order.head).chain(children)
        }
        let mut known: Vec<i64> = self.tables.revisions().filter(|revision| *revision > 0).collect();
        known.extend(self.orders.values_mut().flat_map(of).map(|row| row.int("SysRevID")));
        known.sort_unstable();
        known.dedup();
        let rows = i64::try_from(known.len()).unwrap_or(i64::MAX);
        let before = (last - rows).max(0);
        let renumber = |old: i64| {
            let at = known.partition_point(|revision| *revision <= old);
            if old > 0 { before + i64::try_from(at).unwrap_or(i64::MAX) } else { old }
        };
        self.tables.renumber(renumber);
        for row in self.orders.values_mut().flat_map(of) {
            row.set("SysRevID", renumber(row.int("SysRevID")));
        }
        self.revision = before + rows;
    }
}
