//! A key record, a NUL and a message: every signature field has a result with a reason, a strict pass is a pass, and what goes
//! into Authentication-Results can be read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::{Policy, SignatureResult, Verification, verify};
use mailwright_dns::{Answer, Dns, Kind, Name, Records, Txt};
use mailwright_message_model::Header;
use mailwright_message_model::authres::{AuthenticationResults, ClaimedResults};

const NOW: u64 = 1_700_000_000;

/// The same record at every name.
struct Everywhere(Txt);

impl Dns for Everywhere {
    fn query(&self, _: &Name, _: Kind) -> Answer {
        Answer::records(Records::Txt([self.0.clone()].into()), 60)
    }
}

fuzz_target!(|octets: &[u8]| {
    let at = octets.iter().position(|octet| *octet == 0).unwrap_or(0);
    let (record, message) = octets.split_at(at);
    let message = message.strip_prefix(b"\0").unwrap_or(message);
    let dns = Everywhere(Txt::from_joined(record));
    let found = verify(message, &dns, &Policy::legacy(), NOW);
    let fields = Header::new(message).filter(|field| field.is("DKIM-Signature")).count();
    assert_eq!(found.signatures.len(), fields);
    for result in &found.signatures {
        check(result, message);
    }
    let strict = verify(message, &dns, &Policy::strict(), NOW);
    assert!(
        strict
            .signatures
            .iter()
            .zip(&found.signatures)
            .all(|(strict, found)| !strict.is_pass() || found.is_pass())
    );
    written(&found);
});

fn check(result: &SignatureResult, message: &[u8]) {
    assert_eq!(result.is_pass(), result.reason.is_none());
    assert!(
        result.span.end <= message.len() && result.reason_span.is_none_or(|span| span.end <= message.len())
    );
    if result.is_pass() {
        assert!(result.signature_ok == Some(true) && result.body_ok == Some(true));
    }
    assert!(!result.to_string().contains(['\r', '\n']));
}

fn written(found: &Verification) {
    let mut results = AuthenticationResults::new("mx.example.net");
    results.extend(found.method_results());
    let claimed = ClaimedResults::parse(results.to_string().as_bytes()).expect("our own form");
    assert_eq!(claimed.trust("mx.example.net"), Ok(results));
}
