//! Any octets are a Subject: nothing panics, and a base subject is its own base subject.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_threading::{Blobs, SubjectRules, base_subject};

fuzz_target!(|value: &[u8]| {
    let base = base_subject(value).text.into_owned();
    // what was decoded once may look like an encoded word again
    if !base.contains("=?") {
        assert_eq!(base_subject(base.as_bytes()).text, base);
    }
    for blobs in [Blobs::All, Blobs::Keep, Blobs::Tags(["a"].into_iter().collect())] {
        let rules = SubjectRules { blobs, ..SubjectRules::default() };
        let _ = (rules.base(value), rules.key(value));
    }
});
