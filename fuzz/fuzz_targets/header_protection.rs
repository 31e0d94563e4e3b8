//! Protected header fields (RFC 9788) of any message: what is shown, what each field is, and the text without what stands
//! there for old readers.
//!
//! The first octet chooses what the input is: a message, or an entity that a test key signs or seals.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::header_protection::{ConfidentialityPolicy, FieldState, Scheme};
use mailwright_smime::{Encryptor, NoRandom, Random, open};

#[path = "../shared/smime_keys.rs"]
mod smime_keys;

fuzz_target!(|input: &[u8]| {
    let Some((how, rest)) = input.split_first() else { return };
    smime_keys::with(|context| match how % 2 {
        0 => read(rest, context),
        _ => {
            let sealed = Encryptor::new().to_shared(b"id", &[7; 32]).encrypt(rest, &mut Always);
            let sealed = sealed.expect("a shared key seals anything");
            read(&[b"From: a@example.org\r\nSubject: ...\r\n".as_slice(), &sealed].concat(), context);
        }
    });
});

fn read(message: &[u8], context: &mailwright_smime::Context<'_>) {
    let Ok(report) = open(message, context) else { return };
    let header = &report.header;
    let _ = (header.is_from_mismatch(), header.field("Subject"));
    for field in header.shown() {
        let state = header.state(field, false);
        assert!(header.scheme != Scheme::None || state == FieldState::Unprotected);
        let _ = (state.name(), ConfidentialityPolicy::Baseline.apply(field));
    }
    for subtype in ["plain", "html"] {
        let _ = header.text(&report.content, subtype);
    }
}

/// Octets that are none: what is sealed must be the same each time.
struct Always;

impl Random for Always {
    fn fill(&mut self, octets: &mut [u8]) -> Result<(), NoRandom> {
        octets.fill(5);
        Ok(())
    }
}
