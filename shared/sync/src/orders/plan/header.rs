//! The header's fields: address, comment, codes.

use connector_kinetic::ReadBack;
use connector_ports::{Applied, HeaderField, Written};

use super::{Difference, Edit, Step};
use crate::orders::desired::DesiredOrder;
use crate::orders::header_field::{held, name, recorded, wanted};

const fn edit(field: HeaderField) -> Edit {
    match field {
        HeaderField::Address => Edit::Address,
        HeaderField::Comment => Edit::Comment,
        HeaderField::ShipVia => Edit::ShipVia,
        HeaderField::Terms => Edit::Terms,
        HeaderField::TaxRegion => Edit::TaxRegion,
    }
}

pub(super) fn compare(desired: &DesiredOrder, applied: Option<&Applied>, order: &ReadBack) -> Difference {
    let mut all = Difference::default();
    let mut changed = Vec::new();
    for field in HeaderField::ALL {
        let stands = held(order, field);
        let as_wanted = wanted(desired, field).is_none_or(|digest| digest == stands);
        let base = applied.and_then(|applied| applied.header.get(&field));
        // Of a header that was never recorded nobody knows who changed it; it is staged, so nobody had reason to.
        let shop = base.is_none_or(|base| base.wanted != recorded(desired, field));
        let person = base.is_some_and(|Written { held, .. }| held.is_some_and(|held| held != stands));
        match (shop, person) {
            (false, false) => {}
            (false, true) => {
                all.kept.push(format!("the {} of order {} was changed", name(field), order.order_num));
            }
            // The same on both sides is no difference.
            (true, _) if as_wanted && wanted(desired, field).is_some() => {}
            (true, false) if base.is_none() && as_wanted => {}
            (true, false) if wanted(desired, field).is_some() => {
                changed.push(field);
                all.edits.insert(edit(field));
            }
            // The customer's own is wanted again, and nobody knows it any more.
            (true, false) => all.clashes.push(format!("the {} is no longer set by a rule", name(field))),
            (true, true) => all.clashes.push(format!("the {}", name(field))),
        }
    }
    if !changed.is_empty() {
        all.steps.push(Step::ChangeHeader(changed));
    }
    all
}
