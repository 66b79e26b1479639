//! Rows of named parts as they are now, from sets that are the root of their service (§4).

use std::collections::BTreeSet;

use connector_domain::{Deadline, Text};

use super::changes::{BREAKS, Changes, REVISION, changed_page, page};
use super::read::Set;
use super::root::SysRevId;
use super::{Filter, batches};
use crate::error::KineticError;
use crate::parts::more::asked_for as each_once;
use crate::parts::{PART_NUM, any_of, folded, same};
use crate::prices::{LIST_PARTS, ListPartRow};
use crate::row::{ColumnError, Row};

const LIST_CODE: &str = "ListCode";

/// So many rows come at once; a part may be on a list in several units.
const PAGE: u16 = 100;

impl Changes<'_> {
    /// What these parts cost on a list, in each of their units, with their breaks; in batches of `or` terms.
    ///
    /// # Errors
    /// The call's.
    pub async fn prices_of(
        &self,
        list_code: &str,
        part_nums: &[Text<50>],
        deadline: Deadline,
    ) -> Result<Vec<ListPartRow>, KineticError> {
        let list = Some(Filter::equals(LIST_CODE, list_code));
        let rows = self.of_parts(LIST_PARTS, part_nums, list, ListPartRow::of, deadline).await?;
        let rows = rows.into_iter().filter(|row| same(&row.list_code, list_code)).collect();
        Ok(asked_for(rows, part_nums, |row| &row.part_num))
    }

    /// All rows of these parts that fit, paged by revision, which no two rows share.
    async fn of_parts<T>(
        &self,
        set: Set,
        part_nums: &[Text<50>],
        only: Option<Filter>,
        one: impl Fn(&Row) -> Result<T, ColumnError>,
        deadline: Deadline,
    ) -> Result<Vec<T>, KineticError> {
        let expand = (set.path == LIST_PARTS.path).then_some(BREAKS);
        let wanted = each_once(part_nums);
        let filter = |batch: &[&str], after: i64| {
            Filter::All(
                [Filter::above(REVISION, after), any_of(PART_NUM, batch)]
                    .into_iter()
                    .chain(only.clone())
                    .collect(),
            )
        };
        let mut found = Vec::new();
        for batch in batches(&wanted, self.door, |batch| page(set, &filter(batch, i64::MAX), expand, PAGE)) {
            let (mut after, mut more) = (SysRevId(0), true);
            while more {
                let call = page(set, &filter(batch, after.0), expand, PAGE);
                let (page, answer) = self.door.page(&call, deadline).await?;
                let changed = changed_page(&page, &answer, set.path, REVISION, after, &one)?;
                found.extend(changed.rows);
                more = changed.more && changed.highest.is_some();
                after = changed.highest.unwrap_or(after);
            }
        }
        Ok(found)
    }
}

/// What was asked for: a site that ignored the filter would give prices of other parts.
fn asked_for<T>(rows: Vec<T>, part_nums: &[Text<50>], part_num: impl Fn(&T) -> &str) -> Vec<T> {
    let asked: BTreeSet<String> = part_nums.iter().map(|part| folded(part.as_str())).collect();
    rows.into_iter().filter(|row| asked.contains(&folded(part_num(row)))).collect()
}
