//! What happens to a whole order that is stored: calculation, closing, opening again.

use std::collections::BTreeSet;

use super::{read::whole, save::stored, ship, totals};
use crate::kinetic::{
    answer::{Answer, Outs},
    body::Arguments,
    company::{Company, Order},
    refusal::Refusal,
    row::Row,
};

/// `SetReadyToCalc`: the stored order is calculated from now on, and now.
pub(super) fn set_ready_to_calc(company: &mut Company, call: &mut Arguments) -> Result<Outs, Refusal> {
    let mut order = stored(company, call.int("ipOrderNum"))?;
    order.head.set("ReadyToCalc", true);
    totals::sum(company, &mut order, true);
    company.stamp(&mut order.head);
    call.ds.put(order.head.clone());
    company.keep(order);
    Ok(Outs::new())
}

/// `CloseOrder`: what was not shipped at all is void, what was shipped in part is closed short (§8.6).
pub(crate) fn close_order(company: &mut Company, order_num: i32) -> Result<Answer, Refusal> {
    let mut order = stored(company, order_num)?;
    let releases = order.releases.clone();
    for row in order.lines.iter_mut().filter(|row| row.flag("OpenLine")) {
        row.set("OpenLine", false);
        row.set("VoidLine", ship::of_line(&releases, row.key("OrderLine")).is_zero());
        company.stamp(row);
    }
    for row in order.releases.iter_mut().filter(|row| row.flag("OpenRelease")) {
        row.set("OpenRelease", false);
        row.set("VoidRelease", ship::of_release(row).is_zero());
        company.stamp(row);
    }
    if order.head.flag("OpenOrder") {
        order.head.set("OpenOrder", false);
        order.head.set("VoidOrder", releases.iter().all(|row| ship::of_release(row).is_zero()));
        company.stamp(&mut order.head);
    }
    Ok(kept(company, order))
}

/// `ReopenOrder`: the reverse. What was shipped whole stays closed.
pub(crate) fn reopen_order(company: &mut Company, order_num: i32) -> Result<Answer, Refusal> {
    let mut order = stored(company, order_num)?;
    let due = |row: &Row| ship::of_release(row) < row.decimal("SellingReqQty");
    let open: BTreeSet<i32> =
        order.releases.iter().filter(|row| due(row)).map(|row| row.key("OrderLine")).collect();
    for row in order.releases.iter_mut().filter(|row| due(row) && !row.flag("OpenRelease")) {
        row.set("OpenRelease", true);
        row.set("VoidRelease", false);
        company.stamp(row);
    }
    for row in &mut order.lines {
        if open.contains(&row.key("OrderLine")) && !row.flag("OpenLine") {
            row.set("OpenLine", true);
            row.set("VoidLine", false);
            company.stamp(row);
        }
    }
    if !order.head.flag("OpenOrder") {
        order.head.set("OpenOrder", true);
        order.head.set("VoidOrder", false);
        company.stamp(&mut order.head);
    }
    Ok(kept(company, order))
}

fn kept(company: &mut Company, order: Order) -> Answer {
    let answer = Answer::returned(whole(&order));
    company.keep(order);
    answer
}
