//! Certificates of any octets: reading them and looking for paths among them ends without a panic.
//!
//! The input is a list of blobs, each with a length of two octets. The first is validated, the second is an anchor, the others
//! are certificates at hand.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::Policy;
use mailwright_smime::path::{PolicyInput, Purpose, Revocation, Validator};
use mailwright_smime::x509::{Certificate, Time};

fuzz_target!(|input: &[u8]| {
    let certificates: Vec<_> =
        blobs(input).filter_map(|blob| Certificate::from_der(blob).ok()).inspect(walk).take(32).collect();
    let [leaf, anchor, others @ ..] = certificates.as_slice() else { return };
    let validator = Validator::new([anchor.clone()])
        .certificates(others.iter().cloned())
        .policies(PolicyInput { require_explicit_policy: others.len() % 2 == 1, ..PolicyInput::default() })
        .policy(Policy::interop())
        .purpose(Purpose::EmailSign);
    for validator in
        [validator.clone(), validator.at(Time::from_unix(1_800_000_000)).revocation(Revocation::Required)]
    {
        match validator.validate(leaf) {
            Ok(path) => assert!(!path.certificates().is_empty()),
            Err(refusal) => assert!(refusal.section().starts_with("RFC ") && !refusal.to_string().is_empty()),
        }
    }
});

/// Reads all there is to read.
fn walk(certificate: &Certificate<'_>) {
    let _ =
        (certificate.issuer().to_string(), certificate.subject().to_string(), certificate.email_addresses());
    let _ = (certificate.basic_constraints(), certificate.key_usage(), certificate.name_constraints());
    let _ = (certificate.public_key().bits(), certificate.subject_key_id(), certificate.authority_key_id());
    assert!(certificate.issuer().matches(&certificate.issuer()));
}

/// Blobs behind lengths of two octets.
fn blobs(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, tail) = rest.split_first_chunk::<2>()?;
        let (blob, tail) = tail.split_at(usize::from(u16::from_be_bytes(*length)).min(tail.len()));
        rest = tail;
        Some(blob)
    })
}
