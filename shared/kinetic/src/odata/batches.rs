//! Many keys asked for at once: as many `or` terms a call as Kinetic and the length of an address allow.

use connector_http::Call;

use crate::invoke::Door;

/// `wanted` in batches that stay under both limits of `door`; a key that is over the limit by itself goes alone. `call` makes the longest
/// call that a batch can come to: that of a second page, whose filter also names the last key of the first.
pub(crate) fn batches<'w>(
    wanted: &'w [&'w str],
    door: &Door,
    call: impl Fn(&[&str]) -> Call,
) -> Vec<&'w [&'w str]> {
    let mut batches = Vec::new();
    let mut rest = wanted;
    while !rest.is_empty() {
        let fits = |count: &usize| {
            let call = call(rest.get(..*count).unwrap_or(rest));
            door.remote.url(&call).is_ok_and(|url| url.as_str().len() <= door.url_bytes)
        };
        let most = door.or_terms.min(rest.len());
        let count = (1..=most).take_while(fits).last().unwrap_or(1);
        let (batch, left) = rest.split_at(count);
        batches.push(batch);
        rest = left;
    }
    batches
}
