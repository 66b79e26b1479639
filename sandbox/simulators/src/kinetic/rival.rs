//! Another user who saves the same rows just before a call ([`Fault::Modified`](crate::Fault::Modified)).

use std::collections::BTreeSet;

use super::{body::Arguments, company::Company, refusal::Refusal, row::Row};

/// Saves the rows that the call is about.
///
/// # Errors
/// The call names an order without sending its rows: the other save falls into its midst, so that it is refused.
pub(crate) fn saves_first(
    company: &mut Company,
    service: &str,
    method: &str,
    call: &Arguments,
) -> Result<(), Refusal> {
    let named = match (service, method) {
        ("Erp.BO.SalesOrderSvc", "SetReadyToCalc") => call.int("ipOrderNum"),
        ("Erp.BO.SalesOrderSvc", "CloseOrder" | "ReopenOrder") => call.int("iOrderNum"),
        ("Erp.BO.SalesOrderSvc", "MasterUpdate" | "Update") => {
            orders(company, call);
            return Ok(());
        }
        ("Erp.BO.CustomerSvc", "Update") => {
            customers(company, call.ds.of("Customer"));
            return Ok(());
        }
        _ => return Ok(()),
    };
    if !company.orders.contains_key(&named) {
        return Ok(());
    }
    order(company, named, &[]);
    Err(Refusal::modified(company.config.conflict_status, "OrderHed"))
}

fn orders(company: &mut Company, call: &Arguments) {
    let sent: Vec<&Row> =
        ["OrderHed", "OrderDtl", "OHOrderMsc"].iter().flat_map(|table| call.ds.of(table)).collect();
    let named: BTreeSet<i32> = sent.iter().map(|row| row.key("OrderNum")).collect();
    for order_num in named {
        order(company, order_num, &sent);
    }
}

fn order(company: &mut Company, order_num: i32, sent: &[&Row]) {
    let Some(mut order) = company.orders.get(&order_num).cloned() else { return };
    company.stamp(&mut order.head);
    let is_sent = |row: &Row, number: &str| {
        let same = |other: &&Row| {
            other.table() == row.table()
                && other.key("OrderNum") == order_num
                && other.key(number) == row.key(number)
        };
        sent.iter().any(same)
    };
    for (rows, number) in [(&mut order.lines, "OrderLine"), (&mut order.charges, "SeqNum")] {
        for row in rows.iter_mut().filter(|row| is_sent(row, number)) {
            company.stamp(row);
        }
    }
    company.keep(order);
}

fn customers(company: &mut Company, sent: &[Row]) {
    for row in sent {
        if let Some(mut stored) = company.find_num("Customer", "CustNum", row.key("CustNum")).cloned() {
            company.stamp(&mut stored);
            company.replace(stored);
        }
    }
}
