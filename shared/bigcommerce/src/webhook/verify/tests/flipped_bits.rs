//! Whatever is signed passes, and one flipped bit of it does not.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn what_is_signed_passes_by_each_method(
        secret in "[ -~]{0,60}[!-~]", id in "[!-~]{1,40}", body: Vec<u8>, drift in -300_i64..=300,
    ) {
        let verifier = Verifier::new(VerifyPolicy::default(), &secrets(&[&secret]), &[]).unwrap();
        let sent = NOW + drift;
        let (hex, base64) = (bc_hex(&secret, &body), bc_base64(&secret, &body));
        for bc in [hex, base64] {
            let headers: [(&str, &[u8]); 4] = [
                ("X-BC-Signature", &bc),
                ("webhook-id", id.as_bytes()),
                ("webhook-timestamp", &sent.to_string().into_bytes()),
                ("webhook-signature", &standard(&secret, &id, sent, &body)),
            ];
            let verified = verifier.verify(delivery(&headers, &body), now()).unwrap();
            prop_assert_eq!(verified.methods(), [MethodName::BcSignature, MethodName::Standard]);
        }
    }

    #[test]
    fn one_flipped_bit_of_the_body_refuses_by_every_signature(body in prop::collection::vec(any::<u8>(), 1..300), bit: usize) {
        let (bc, std) = (bc_hex(SECRET, &body), standard(SECRET, "msg_1", NOW, &body));
        let flipped = flip(&body, bit);
        let headers: [(&str, &[u8]); 1] = [("X-BC-Signature", &bc)];
        prop_assert_eq!(
            any_method().verify(delivery(&headers, &flipped), now()).unwrap_err(),
            failed(MethodName::BcSignature, Fault::Mismatch)
        );
        let headers: [(&str, &[u8]); 3] = [
            ("webhook-id", b"msg_1"),
            ("webhook-timestamp", &NOW.to_string().into_bytes()),
            ("webhook-signature", &std),
        ];
        prop_assert_eq!(
            any_method().verify(delivery(&headers, &flipped), now()).unwrap_err(),
            failed(MethodName::Standard, Fault::Mismatch)
        );
    }

    #[test]
    fn one_flipped_bit_of_a_bc_signature_refuses(body: Vec<u8>, bit: usize, base64: bool) {
        // Flipped in the bytes of the signature: in hex text a flipped bit may only change a letter's case, which means the same.
        let signature = flip(&hex::decode(bc_hex(SECRET, &body)).unwrap(), bit);
        let text = if base64 { crate::webhook::testing::base64(&signature) } else { hex::encode(&signature).into_bytes() };
        let headers: [(&str, &[u8]); 1] = [("X-BC-Signature", &text)];
        prop_assert!(any_method().verify(delivery(&headers, &body), now()).is_err());
        // And in the text of base64, where every character counts.
        let text = flip(&bc_base64(SECRET, &body), bit);
        prop_assume!(HeaderValue::from_bytes(&text).is_ok());
        let headers: [(&str, &[u8]); 1] = [("X-BC-Signature", &text)];
        prop_assert!(any_method().verify(delivery(&headers, &body), now()).is_err());
    }

    #[test]
    fn one_flipped_bit_of_id_time_or_signature_refuses_the_standard_method(
        id in "[!-~]{1,40}", body: Vec<u8>, bit: usize, which in 0_usize..3,
    ) {
        let mut values = [id.clone().into_bytes(), NOW.to_string().into_bytes(), standard(SECRET, &id, NOW, &body)];
        values[which] = flip(&values[which], bit);
        prop_assume!(HeaderValue::from_bytes(&values[which]).is_ok());
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let headers: Vec<_> = names.into_iter().zip(values.iter().map(Vec::as_slice)).collect();
        prop_assert!(any_method().verify(delivery(&headers, &body), now()).is_err());
    }

    #[test]
    fn one_flipped_bit_of_the_custom_header_refuses(bit: usize) {
        let value = flip(OWN_SECRET.as_bytes(), bit);
        prop_assume!(HeaderValue::from_bytes(&value).is_ok());
        let headers: [(&str, &[u8]); 1] = [(OWN, &value)];
        prop_assert!(any_method().verify(delivery(&headers, VECTOR), now()).is_err());
    }
}

/// `bytes` with one bit turned over.
fn flip(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let bit = bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}
