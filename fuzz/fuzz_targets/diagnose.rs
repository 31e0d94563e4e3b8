//! A message that is signed and then changed: what is said of it is proved, and where it stands is within the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::canon::{Canonicalization, Pair};
use mailwright_dkim::diagnose::explain;
use mailwright_dkim::key::{DnsRecord, PrivateKey};
use mailwright_dkim::{Policy, Signer, verify};
use mailwright_dns::{Answer, Dns, Kind, Name, Records, Txt};

const NOW: u64 = 1_700_000_000;

/// The same key at every name.
struct Everywhere(Txt);

impl Dns for Everywhere {
    fn query(&self, _: &Name, _: Kind) -> Answer {
        Answer::records(Records::Txt([self.0.clone()].into()), 60)
    }
}

// Settings, a place, then what is put there, a NUL, and the message.
fuzz_target!(|octets: &[u8]| {
    let [settings, high, low, rest @ ..] = octets else { return };
    let nul = rest.iter().position(|octet| *octet == 0).unwrap_or(rest.len());
    let (put, message) = rest.split_at(nul);
    let message = message.strip_prefix(b"\0").unwrap_or(message);
    let key = PrivateKey::ed25519(&[7; 32]).expect("any octets are a seed");
    let (domain, selector) = ("a.example".parse().expect("a domain"), "s".parse().expect("a label"));
    let record = DnsRecord::new(&selector, &domain, key.public_key().clone()).expect("short");
    let dns = Everywhere(Txt::from_joined(record.text()));

    let form =
        |bit: u8| if settings & bit == 0 { Canonicalization::Relaxed } else { Canonicalization::Simple };
    let signer = Signer::new("a.example", "s", key).expect("names");
    let signer =
        signer.canonicalization(Pair { header: form(1), body: form(2) }).copy_headers(settings & 4 != 0);
    let Ok(field) = signer.sign(message, NOW) else { return };
    let mut changed = field.prepended_to(message);
    let at = usize::from(u16::from_be_bytes([*high, *low])) % (changed.len() + 1);
    changed.splice(at..at, put.iter().copied());

    let policy = Policy::default();
    for result in &verify(&changed, &dns, &policy, NOW).signatures {
        let found = explain(&changed, result, &dns, &policy);
        assert!(found.hints.is_empty() || !result.is_pass());
        for hint in &found.hints {
            assert!(hint.span.is_none_or(|span| span.start <= span.end && span.end <= changed.len()));
            assert!(!hint.to_string().contains(['\r', '\n']));
        }
    }
});
