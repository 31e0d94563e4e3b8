//! Certificates, lists, responses, files and paths as laws: nothing panics, and what another reader takes we read alike.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use der::{Decode, Encode};
use mailwright_smime::path::{Limits, Purpose, Revocation, Validator};
use mailwright_smime::pkcs12::Pkcs12;
use mailwright_smime::x509::{Certificate, Crl, GeneralName, OcspResponse, Time, pem_blocks};
use mailwright_smime::{Error, ErrorKind, OidBuf, Policy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const ROOT: &[u8] = include_bytes!("data/root.crt");
const ISSUING: &[u8] = include_bytes!("data/issuing.crt");
const ALICE: &[u8] = include_bytes!("data/alice.crt");
const CRL: &[u8] = include_bytes!("data/issuing.crl");
const RESPONSE: &[u8] = include_bytes!("data/delegated.ocsp");
const FILE: &[u8] = include_bytes!("data/pbmac1.p12");

/// One of these with a few octets changed, cut out or put in.
fn mutated(originals: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), any::<u8>(), 0..4u8);
    (select(originals), vec(change, 0..6)).prop_map(|(original, changes)| {
        let mut octets = original.to_vec();
        for (at, value, how) in changes {
            let at = at.index(octets.len().max(1));
            match how {
                0 if at < octets.len() => {
                    octets.remove(at);
                }
                1 => octets.insert(at, value),
                2 if at < octets.len() => octets[at] ^= 1 << (value % 8),
                _ if at < octets.len() => octets[at] = value,
                _ => {}
            }
        }
        octets
    })
}

/// Reads all there is to read.
fn walk(certificate: &Certificate<'_>) {
    let _ =
        (certificate.issuer().to_string(), certificate.subject().to_string(), certificate.is_self_issued());
    let _ = (certificate.basic_constraints(), certificate.key_usage(), certificate.name_constraints());
    let _ = (certificate.subject_key_id(), certificate.authority_key_id(), certificate.email_addresses());
    let _ = (certificate.public_key().bits(), certificate.signature_algorithm().oid().to_string());
    let names = certificate.subject_alt_names().ok().flatten().into_iter().flatten();
    names.filter_map(Result::ok).for_each(|name| {
        if let GeneralName::Directory(name) = name {
            let _ = name.to_string();
        }
    });
    certificate.extended_key_usage().ok().flatten().into_iter().flatten().for_each(|usage| {
        let _ = usage.to_string();
    });
}

/// X.690 8.19.2: arcs have no leading zeros, which would let two identifiers look like one.
fn is_padded_arc(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Asn1 { what: "OBJECT IDENTIFIER", .. })
}

fn time() -> Time {
    "2027-06-01T00:00:00Z".parse().unwrap()
}

proptest! {
    #[test]
    fn any_octets_are_read_or_refused(octets in vec(any::<u8>(), 0..300)) {
        let _ = (Certificate::from_der(&octets), Crl::from_der(&octets), OcspResponse::from_der(&octets));
        let _ = (pem_blocks(&octets), Pkcs12::open(&octets, "a"));
    }

    #[test]
    fn an_error_stands_within_the_input(octets in mutated(&[ROOT, ISSUING, ALICE, CRL, RESPONSE])) {
        let errors = [
            Certificate::from_der(&octets).err(),
            Crl::from_der(&octets).err(),
            OcspResponse::from_der(&octets).err(),
        ];
        for offset in errors.into_iter().flatten().filter_map(|error| error.offset()) {
            prop_assert!(offset <= octets.len());
        }
    }

    #[test]
    fn broken_certificates_are_walked(octets in mutated(&[ROOT, ISSUING, ALICE])) {
        if let Ok(certificate) = Certificate::from_der(&octets) {
            walk(&certificate);
            prop_assert_eq!(certificate.as_der(), &octets[..]);
        }
    }

    #[test]
    fn broken_parts_of_a_path_change_nothing_but_the_answer(
        alice in mutated(&[ALICE]),
        issuing in mutated(&[ISSUING]),
        root in mutated(&[ROOT]),
        crl in mutated(&[CRL]),
        response in mutated(&[RESPONSE]),
        required in any::<bool>(),
    ) {
        let Ok(leaf) = Certificate::from_der(&alice) else { return Ok(()) };
        let revocation = if required { Revocation::Required } else { Revocation::IfKnown };
        let validator = Validator::new(Certificate::from_der(&root))
            .certificates(Certificate::from_der(&issuing))
            .crls(Crl::from_der(&crl))
            .responses(OcspResponse::from_der(&response))
            .policy(Policy::interop())
            .purpose(Purpose::EmailSign)
            .address("alice@example.org")
            .revocation(revocation)
            .at(time());
        // An anchor's own signature is not judged, so that a path is good where it alone was changed.
        match validator.validate(&leaf) {
            Ok(_) => prop_assert!(alice == ALICE && issuing == ISSUING),
            Err(refusal) => prop_assert!(!refusal.to_string().is_empty() && refusal.section().starts_with("RFC ")),
        }
    }

    #[test]
    fn limits_end_every_search(checks in 0..4u32, steps in 0..4u32, path_length in 0..4usize) {
        let limits = Limits { signature_checks: checks, steps, path_length, ..Limits::default() };
        let certificates = [ROOT, ISSUING].map(|der| Certificate::from_der(der).unwrap());
        let validator = Validator::new([Certificate::from_der(ROOT).unwrap()]).certificates(certificates).limits(limits);
        let found = validator.validate(&Certificate::from_der(ALICE).unwrap());
        // Two signatures, two issuers, and two certificates below the anchor.
        prop_assert_eq!(found.is_ok(), checks >= 2 && steps >= 2 && path_length >= 2);
    }

    #[test]
    fn broken_files_are_refused(octets in mutated(&[FILE])) {
        if let Ok(opened) = Pkcs12::open(&octets, "Passw0rd") {
            prop_assert!(opened.keys().len() <= 1);
        }
    }

    /// x509-cert is an independent reader of the same form.
    #[test]
    fn what_x509_cert_reads_we_read_alike(octets in mutated(&[ROOT, ISSUING, ALICE])) {
        let Ok(theirs) = x509_cert::Certificate::from_der(&octets) else { return Ok(()) };
        // Keys are octets: bits that fill none are refused.
        if theirs.tbs_certificate().subject_public_key_info().subject_public_key.unused_bits() != 0 {
            return Ok(());
        }
        let ours = Certificate::from_der(&octets);
        if ours.as_ref().is_err_and(is_padded_arc) {
            return Ok(());
        }
        prop_assert!(ours.is_ok(), "{:?}", ours);
        let ours = ours.unwrap();
        let tbs = theirs.tbs_certificate();
        prop_assert_eq!(ours.subject().as_der(), tbs.subject().to_der().unwrap());
        prop_assert_eq!(ours.issuer().as_der(), tbs.issuer().to_der().unwrap());
        prop_assert_eq!(ours.serial(), tbs.serial_number().as_bytes());
        prop_assert_eq!(ours.public_key().as_der(), tbs.subject_public_key_info().to_der().unwrap());
        let unix = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap();
        prop_assert_eq!(ours.not_before().unix(), unix(&tbs.validity().not_before));
        prop_assert_eq!(ours.not_after().unix(), unix(&tbs.validity().not_after));
        let extensions: Vec<_> = tbs.extensions().map(|list| list.iter().collect()).unwrap_or_default();
        prop_assert_eq!(ours.extensions().len(), extensions.len());
        for (ours, theirs) in ours.extensions().iter().zip(extensions) {
            prop_assert_eq!(ours.oid().to_string(), theirs.extn_id.to_string());
            prop_assert_eq!(ours.critical(), theirs.critical);
            prop_assert_eq!(ours.value(), theirs.extn_value.as_bytes());
        }
    }

    #[test]
    fn what_x509_cert_reads_of_lists_we_read_alike(octets in mutated(&[CRL])) {
        let Ok(theirs) = x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&octets) else {
            return Ok(());
        };
        // RFC 5280 5.1.2.1: the version, if it is there, is 2.
        if theirs.tbs_cert_list.version != x509_cert::Version::V2 {
            return Ok(());
        }
        let ours = Crl::from_der(&octets);
        if ours.as_ref().is_err_and(is_padded_arc) {
            return Ok(());
        }
        prop_assert!(ours.is_ok(), "{:?}", ours);
        let ours = ours.unwrap();
        let serials: Vec<_> = ours.entries().filter_map(Result::ok).map(|entry| entry.serial().to_vec()).collect();
        let revoked = theirs.tbs_cert_list.revoked_certificates.unwrap_or_default();
        let wanted: Vec<_> = revoked.iter().map(|entry| entry.serial_number.as_bytes().to_vec()).collect();
        prop_assert_eq!(serials, wanted);
    }

    #[test]
    fn instants_and_identifiers_survive_their_text(seconds in -62_135_596_800i64..=253_402_300_799, arcs in vec(any::<u128>(), 0..6)) {
        let time = Time::from_unix(seconds);
        prop_assert_eq!(time.to_string().parse::<Time>().unwrap(), time);
        let text = arcs.iter().fold("2.25".to_owned(), |text, arc| format!("{text}.{arc}"));
        prop_assert_eq!(text.parse::<OidBuf>().unwrap().to_string(), text);
    }
}
