//! Verification by Standard Webhooks agrees with the library of the standard's own authors.

use bytes::Bytes;
use connector_bigcommerce::webhook::{Need, RawDelivery, Verifier, VerifyPolicy};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use proptest::prelude::*;
use standardwebhooks::Webhook;

const NAMES: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// The library takes the time from the machine, so the test must ask the same clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the oracle reads this clock itself and cannot be given another"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

fn ours(secret: &str) -> Verifier {
    let policy =
        VerifyPolicy { standard: Need::Required, bc_signature: Need::Off, ..VerifyPolicy::default() };
    Verifier::new(policy, &[secret.into()], &[]).unwrap()
}

fn theirs(secret: &str) -> Webhook {
    Webhook::from_bytes(secret.as_bytes().to_vec()).unwrap()
}

/// What each of the two says to a delivery: ours, theirs.
fn verdicts(secret: &str, values: &[Option<String>; 3], body: &str) -> (bool, bool) {
    let mut headers = HeaderMap::new();
    for (name, value) in NAMES.into_iter().zip(values) {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    let theirs = theirs(secret).verify(body.as_bytes(), &headers).is_ok();
    let delivery = RawDelivery { headers, body: Bytes::copy_from_slice(body.as_bytes()) };
    (ours(secret).verify(delivery, now()).is_ok(), theirs)
}

/// Seconds from now that are clearly inside or clearly outside the tolerance.
fn drift() -> impl Strategy<Value = i64> {
    prop_oneof![3 => -290_i64..=290, 1 => 310_i64..=100_000, 1 => -100_000_i64..=-310]
}

proptest! {
    #[test]
    fn what_they_sign_we_accept_exactly_as_long_as_they_do(
        secret in "[!-~]{1,64}", id in "[!-~]{1,40}", body in any::<String>(), drift in drift(),
    ) {
        let sent = now().as_second() + drift;
        let signature = theirs(&secret).sign(&id, sent, body.as_bytes()).unwrap();
        let verdicts = verdicts(&secret, &[Some(id), Some(sent.to_string()), Some(signature)], &body);
        let fresh = drift.abs() <= 300;
        prop_assert_eq!(verdicts, (fresh, fresh));
    }

    #[test]
    fn what_they_reject_we_reject(
        secret in "[!-~]{1,64}",
        id in "[!-~]{1,20}",
        body in ".{0,60}",
        which in 0_usize..6,
        at: prop::sample::Index,
        byte in b'!'..=b'~',
        lost in 0_usize..3,
    ) {
        let sent = now().as_second();
        let signature = theirs(&secret).sign(&id, sent, body.as_bytes()).unwrap();
        let mut values = [Some(id), Some(sent.to_string()), Some(signature)];
        let (mut other_secret, mut other_body) = (secret.clone(), body.clone());
        match which {
            0..=2 => {
                let value = values[which].as_mut().unwrap();
                let mut bytes = value.clone().into_bytes();
                let at = at.index(bytes.len());
                bytes[at] = byte;
                *value = String::from_utf8(bytes).unwrap();
            }
            3 => values[lost] = None,
            4 => other_body.push(char::from(byte)),
            _ => other_secret.push(char::from(byte)),
        }
        let (ours, theirs) = verdicts(&other_secret, &values, &other_body);
        // They read `+1` and `01` as 1 and sign that; nobody writes so, and we refuse it. So: never laxer than they.
        prop_assert!(theirs || !ours, "we accept what they reject: {values:?}");
        if which != 1 {
            prop_assert_eq!(ours, theirs, "{:?}", values);
        }
    }

    #[test]
    fn a_list_of_signatures_is_read_alike(
        kinds in prop::collection::vec(0_usize..6, 0..6), separator in prop_oneof![Just(" "), Just("  "), Just(",")],
    ) {
        let (secret, id, body, sent) = ("a secret", "msg_1", "{}", now().as_second());
        let good = theirs(secret).sign(id, sent, body.as_bytes()).unwrap();
        let bad = theirs("another").sign(id, sent, body.as_bytes()).unwrap();
        let kind = |kind: &usize| match kind {
            0 => good.clone(),
            1 => bad.clone(),
            2 => good.replace("v1,", "v1a,"),
            3 => good.replace("v1,", "v2,"),
            4 => good.trim_end_matches('=').to_owned(),
            _ => "v1,".to_owned(),
        };
        let list = kinds.iter().map(kind).collect::<Vec<_>>().join(separator);
        let (ours, theirs) = verdicts(secret, &[Some(id.into()), Some(sent.to_string()), Some(list.clone())], body);
        prop_assert_eq!(ours, theirs, "{}", list);
    }
}
