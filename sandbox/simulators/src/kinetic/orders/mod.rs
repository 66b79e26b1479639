//! `SalesOrderSvc`: drafts, changes to drafts, and saving.

mod allocation;
mod by_hand;
mod change;
mod children;
mod draft;
mod lifecycle;
mod line;
mod read;
mod save;
mod ship;
mod totals;

pub(crate) use allocation::{Allocation, Step, allocate};
pub(crate) use by_hand::{add_charge, add_line, edit, remove_line};
pub(crate) use lifecycle::{close_order, reopen_order};
pub(crate) use ship::{of_line as shipped, of_release as shipped_of_release, ship};

use super::{
    answer::{Answer, Outs},
    body::Arguments,
    company::Company,
    refusal::Refusal,
};

/// Calls a method of the service; `None` if it has none of that name here.
pub(crate) fn call(company: &mut Company, method: &str, call: Call<'_>) -> Option<Result<Answer, Refusal>> {
    let Call { mut arguments, plant, not_saved } = call;
    let outs = match method {
        "MasterUpdate" => return Some(save::master_update(company, arguments, plant, not_saved)),
        "GetByID" => return Some(read::get_by_id(company, arguments.int("orderNum"))),
        "Update" => return Some(save::update(company, &arguments, plant)),
        "CloseOrder" => return Some(close_order(company, arguments.int("iOrderNum"))),
        "ReopenOrder" => return Some(reopen_order(company, arguments.int("iOrderNum"))),
        "SetReadyToCalc" => lifecycle::set_ready_to_calc(company, &mut arguments),
        "GetNewOrderHed" => Ok(draft::header(company, &mut arguments, plant)),
        "GetNewOrderDtl" => draft::line(company, &mut arguments),
        "GetNewOHOrderMsc" => draft::charge(company, &mut arguments),
        "ChangeOrderHedCustomerCustID" => change::customer(company, &mut arguments),
        "ChangeHedUseOTS" => change::use_ots(company, &mut arguments),
        "ChangeHedOTSCountryNum" => change::ots_country(company, &mut arguments),
        "ChangeNeedByDate" => change::need_by(&mut arguments),
        "ChangePartNumMaster" => line::part(company, &mut arguments),
        "ChangeSellingQtyMaster" => line::quantity(company, &mut arguments),
        "ChangeUnitPrice" => line::price(company, &mut arguments),
        "ChangeDiscountAmount" => line::discount(&mut arguments),
        "ChangeMiscCode" => change::misc_code(company, &mut arguments),
        "ChangeMiscAmount" => change::misc_amount(&mut arguments),
        _ => return None,
    };
    Some(outs.map(|outs: Outs| Answer::changed(arguments.ds, outs)))
}

/// A call of a method with what stands around it.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) arguments: Arguments,
    /// The site of the call.
    pub(crate) plant: &'a str,
    /// A fault: the question that is asked instead of saving.
    pub(crate) not_saved: Option<String>,
}
