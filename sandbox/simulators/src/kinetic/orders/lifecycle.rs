//! What happens to a whole order that is stored: calculation, closing.

use super::{read::whole, save::stored, totals};
use crate::kinetic::{
    answer::{Answer, Outs},
    body::Arguments,
    company::Company,
    refusal::Refusal,
};

/// `SetReadyToCalc`: the stored order is calculated from now on, and now.
pub(super) fn set_ready_to_calc(company: &mut Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let mut order = stored(company, call.int("ipOrderNum"))?;
    order.head.set("ReadyToCalc", true);
    totals::sum(company, &mut order, true);
    company.stamp(&mut order.head);
    call.ds.put(order.head.clone());
    company.orders.insert(order.head.key("OrderNum"), order);
    Ok(Outs::new())
}

/// `CloseOrder`: nothing was shipped here, so what is closed is void too.
pub(super) fn close_order(company: &mut Company, order_num: i32) -> Result<Answer, Refusal> {
    let mut order = stored(company, order_num)?;
    let rows =
        [(&mut order.lines, "OpenLine", "VoidLine"), (&mut order.releases, "OpenRelease", "VoidRelease")];
    for (rows, open, void) in rows {
        for row in rows.iter_mut().filter(|row| row.flag(open)) {
            row.set(open, false);
            row.set(void, true);
            company.stamp(row);
        }
    }
    if order.head.flag("OpenOrder") {
        order.head.set("OpenOrder", false);
        order.head.set("VoidOrder", true);
        company.stamp(&mut order.head);
    }
    let answer = Answer::returned(whole(&order));
    company.orders.insert(order_num, order);
    Ok(answer)
}
