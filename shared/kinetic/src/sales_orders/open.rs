//! An order that exists, by its newest header row.

use std::fmt;

use connector_domain::{CustNum, Deadline, OrderNum};
use connector_http::{Answer, Call, Class};
use serde_json::value::RawValue;

use super::{HEADER, SalesOrders};
use crate::dataset::{Fed, Received, Returned};
use crate::error::KineticError;
use crate::invoke::Reply;
use crate::row::{ColumnError, Row};

/// An order as the last answer left it. Feeding an older header row would fail, as somebody else's change would (§12.23).
#[derive(Clone)]
pub struct OpenOrder {
    pub(super) header: Row,
    pub(super) order_num: OrderNum,
    pub(super) cust_num: CustNum,
    pub(super) extension: Option<Box<RawValue>>,
}

impl fmt::Debug for OpenOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenOrder({})", self.order_num)
    }
}

impl OpenOrder {
    /// Its number.
    pub const fn order_num(&self) -> OrderNum {
        self.order_num
    }

    /// Whose it is.
    pub const fn cust_num(&self) -> CustNum {
        self.cust_num
    }

    pub(super) fn of(header: Row, extension: Option<Box<RawValue>>) -> Result<Self, ColumnError> {
        let (order_num, cust_num) = (OrderNum(header.int("OrderNum")?), CustNum(header.int("CustNum")?));
        Ok(Self { header, order_num, cust_num, extension })
    }

    /// The tableset that stands for the order in a call: its header, and none of its lines.
    pub(super) fn fed(&self) -> Fed {
        Fed::default().with(HEADER, vec![self.header.clone()]).extended(self.extension.as_deref())
    }

    /// This order after an answer: the newer header, if one came.
    pub(super) fn after(&self, reply: &Reply) -> Result<Self, KineticError> {
        let extension = reply.ds.extension().or_else(|| self.extension.clone());
        let newest = reply.newest(HEADER)?.filter(|row| row.revision() >= self.header.revision());
        match newest {
            None => Ok(Self { extension, ..self.clone() }),
            Some(header) => {
                let order = Self::of(header, extension).map_err(|error| reply.column(HEADER, error))?;
                if order.order_num != self.order_num {
                    return Err(reply.unreadable("OrderHed.OrderNum: expected the order that was sent"));
                }
                Ok(order)
            }
        }
    }
}

/// Everything that `GetByID` gives of an order. Tables are read only when somebody asks for them.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) order: OpenOrder,
    ds: Received,
    answer: Answer,
}

impl Whole {
    /// The rows of a table, each with its number.
    ///
    /// # Errors
    /// It is no array of rows, or a row has no number: that would look like absence.
    pub(super) fn rows(
        &self,
        table: &'static str,
        number: &'static str,
    ) -> Result<Vec<(i32, Row)>, KineticError> {
        let unreadable = |words: String| self.answer.unreadable(format!("returnObj.{words}"));
        let rows = self.ds.rows(table).map_err(|table| unreadable(format!("{table}: expected rows")))?;
        let numbered = |row: Row| match row.int(number) {
            Ok(number) => Ok((number, row)),
            Err(error) => Err(unreadable(format!("{table}.{error}")).into()),
        };
        rows.into_iter().map(numbered).collect()
    }
}

impl SalesOrders<'_> {
    /// Opens an order that an earlier run began; `None` if there is none of that number.
    ///
    /// `GetByID` gives the whole order (§8.2). Only the header is read, and kept.
    ///
    /// # Errors
    /// The call's.
    pub async fn open(
        &self,
        order_num: OrderNum,
        deadline: Deadline,
    ) -> Result<Option<OpenOrder>, KineticError> {
        Ok(self.whole(order_num, deadline).await?.map(|whole| whole.order))
    }

    /// The whole order; `None` if there is none of that number.
    ///
    /// # Errors
    /// The call's.
    pub(super) async fn whole(
        &self,
        order_num: OrderNum,
        deadline: Deadline,
    ) -> Result<Option<Whole>, KineticError> {
        let call = Call::get("GET Erp.BO.SalesOrderSvc/GetByID", "Erp.BO.SalesOrderSvc/GetByID")
            .query("orderNum", order_num.to_string());
        let answer = match self.door.remote.send(&call, deadline).await {
            Ok(answer) => answer,
            Err(error) if error.class == Class::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Returned { return_obj: ds } = answer.json()?;
        let unreadable = |words: String| answer.unreadable(format!("returnObj.{words}"));
        let header = ds.newest(HEADER).map_err(|table| unreadable(format!("{table}: expected rows")))?;
        let Some(header) = header else { return Ok(None) };
        let order = OpenOrder::of(header, ds.extension());
        let order = order.map_err(|error| unreadable(format!("{HEADER}.{error}")))?;
        if order.order_num != order_num {
            return Err(
                unreadable("OrderHed.OrderNum: expected the order that was asked for".to_owned()).into()
            );
        }
        Ok(Some(Whole { order, ds, answer }))
    }
}
