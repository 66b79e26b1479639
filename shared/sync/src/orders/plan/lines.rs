//! The lines, each known by the shop's line id in `POLine`.

use connector_domain::Text;
use connector_kinetic::{LineTarget, NewLine, ReadBack, ReadLine};
use connector_ports::{Applied, AppliedLine, Stage};

use super::{Difference, Edit, Step};
use crate::orders::desired::DesiredOrder;

pub(super) fn compare(desired: &DesiredOrder, applied: Option<&Applied>, held: &ReadBack) -> Difference {
    let known = applied.map(|applied| applied.lines.as_slice()).unwrap_or_default();
    let completing = applied.is_none_or(|applied| applied.stage == Stage::Begun);
    let mut all = Difference::default();
    for (at, wanted) in desired.lines.iter().enumerate() {
        let reference = wanted.reference.as_str();
        let base = known.iter().find(|line| line.reference == reference);
        let standing = single(held, wanted, base, &mut all);
        match (base, standing) {
            (None, None) => {
                all.steps.push(Step::AddLine(at));
                all.edits.insert(Edit::AddedLine);
            }
            // Until the first import is complete, what is missing is added.
            (Some(_), None) if completing => all.steps.push(Step::AddLine(at)),
            (Some(base), None) if still(base, wanted) => {
                all.kept.push(format!("the shop's line {reference} ({}) was taken out", base.part_num));
            }
            (Some(_), None) => {
                all.clashes.push(format!("the shop's line {reference}, which was taken out in Kinetic"));
            }
            (None, Some(line)) if same_line(wanted, line) => {}
            // Not recorded, so nobody can say who wrote it so.
            (None, Some(line)) => all.clashes.push(other(line)),
            (Some(base), Some(line)) => three_ways(wanted, base, line, completing, &mut all),
        }
    }
    gone_from_the_shop(desired, known, held, completing, &mut all);
    all
}

/// Lines of ours that the shop has no more, and lines that were never ours.
fn gone_from_the_shop(
    desired: &DesiredOrder,
    known: &[AppliedLine],
    held: &ReadBack,
    completing: bool,
    all: &mut Difference,
) {
    for line in held.ordered_lines().filter(|line| !line.void) {
        if desired.lines.iter().any(|wanted| wanted.reference.as_str() == line.reference) {
            continue;
        }
        match known.iter().find(|base| base.reference == line.reference) {
            Some(base) if untouched(base, line) => {
                all.removals.push(remove(line));
                all.edits.insert(Edit::RemovedLine);
            }
            Some(_) => all.clashes.push(format!(
                "line {}, which the shop has removed and Kinetic has otherwise than it was written",
                line.order_line
            )),
            None if completing => all.kept.push(other(line)),
            None => all.kept.push(format!(
                "line {} ({} × {}) was added in Kinetic",
                line.order_line, line.quantity, line.part_num
            )),
        }
    }
}

/// The one line that stands for the shop's; of two the later is removed, if nobody made it another.
fn single<'a>(
    held: &'a ReadBack,
    wanted: &NewLine,
    base: Option<&AppliedLine>,
    all: &mut Difference,
) -> Option<&'a ReadLine> {
    let mut lines: Vec<&ReadLine> = held
        .ordered_lines()
        .filter(|line| line.reference == wanted.reference.as_str() && !line.void)
        .collect();
    lines.sort_by_key(|line| line.order_line);
    let (first, rest) = lines.split_first()?;
    for later in rest {
        let ours = same_line(wanted, later) || base.is_some_and(|base| untouched(base, later));
        if ours {
            all.removals.push(remove(later));
            all.edits.insert(Edit::RemovedLine);
        } else {
            all.clashes.push(format!("line {} stands there twice, and differently", wanted.reference));
        }
    }
    Some(first)
}

/// Field by field: what only the shop changed follows, what only a person changed stays, what both changed must be the same.
fn three_ways(wanted: &NewLine, base: &AppliedLine, line: &ReadLine, completing: bool, all: &mut Difference) {
    let mut target = LineTarget {
        part_num: Text::fit(&line.part_num).text,
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount,
    };
    let mut edits = Vec::new();
    let mut apply = |what: &str, shop: bool, person: bool, agree: bool, edit: Edit| {
        if !shop && person {
            all.kept.push(if completing {
                other(line)
            } else {
                format!("the {what} of line {} ({}) was changed", line.order_line, line.part_num)
            });
        }
        if shop && person && !agree {
            all.clashes.push(format!("the {what} of line {} ({})", line.order_line, line.part_num));
        }
        let follows = shop && !agree;
        edits.extend(follows.then_some(edit));
        follows
    };
    let part = wanted.part_num.as_str();
    if apply(
        "part",
        base.part_num != part,
        !alike(&base.part_num, &line.part_num),
        alike(part, &line.part_num),
        Edit::Part,
    ) {
        target.part_num = wanted.part_num.clone();
    }
    let quantity = wanted.quantity;
    if apply(
        "quantity",
        base.quantity != quantity,
        base.quantity != line.quantity,
        quantity == line.quantity,
        Edit::Quantity,
    ) {
        target.quantity = quantity;
    }
    let price = wanted.unit_price;
    if apply(
        "price",
        base.unit_price != price,
        base.unit_price != line.unit_price,
        price == line.unit_price,
        Edit::Price,
    ) {
        target.unit_price = price;
    }
    let discount = wanted.discount;
    if apply(
        "discount",
        base.discount != discount,
        base.discount != line.discount,
        discount == line.discount,
        Edit::Price,
    ) {
        target.discount = discount;
    }
    if !edits.is_empty() {
        all.edits.extend(edits);
        let (reference, order_line) = (line.reference.clone(), line.order_line);
        all.steps.push(Step::ChangeLine { reference, order_line, target });
    }
}

fn other(line: &ReadLine) -> String {
    format!("line {} is not as the shop has it", line.order_line)
}

fn remove(line: &ReadLine) -> Step {
    Step::RemoveLine { reference: line.reference.clone(), order_line: line.order_line }
}

/// Whether the shop wants what we applied.
fn still(base: &AppliedLine, wanted: &NewLine) -> bool {
    base.part_num == wanted.part_num.as_str()
        && base.quantity == wanted.quantity
        && base.unit_price == wanted.unit_price
        && base.discount == wanted.discount
}

/// Whether Kinetic's line is as we wrote it.
fn untouched(base: &AppliedLine, line: &ReadLine) -> bool {
    alike(&base.part_num, &line.part_num)
        && base.quantity == line.quantity
        && base.unit_price == line.unit_price
        && base.discount == line.discount
}

/// Whether Kinetic's line is the wanted one.
pub(crate) fn same_line(wanted: &NewLine, line: &ReadLine) -> bool {
    alike(&line.part_num, wanted.part_num.as_str())
        && line.quantity == wanted.quantity
        && line.unit_price == wanted.unit_price
        && line.discount == wanted.discount
        && !line.void
}

/// SQL Server compares part numbers without case, and hands back the spelling of the Part table.
fn alike(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}
