//! Messages of any octets, with keys that open what the seeds seal: all layers, the verdict and what is said of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::limits::MAX_LAYERS;
use mailwright_smime::{Coverage, Verdict, open};

#[path = "../shared/smime_keys.rs"]
mod smime_keys;

fuzz_target!(|input: &[u8]| {
    smime_keys::with(|context| {
        let Ok(report) = open(input, context) else { return };
        assert!(report.layers.len() <= MAX_LAYERS);
        let verdict = report.verdict();
        assert!(!report.to_string().is_empty() && !verdict.to_string().is_empty());
        match report.counted() {
            None => assert_eq!(verdict, Verdict::Unsigned),
            Some(layer) => {
                assert_ne!(verdict, Verdict::Unsigned);
                if verdict.is_good() {
                    assert_eq!(layer.coverage, Coverage::Whole);
                    assert!(layer.signed().is_some_and(|signed| !signed.signers.is_empty()));
                }
            }
        }
    });
});
