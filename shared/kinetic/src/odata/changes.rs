//! What changed since a revision, and what there is by key (§4).
//!
//! `SysRevID` is asked for only of sets that are the root of their service. On a child set the same filter is read against the parent and
//! answered 200 with the wrong rows (§3), so a child set cannot be named here.

use std::collections::BTreeSet;

use connector_domain::{Deadline, Timestamp};
use connector_http::{Answer, Call};

use super::read::{Page, Set};
use super::root::{RootSet, SysRevId};
use super::{Filter, Literal, RawFilter, after, order};
use crate::error::KineticError;
use crate::invoke::Door;
use crate::parts::rows::{PARTS, PLANTS, PartPlantRow, PartRow};
use crate::prices::{LIST_PARTS, LISTS, ListPartRow, PriceListRow};
use crate::row::{ColumnError, Row};

pub(super) const REVISION: &str = "SysRevID";
const ROW_ID: &str = "SysRowID";
pub(super) const BREAKS: &str = "PLPartBrks";

/// Which rows a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Since<'f> {
    /// Only rows with a higher revision.
    pub after: SysRevId,
    /// So many at most. A site may give fewer; 100 come everywhere (§3).
    pub top: u16,
    /// Only rows that fit this too.
    pub only: Option<&'f RawFilter>,
}

/// A page of rows that changed, by revision, the lowest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The revision of the last one, after which the next page begins; `None` if there was none.
    pub highest: Option<SysRevId>,
    /// Whether more rows fit than came. A row that changes meanwhile comes again later, so nothing is skipped.
    pub more: bool,
}

/// A row by its key, for the sweep that finds what was deleted or edited in silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its key, as many texts as [`RootSet::key`] has columns.
    pub key: Vec<String>,
    /// Its revision.
    pub revision: SysRevId,
    /// Its own id, which a row that was deleted and made again does not share.
    pub row_id: String,
}

/// What changed in one company.
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a> {
    pub(super) door: &'a Door,
}

impl<'a> Changes<'a> {
    pub(crate) const fn new(door: &'a Door) -> Self {
        Self { door }
    }

    /// Parts that changed.
    ///
    /// # Errors
    /// The call's; `Unreadable` where a site gives other rows than were asked for. A site that refuses to filter by revision answers 400, and
    /// so it does to other mistakes: which it is cannot be told (§4.4), so the other way, [`Self::parts_by_date`], is a setting.
    pub async fn parts(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<PartRow>, KineticError> {
        self.changed(PARTS, since, None, PartRow::of, deadline).await
    }

    /// Price lists that changed.
    ///
    /// # Errors
    /// As [`Self::parts`].
    pub async fn price_lists(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<PriceListRow>, KineticError> {
        self.changed(LISTS, since, None, PriceListRow::of, deadline).await
    }

    /// Parts on price lists that changed, with their breaks. A break that changes alone does not show here: it has a revision of its own (§4.1).
    ///
    /// # Errors
    /// As [`Self::parts`].
    pub async fn price_list_parts(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<ListPartRow>, KineticError> {
        self.changed(LIST_PARTS, since, Some(BREAKS), ListPartRow::of, deadline).await
    }

    /// Parts at sites that changed.
    ///
    /// # Errors
    /// As [`Self::parts`].
    pub async fn part_plants(
        &self,
        since: Since<'_>,
        deadline: Deadline,
    ) -> Result<Changed<PartPlantRow>, KineticError> {
        self.changed(PLANTS, since, None, PartPlantRow::of, deadline).await
    }

    /// The highest revision in a set; `None` if it is empty. One below a cursor means that the database was refreshed from another (§4.3).
    ///
    /// # Errors
    /// The call's.
    pub async fn highest(&self, set: RootSet, deadline: Deadline) -> Result<Option<SysRevId>, KineticError> {
        let Set { label, path, .. } = set.set();
        let call = Call::get(label, path).query("$select", REVISION);
        let call = call.query("$orderby", format!("{REVISION} desc")).query("$top", "1");
        let (page, answer) = self.door.page(&call, deadline).await?;
        let revision = page.value.first().map(|row| row.long(REVISION)).transpose();
        revision.map(|revision| revision.map(SysRevId)).map_err(|error| unreadable(&answer, path, error))
    }

    /// Keys of a set in the server's order, behind `key`, of those rows that `only` names; empty at the end.
    ///
    /// # Errors
    /// As [`Self::parts`].
    pub async fn keys(
        &self,
        set: RootSet,
        key: Option<&[String]>,
        only: Option<&RawFilter>,
        top: u16,
        deadline: Deadline,
    ) -> Result<Vec<KeyRow>, KineticError> {
        let (Set { label, path, .. }, columns) = (set.set(), set.key());
        let mut call = Call::get(label, path);
        let behind = key.and_then(|key| after(columns, key));
        let filter = match (behind, only.cloned().map(Filter::Raw)) {
            (Some(behind), Some(only)) => Some(behind.and(only)),
            (behind, only) => behind.or(only),
        };
        if let Some(filter) = filter {
            call = call.query("$filter", filter.to_string());
        }
        let select = format!("{},{REVISION},{ROW_ID}", order(columns));
        let call =
            call.query("$select", select).query("$orderby", order(columns)).query("$top", top.to_string());
        let (page, answer) = self.door.page(&call, deadline).await?;
        let one = |row: &Row| {
            let key = columns.iter().map(|column| row.text(column)).collect::<Result<_, _>>()?;
            Ok(KeyRow { key, revision: SysRevId(row.long(REVISION)?), row_id: row.text(ROW_ID)? })
        };
        let rows: Vec<KeyRow> = read(&page, &answer, path, one)?;
        moves_on(rows.iter().map(|row| row.key.as_slice()), key, &answer, path)?;
        Ok(rows)
    }

    /// Parts that changed at `since` or later by the server's own stamp, in the order of their numbers and behind `part_num`; empty at the
    /// end. For sites that refuse to filter by revision. Not every write sets the stamp, and it is the server's local clock (§4.2): ask from
    /// two days ago, and compare what comes.
    ///
    /// # Errors
    /// The call's.
    pub async fn parts_by_date(
        &self,
        since: Timestamp,
        part_num: Option<&str>,
        only: Option<&RawFilter>,
        top: u16,
        deadline: Deadline,
    ) -> Result<Vec<PartRow>, KineticError> {
        let mut filter = vec![Filter::From("ChangedOn", Literal::Moment(since))];
        filter.extend(part_num.map(|part_num| Filter::above("PartNum", part_num)));
        filter.extend(only.cloned().map(Filter::Raw));
        let call = rows_call(PARTS, &Filter::All(filter), None).query("$orderby", "PartNum");
        let (page, answer) = self.door.page(&call.query("$top", top.to_string()), deadline).await?;
        let rows = read(&page, &answer, PARTS.path, PartRow::of)?;
        let last = part_num.map(str::to_owned);
        let keys = rows.iter().map(|row| std::slice::from_ref(&row.part_num));
        moves_on(keys, last.as_ref().map(std::slice::from_ref), &answer, PARTS.path)?;
        Ok(rows)
    }

    async fn changed<T>(
        &self,
        set: Set,
        since: Since<'_>,
        expand: Option<&str>,
        one: impl Fn(&Row) -> Result<T, ColumnError>,
        deadline: Deadline,
    ) -> Result<Changed<T>, KineticError> {
        let mut filter = Filter::above(REVISION, since.after.0);
        if let Some(only) = since.only {
            filter = filter.and(Filter::Raw(only.clone()));
        }
        let call = page(set, &filter, expand, since.top);
        let (page, answer) = self.door.page(&call, deadline).await?;
        changed_page(&page, &answer, set.path, REVISION, since.after, one)
    }
}

/// The call for a page by revision.
pub(super) fn page(set: Set, filter: &Filter, expand: Option<&str>, top: u16) -> Call {
    let call = rows_call(set, filter, expand).query("$orderby", REVISION);
    call.query("$top", top.to_string()).query("$count", "true")
}

fn rows_call(set: Set, filter: &Filter, expand: Option<&str>) -> Call {
    let call = Call::get(set.label, set.path).query("$filter", filter.to_string());
    let call = call.query("$select", set.columns.join(","));
    match expand {
        Some(expand) => call.query("$expand", expand),
        None => call,
    }
}

/// Reads a page by revision. Each revision is higher than the one before: a site that ignored filter or order would be read in circles, or
/// rows would be skipped.
pub(crate) fn changed_page<T>(
    page: &Page,
    answer: &Answer,
    path: &str,
    revision: &'static str,
    after: SysRevId,
    one: impl Fn(&Row) -> Result<T, ColumnError>,
) -> Result<Changed<T>, KineticError> {
    let mut last = after;
    for row in &page.value {
        let next = SysRevId(row.long(revision).map_err(|error| unreadable(answer, path, error))?);
        if next <= last {
            return Err(answer
                .unreadable(format!("{path}.{revision}: not in the order that was asked for"))
                .into());
        }
        last = next;
    }
    let highest = (!page.value.is_empty()).then_some(last);
    Ok(Changed { rows: read(page, answer, path, one)?, highest, more: page.more() })
}

/// Reads each row.
pub(crate) fn read<T>(
    page: &Page,
    answer: &Answer,
    path: &str,
    one: impl Fn(&Row) -> Result<T, ColumnError>,
) -> Result<Vec<T>, KineticError> {
    page.value.iter().map(|row| one(row).map_err(|error| unreadable(answer, path, error))).collect()
}

/// Whether no key comes twice, that before the page included; more cannot be said without the server's collation.
pub(crate) fn moves_on<'k>(
    keys: impl Iterator<Item = &'k [String]>,
    before: Option<&'k [String]>,
    answer: &Answer,
    path: &str,
) -> Result<(), KineticError> {
    let mut seen: BTreeSet<&[String]> = before.into_iter().collect();
    for key in keys {
        if !seen.insert(key) {
            return Err(answer.unreadable(format!("{path}: a key came twice")).into());
        }
    }
    Ok(())
}

fn unreadable(answer: &Answer, path: &str, error: ColumnError) -> KineticError {
    answer.unreadable(format!("{path}.{error}")).into()
}
