//! Revocation lists and OCSP responses of any octets: reading them and asking them about certificates ends without a panic,
//! and none that was not signed revokes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::path::{RevocationStatus, Validator};
use mailwright_smime::x509::{Certificate, Crl, OcspResponse};

const ROOT: &[u8] = include_bytes!("../../crates/smime/tests/data/root.crt");
const ISSUING: &[u8] = include_bytes!("../../crates/smime/tests/data/issuing.crt");
const ALICE: &[u8] = include_bytes!("../../crates/smime/tests/data/alice.crt");

fuzz_target!(|input: &[u8]| {
    let (crl, response) = (Crl::from_der(input).ok(), OcspResponse::from_der(input).ok());
    if let Some(crl) = &crl {
        let _ = (crl.number(), crl.base_number(), crl.issuing_distribution_point(), crl.issuer().to_string());
        crl.entries().filter_map(Result::ok).for_each(|entry| {
            let _ = (entry.reason(), entry.certificate_issuer());
        });
    }
    let read = |der| Certificate::from_der(der).expect("a certificate of the tests");
    let validator = Validator::new([read(ROOT)]).certificates([read(ISSUING)]).crls(crl).responses(response);
    // Alice's certificate is in no list and is good in every response that was signed.
    let path = validator.validate(&read(ALICE)).expect("Alice's certificate is not revoked");
    let _ = path.revocation().iter().map(|status: &RevocationStatus| format!("{status:?}")).count();
});
