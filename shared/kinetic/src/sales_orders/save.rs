//! `MasterUpdate`, and what counts as saved (§8.4, steps 5 and 10).

use connector_domain::{Deadline, OrderNum};
use connector_http::Safety;

use super::draft::Drafted;
use super::{CHARGE, Draft, HEADER, LINE, OpenOrder, SalesOrders};
use crate::error::KineticError;
use crate::invoke::{Reply, Values, value};
use crate::profile::Method;
use crate::row::Row;

/// What a save left behind.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The order's number, born with its header.
    pub order_num: OrderNum,
    /// The order as it is now.
    pub order: OpenOrder,
    /// The number that Kinetic gave a line.
    pub line: Option<i32>,
    /// What Kinetic remarked while it saved, such as a credit limit.
    pub warnings: Vec<String>,
}

impl SalesOrders<'_> {
    /// Saves a draft.
    ///
    /// A 200 proves nothing: saved is what came back stored, with a number and an empty `RowMod` (§8.4).
    ///
    /// # Errors
    /// The call's: unless its class says that nothing can have happened, look before saving again. [`KineticError::NotSaved`] with
    /// Kinetic's words where it asked something instead of saving.
    pub async fn save(&self, draft: Draft, deadline: Deadline) -> Result<Saved, KineticError> {
        let (cust_num, order_num, asks) = match &draft.of {
            // Questions are about credit, and asked of the header: one is better read by a person than passed over.
            Drafted::Header(cust_num) => (*cust_num, OrderNum(0), true),
            Drafted::Line(order) | Drafted::Charge(order) => (order.cust_num, order.order_num, false),
        };
        let values = value(Values::new(), "cTableName", draft.of.table());
        let values = value(values, "iCustNum", &cust_num.0);
        let values = value(values, "iOrderNum", &order_num.0);
        let values = value(values, "lCheckForOrderChangedMsg", &asks);
        let values = value(values, "lcheckForResponse", &asks);
        let reply =
            self.door.invoke(Method::MasterUpdate, values, &draft.fed(), Safety::Unsafe, deadline).await?;
        went_on(&reply)?;
        saved(draft, &reply)
    }
}

/// Whether Kinetic went on instead of asking.
pub(super) fn went_on(reply: &Reply) -> Result<(), KineticError> {
    if reply.flag("lContinue") != Some(false) {
        return Ok(());
    }
    let words = remarks(reply);
    let words = if words.is_empty() { "it did not say why".to_owned() } else { words.join(" ") };
    Err(not_saved(words))
}

/// Everything that `MasterUpdate` may remark (§8.2).
fn remarks(reply: &Reply) -> Vec<String> {
    let messages = [
        "cResponseMsg",
        "cCreditShipAction",
        "cDisplayMsg",
        "cCompliantMsg",
        "cResponseMsgOrdRel",
        "cAgingMessage",
        "cShipByDateMessage",
        "cNeedByDateMessage",
    ];
    messages.into_iter().map(|name| reply.text(name)).filter(|words| !words.is_empty()).collect()
}

pub(super) fn not_saved(words: String) -> KineticError {
    KineticError::NotSaved { method: Method::MasterUpdate, words }
}

fn saved(draft: Draft, reply: &Reply) -> Result<Saved, KineticError> {
    let table = draft.of.table();
    let stored = stored(&draft, reply)?
        .ok_or_else(|| reply.unreadable(&format!("{table}: expected the saved row")))?;
    if !stored.row_mod().is_empty() {
        return Err(not_saved(format!("the row came back as not stored (RowMod {})", stored.row_mod())));
    }
    let number = |column| stored.int(column).map_err(|error| reply.column(table, error));
    if number("OrderNum")? <= 0 {
        return Err(not_saved("the order came back without a number".to_owned()));
    }
    let line = match &draft.of {
        Drafted::Header(_) | Drafted::Charge(_) => None,
        Drafted::Line(_) => Some(number("OrderLine")?),
    };
    if line.is_some_and(|line| line <= 0) {
        return Err(not_saved("the line came back without a number".to_owned()));
    }
    let order = match draft.of {
        Drafted::Header(_) => {
            let extension = reply.ds.extension().or(draft.extension);
            OpenOrder::of(stored, extension).map_err(|error| reply.column(table, error))?
        }
        Drafted::Line(order) | Drafted::Charge(order) => order.after(reply)?,
    };
    Ok(Saved { order_num: order.order_num, order, line, warnings: remarks(reply) })
}

/// The saved row of a draft among those that came back: by its id, else by what tells it apart; the newest of them.
fn stored(draft: &Draft, reply: &Reply) -> Result<Option<Row>, KineticError> {
    let table = draft.of.table();
    let mut rows = reply.rows(table)?;
    let id = draft.row.row_id();
    if id.is_some() && rows.iter().any(|row| row.row_id() == id) {
        rows.retain(|row| row.row_id() == id);
    } else {
        rows.retain(|row| alike(table, row, &draft.row));
    }
    // Revisions are equal where nothing was stored; of those the last is the after image.
    Ok(rows.into_iter().max_by_key(Row::revision))
}

/// Whether a row bears what we wrote into ours. A row id may change when it is stored (§8.1).
fn alike(table: &'static str, row: &Row, ours: &Row) -> bool {
    let columns: &[&'static str] = match table {
        HEADER => &["PONum", "ECCOrderNum", "ECCPONum", "UserChar1"],
        LINE => &["POLine", "PartNum"],
        CHARGE => &["MiscCode", "Description"],
        _ => &[],
    };
    columns.iter().all(|column| row.text(column).ok() == ours.text(column).ok())
}
