//! `GetByID`: an order with all of its rows.

use crate::kinetic::{
    answer::Answer,
    company::{Company, Order},
    dataset::DataSet,
    refusal::Refusal,
};

pub(super) fn get_by_id(company: &Company, order_num: i32) -> Result<Answer, Refusal> {
    company.orders.get(&order_num).map(|order| Answer::returned(whole(order))).ok_or_else(Refusal::no_record)
}

pub(super) fn whole(order: &Order) -> DataSet {
    let mut ds = DataSet::new("SalesOrderTableset");
    ds.push(order.head.clone());
    let children = order.lines.iter().chain(&order.releases).chain(&order.charges);
    children.cloned().for_each(|row| ds.push(row));
    ds
}
