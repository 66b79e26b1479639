//! The header's fields as digests: what the shop wants, what Kinetic holds, in one spelling so that the two can be compared.

use connector_domain::Text;
use connector_kinetic::{OneTimeShipTo, ReadBack, ReadShipTo};
use connector_ports::{Digest, HeaderField};
use sha2::{Digest as _, Sha256};

use super::desired::DesiredOrder;

/// What the shop wants of a field; `None` where the customer's own is taken, whatever it is.
pub(crate) fn wanted(desired: &DesiredOrder, field: HeaderField) -> Option<Digest> {
    let header = &desired.header;
    let code = |code: Option<&Text<4>>| code.map(|code| digest(&[code.as_str()]));
    match field {
        HeaderField::Address => header.one_time.as_ref().map(asked_for),
        HeaderField::Comment => Some(digest(&[&header.comment])),
        HeaderField::ShipVia => code(header.ship_via.as_ref()),
        HeaderField::Terms => code(header.terms.as_ref()),
        HeaderField::TaxRegion => code(header.tax_region.as_ref()),
    }
}

/// What stands in the ledger for a field: [`wanted`], and a digest of its own for the customer's own.
pub(crate) fn recorded(desired: &DesiredOrder, field: HeaderField) -> Digest {
    wanted(desired, field).unwrap_or_else(|| digest(&[]))
}

/// What Kinetic holds of a field.
pub(crate) fn held(order: &ReadBack, field: HeaderField) -> Digest {
    let header = &order.header;
    match field {
        HeaderField::Address => header.one_time.as_ref().map_or_else(|| digest(&[]), kept),
        HeaderField::Comment => digest(&[&header.comment]),
        HeaderField::ShipVia => digest(&[&header.ship_via]),
        HeaderField::Terms => digest(&[&header.terms]),
        HeaderField::TaxRegion => digest(&[&header.tax_region]),
    }
}

/// How people call it.
pub(crate) const fn name(field: HeaderField) -> &'static str {
    match field {
        HeaderField::Address => "address",
        HeaderField::Comment => "comment",
        HeaderField::ShipVia => "shipping method",
        HeaderField::Terms => "payment terms",
        HeaderField::TaxRegion => "tax region",
    }
}

fn asked_for(to: &OneTimeShipTo) -> Digest {
    digest(&[
        to.name.as_str(),
        to.address1.as_str(),
        to.address2.as_str(),
        to.address3.as_str(),
        to.city.as_str(),
        to.state.as_str(),
        to.zip.as_str(),
        &to.country_num.to_string(),
        to.contact.as_str(),
        to.phone.as_str(),
    ])
}

fn kept(to: &ReadShipTo) -> Digest {
    digest(&[
        &to.name,
        &to.address1,
        &to.address2,
        &to.address3,
        &to.city,
        &to.state,
        &to.zip,
        &to.country_num.to_string(),
        &to.contact,
        &to.phone,
    ])
}

/// Blanks around a text and the kind of its line ends are no difference: databases drop the ones and servers change the others.
fn digest(texts: &[&str]) -> Digest {
    let mut digest = Sha256::new();
    for text in texts {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        digest.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(text.as_bytes());
    }
    Digest::new(digest.finalize().into())
}
