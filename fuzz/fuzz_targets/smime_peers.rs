//! Against the crates `x509-cert` and `cms`: what they take as DER we take, and read the same out of it.
//!
//! Not the other way: we read BER, dates before 1970, serial numbers and extensions as they come, and leave parts unread that
//! no one asks for. What they take and we refuse, each for its reason:
//! - object identifiers with padded arcs, which would let two look like one (X.690 8.19.2);
//! - keys whose bits fill no octet;
//! - revocation lists of a version other than 2 where one is named (RFC 5280 5.1.2.1);
//! - more than a limit allows.
#![no_main]

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use mailwright_smime::cms::{ContentType, SignatureFault};
use mailwright_smime::x509::{Certificate, Crl, GeneralName, KeyUsage};
use mailwright_smime::{Context, Error, ErrorKind, LayerKind, Oid, open_cms};
use x509_cert::ext::pkix;

fuzz_target!(|input: &[u8]| {
    if let Ok(theirs) = x509_cert::Certificate::from_der(input) {
        certificate(&theirs, input);
    }
    if let Ok(theirs) = x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(input) {
        list(&theirs, input);
    }
    if let Ok(theirs) = ContentInfo::from_der(input) {
        message(&theirs, input);
    }
});

/// Whether one of the reasons above holds.
fn is_reason(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Asn1 { what: "OBJECT IDENTIFIER", .. } | ErrorKind::Limit { .. })
}

fn certificate(theirs: &x509_cert::Certificate, input: &[u8]) {
    let tbs = theirs.tbs_certificate();
    if tbs.subject_public_key_info().subject_public_key.unused_bits() != 0 {
        return;
    }
    let ours = match Certificate::from_der(input) {
        Err(error) if is_reason(&error) => return,
        ours => ours.expect("a certificate that x509-cert takes"),
    };
    assert_eq!(ours.as_der(), input);
    assert_eq!(ours.subject().as_der(), tbs.subject().to_der().expect("a name"));
    assert_eq!(ours.issuer().as_der(), tbs.issuer().to_der().expect("a name"));
    assert_eq!(ours.serial(), tbs.serial_number().as_bytes());
    assert_eq!(ours.public_key().as_der(), tbs.subject_public_key_info().to_der().expect("a key"));
    let unix =
        |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).expect("a year");
    assert_eq!(ours.not_before().unix(), unix(&tbs.validity().not_before));
    assert_eq!(ours.not_after().unix(), unix(&tbs.validity().not_after));
    let extensions: Vec<_> = tbs.extensions().map(|list| list.iter().collect()).unwrap_or_default();
    assert_eq!(ours.extensions().len(), extensions.len());
    for (ours, theirs) in ours.extensions().iter().zip(extensions) {
        assert_eq!(ours.oid().octets(), theirs.extn_id.as_bytes());
        assert_eq!((ours.critical(), ours.value()), (theirs.critical, theirs.extn_value.as_bytes()));
    }
    typed(&ours, tbs);
}

/// Extensions that both read.
fn typed(ours: &Certificate<'_>, tbs: &x509_cert::TbsCertificate) {
    if let Ok(Some((_, theirs))) = tbs.get_extension::<pkix::BasicConstraints>() {
        let ours = ours.basic_constraints().expect("what x509-cert reads").expect("it is there");
        assert_eq!(ours.ca, theirs.ca);
        assert_eq!(ours.path_length, theirs.path_len_constraint.map(u64::from));
    }
    if let Ok(Some((_, theirs))) = tbs.get_extension::<pkix::KeyUsage>() {
        let ours = ours.key_usage().expect("what x509-cert reads").expect("it is there");
        for (usage, set) in [
            (KeyUsage::DIGITAL_SIGNATURE, theirs.digital_signature()),
            (KeyUsage::NON_REPUDIATION, theirs.non_repudiation()),
            (KeyUsage::KEY_ENCIPHERMENT, theirs.key_encipherment()),
            (KeyUsage::KEY_AGREEMENT, theirs.key_agreement()),
            (KeyUsage::KEY_CERT_SIGN, theirs.key_cert_sign()),
            (KeyUsage::CRL_SIGN, theirs.crl_sign()),
        ] {
            assert_eq!(ours.any_of(usage), set);
        }
    }
    if let Ok(Some((_, theirs))) = tbs.get_extension::<pkix::ExtendedKeyUsage>() {
        let ours = match ours.extended_key_usage() {
            Err(error) if is_reason(&error) => return,
            ours => ours.expect("what x509-cert reads").expect("it is there"),
        };
        let theirs: Vec<&[u8]> = theirs.0.iter().map(|oid| oid.as_bytes()).collect();
        assert!(ours.map(Oid::octets).eq(theirs));
    }
    if let Ok(Some((_, theirs))) = tbs.get_extension::<pkix::SubjectAltName>() {
        let ours = ours.subject_alt_names().expect("what x509-cert reads").expect("it is there");
        let ours: Vec<&[u8]> = ours
            .filter_map(|name| match name {
                Ok(GeneralName::Rfc822(address)) => Some(address),
                Ok(_) => None,
                Err(error) if is_reason(&error) => None,
                Err(error) => panic!("a name that x509-cert reads: {error}"),
            })
            .collect();
        let theirs = theirs.0.iter().filter_map(|name| match name {
            pkix::name::GeneralName::Rfc822Name(address) => Some(address.as_str().as_bytes()),
            _ => None,
        });
        assert!(ours.into_iter().eq(theirs));
    }
}

fn list(theirs: &x509_cert::crl::CertificateList<x509_cert::certificate::Rfc5280>, input: &[u8]) {
    if theirs.tbs_cert_list.version != x509_cert::Version::V2 {
        return;
    }
    let ours = match Crl::from_der(input) {
        Err(error) if is_reason(&error) => return,
        ours => ours.expect("a list that x509-cert takes"),
    };
    assert_eq!(ours.issuer().as_der(), theirs.tbs_cert_list.issuer.to_der().expect("a name"));
    let revoked = theirs.tbs_cert_list.revoked_certificates.iter().flatten();
    let mut entries = ours.entries();
    for theirs in revoked {
        match entries.next().expect("as many entries") {
            Ok(ours) => assert_eq!(ours.serial(), theirs.serial_number.as_bytes()),
            Err(error) => return assert!(is_reason(&error), "{error}"),
        }
    }
    assert!(entries.next().is_none());
}

fn message(theirs: &ContentInfo, input: &[u8]) {
    let kind = ContentType::from_oid(Oid::from_octets(theirs.content_type.as_bytes()));
    let takes = match kind {
        ContentType::SignedData => theirs.content.decode_as::<SignedData>().is_ok(),
        ContentType::EnvelopedData => {
            theirs.content.decode_as::<cms::enveloped_data::EnvelopedData>().is_ok()
        }
        ContentType::AuthEnvelopedData => {
            theirs.content.decode_as::<cms::authenveloped_data::AuthEnvelopedData>().is_ok()
        }
        ContentType::EncryptedData => {
            theirs.content.decode_as::<cms::encrypted_data::EncryptedData>().is_ok()
        }
        ContentType::CompressedData => {
            theirs.content.decode_as::<cms::compressed_data::CompressedData>().is_ok()
        }
        ContentType::DigestedData => theirs.content.decode_as::<cms::digested_data::DigestedData>().is_ok(),
        _ => false,
    };
    if !takes {
        return;
    }
    let layer = match open_cms(input, &Context::new().signatures_only()) {
        Ok(layer) => layer,
        // Content that is not what it should be inside of a structure that is.
        Err(error) => {
            let inside = matches!(error.kind(), ErrorKind::Io(_) | ErrorKind::Unsupported { .. });
            return assert!(inside || is_reason(&error), "{kind:?} that the crate cms takes: {error}");
        }
    };
    let Ok(theirs) = theirs.content.decode_as::<SignedData>() else { return };
    if kind == ContentType::SignedData {
        signed(&theirs, &layer);
    }
}

fn signed(theirs: &SignedData, layer: &mailwright_smime::Layer<'_>) {
    let choices = theirs.certificates.iter().flat_map(|set| set.0.iter());
    let wanted = choices.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    });
    let content = theirs.encap_content_info.econtent.as_ref().map_or(&[][..], |content| content.value());
    let (certificates, signers) = match &layer.kind {
        LayerKind::Signed(signed) => (&signed.certificates, signed.signers.as_slice()),
        LayerKind::Certificates(certificates) => (certificates, &[][..]),
        kind => panic!("signed data is {kind:?}"),
    };
    // Read again, for what they write differs where a default stands in the input.
    let certificates = certificates.iter().map(|der| x509_cert::Certificate::from_der(der).ok());
    assert!(certificates.eq(wanted.cloned().map(Some)));
    assert_eq!(&*layer.content, content);
    assert_eq!(signers.len(), theirs.signer_infos.0.len());
    for (ours, theirs) in signers.iter().zip(theirs.signer_infos.0.iter()) {
        if let Err(SignatureFault::Malformed(error)) = &ours.signature {
            let unread = matches!(error.kind(), ErrorKind::Asn1 { what: "signer" | "attributes", .. });
            assert!(!unread, "a signer that the crate cms takes: {error}");
        }
        if let Some(digest) = ours.digest {
            assert_eq!(digest.oid().octets(), theirs.digest_alg.oid.as_bytes());
        }
    }
}
