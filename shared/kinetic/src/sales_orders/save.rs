//! `MasterUpdate`, and what counts as saved (§8.4 steps 5 and 10, §8.6).

use connector_domain::{Deadline, OrderNum};
use connector_http::Safety;

use super::draft::Drafted;
use super::proof::Said;
use super::{Draft, HEADER, OpenOrder, SalesOrders};
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
    /// The number of a line: the one that Kinetic gave it, or the one it had.
    pub line: Option<i32>,
    /// What Kinetic remarked while it saved, such as a credit limit.
    pub warnings: Vec<String>,
}

impl SalesOrders<'_> {
    /// Saves a draft.
    ///
    /// A 200 proves nothing: saved is what came back stored, with a number and an empty `RowMod` (§8.4); of a change also, that it says what
    /// we wrote. A change may be sent twice: the second time it meets a newer row and is refused (§12.23). What is new may not.
    ///
    /// # Errors
    /// The call's: unless its class says that nothing can have happened, look before saving again. A `kinetic.row_modified` (Conflict) of a
    /// change means that somebody else wrote the row, or that an answer to us was lost: open the rows again and look.
    /// [`KineticError::NotSaved`] with Kinetic's words where it asked something instead of saving, or with the column that says something else.
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
        let safety = if draft.is_new() { Safety::Unsafe } else { Safety::Idempotent };
        let reply = self.door.invoke(Method::MasterUpdate, values, &draft.fed(), safety, deadline).await?;
        went_on(&reply)?;
        saved(draft, &reply)
    }

    /// Saves the changed header of an order that stands; `pushed` tells Kinetic that lines and releases are changed with it. Sent twice it
    /// leaves the same state, or is refused as a stale row.
    ///
    /// It is not asked for a response: what changes here is no new risk of credit, and the one question that comes with a change of the
    /// header, whether lines and releases follow, is answered in the row itself (§8.2).
    ///
    /// # Errors
    /// The call's; [`KineticError::NotSaved`] where it did not go on, or the header came back as not stored.
    pub(super) async fn save_header(
        &self,
        mut order: OpenOrder,
        pushed: bool,
        deadline: Deadline,
    ) -> Result<OpenOrder, KineticError> {
        order.header.set_text("RowMod", "U");
        let values = value(Values::new(), "cTableName", HEADER);
        let values = value(values, "iCustNum", &order.cust_num.0);
        let values = value(values, "iOrderNum", &order.order_num.0);
        let values = value(values, "lCheckForOrderChangedMsg", &pushed);
        let method = Method::MasterUpdate;
        let reply = self.door.invoke(method, values, &order.fed(), Safety::Idempotent, deadline).await?;
        went_on(&reply)?;
        let order = order.after(&reply)?;
        if order.header.row_mod().is_empty() {
            return Ok(order);
        }
        Err(not_saved("the header came back as not stored".to_owned()))
    }
}

/// Whether Kinetic went on instead of asking.
fn went_on(reply: &Reply) -> Result<(), KineticError> {
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
    if !draft.is_new() {
        kept(&draft, Said { reply, table, row: &stored })?;
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

/// Whether the saved row says what the draft said.
fn kept(draft: &Draft, stored: Said<'_>) -> Result<(), KineticError> {
    let columns: &[&'static str] = match &draft.of {
        Drafted::Header(_) => &[],
        Drafted::Line(_) => &["SellingQuantity", "DocUnitPrice", "DocDiscount"],
        Drafted::Charge(_) => &["DocMiscAmt"],
    };
    let ours = |error| stored.reply.column(stored.table, error);
    for column in columns {
        stored.number(column, draft.row.decimal(column).map_err(ours)?)?;
    }
    if matches!(draft.of, Drafted::Line(_)) {
        stored.part(&draft.row.text("PartNum").map_err(ours)?)?;
    }
    Ok(())
}

/// The saved row of a draft among those that came back: by its id, else by what tells it apart; the newest of them.
fn stored(draft: &Draft, reply: &Reply) -> Result<Option<Row>, KineticError> {
    let table = draft.of.table();
    let mut rows = reply.rows(table)?;
    let id = draft.row.row_id();
    if id.is_some() && rows.iter().any(|row| row.row_id() == id) {
        rows.retain(|row| row.row_id() == id);
    } else {
        rows.retain(|row| alike(draft, row));
    }
    // Revisions are equal where nothing was stored; of those the last is the after image.
    Ok(rows.into_iter().max_by_key(Row::revision))
}

/// Whether a row is ours: a new one by what we wrote into it, since its id may change when it is stored (§8.1); one that stands by its number.
fn alike(draft: &Draft, row: &Row) -> bool {
    let ours = &draft.row;
    let texts = |columns: &[&'static str]| columns.iter().all(|c| row.text(c).ok() == ours.text(c).ok());
    match (&draft.of, draft.is_new()) {
        (Drafted::Header(_), _) => texts(&["PONum", "ECCOrderNum", "ECCPONum", "UserChar1"]),
        (Drafted::Line(_), true) => texts(&["POLine", "PartNum"]),
        (Drafted::Charge(_), true) => texts(&["MiscCode", "Description"]),
        (Drafted::Line(_), false) => row.int("OrderLine") == ours.int("OrderLine"),
        (Drafted::Charge(_), false) => row.int("SeqNum") == ours.int("SeqNum"),
    }
}
