//! Any text is a reply: the verdict points into it, and a 4yz reply makes no unknown user hard.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_bounces::tag::{Batv, Srs, Verp};
use mailwright_bounces::{Class, Reason, classify};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let verdict = classify(&text);
    assert!(text.get(verdict.matched).is_some());
    let transient = classify(&format!("450 {text}"));
    assert!(transient.reason != Reason::RecipientUnknown || transient.class != Class::Hard);
    let _ = (Srs::decode(&text), Batv::decode(&text), Verp::new("bounce", '+').decode(&text));
});
