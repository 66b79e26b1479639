//! Taking a line or a charge out of an order that stands (§8.6).

use connector_domain::Deadline;
use connector_http::{Class, Safety};

use super::{CHARGE, LINE, OpenOrder, RELEASE, SalesOrders, StoredCharge, StoredLine};
use crate::error::KineticError;
use crate::invoke::{Reply, Values};
use crate::profile::Method;
use crate::row::Row;

/// The row to take out, and what belongs to it.
struct Outgoing<'a> {
    table: &'static str,
    /// The column by which it is known in its order.
    number: &'static str,
    row: &'a Row,
    releases: &'a [Row],
}

impl SalesOrders<'_> {
    /// Takes a line with its releases out. One that is gone already is as wanted.
    ///
    /// # Errors
    /// The call's: `kinetic.row_modified` (Conflict) where somebody changed the line meanwhile; `kinetic.not_found` if the whole order is
    /// gone. [`KineticError::NotSaved`] where the line is still there afterwards, and, before anything is asked, for a sales kit: whether
    /// its components go with it is unknown (§8.6).
    pub async fn remove_line(
        &self,
        order: OpenOrder,
        line: &StoredLine,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        if line.is_kit() {
            let number = line.order_line;
            return Err(not_removed(format!(
                "line {number} is a sales kit, whose components might stay; take it out in Kinetic"
            )));
        }
        let outgoing =
            Outgoing { table: LINE, number: "OrderLine", row: &line.row, releases: &line.releases };
        self.remove(order, &outgoing, deadline).await
    }

    /// Takes a charge of the whole order out. One that is gone already is as wanted.
    ///
    /// # Errors
    /// As [`SalesOrders::remove_line`].
    pub async fn remove_charge(
        &self,
        order: OpenOrder,
        charge: &StoredCharge,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        let outgoing = Outgoing { table: CHARGE, number: "SeqNum", row: &charge.row, releases: &[] };
        self.remove(order, &outgoing, deadline).await
    }

    /// The row with `RowMod` `D` in `Update`. The releases go along as they came: they are Kinetic's to take out with their line.
    async fn remove(
        &self,
        order: OpenOrder,
        outgoing: &Outgoing<'_>,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        let mut row = outgoing.row.clone();
        row.set_text("RowMod", "D");
        let ds = order.fed().with(outgoing.table, vec![row]).with(RELEASE, outgoing.releases.to_vec());
        let method = Method::UpdateOrder;
        let sent = self.door.invoke(method, Values::new(), &ds, Safety::Idempotent, deadline).await;
        let refused = match sent {
            Ok(reply) => {
                let after = order.after(&reply)?;
                // Without a newer header the next save would be refused as stale (§12.23); whether `Update` brings one is unknown.
                if !outgoing.came_back(&reply)? && after.header.revision() > order.header.revision() {
                    return Ok(after);
                }
                None
            }
            Err(error) if error.class() == Class::NotFound => Some(error),
            Err(error) => return Err(error),
        };
        let Some(whole) = self.whole(order.order_num, deadline).await? else {
            return Err(refused.unwrap_or_else(|| not_removed("the whole order is gone".to_owned())));
        };
        let stands = whole.rows(outgoing.table, outgoing.number)?.iter().any(|(_, row)| outgoing.is(row));
        if stands {
            let number = outgoing.row.raw(outgoing.number).unwrap_or_default();
            return Err(not_removed(format!("{} {number} is still there", outgoing.number)));
        }
        Ok(whole.order)
    }
}

impl Outgoing<'_> {
    /// Whether a row is this one.
    fn is(&self, row: &Row) -> bool {
        match (self.row.row_id(), row.row_id()) {
            (Some(ours), Some(other)) => ours == other,
            _ => row.int(self.number) == self.row.int(self.number),
        }
    }

    fn came_back(&self, reply: &Reply) -> Result<bool, KineticError> {
        Ok(reply.rows(self.table)?.iter().any(|row| self.is(row)))
    }
}

fn not_removed(words: String) -> KineticError {
    KineticError::NotSaved { method: Method::UpdateOrder, words }
}
