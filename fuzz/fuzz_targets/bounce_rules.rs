//! Any text is a file of rules or an error with its place; rules that load answer to any reply.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_bounces::{Classifier, Reply, RuleSet};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match RuleSet::from_toml(&text) {
        Ok(rules) => {
            let verdict = Classifier::with_rules(&rules).classify(&Reply::parse(&text));
            assert!(text.get(verdict.matched).is_some());
        }
        Err(error) => assert!(error.line() >= 1 && error.column() >= 1),
    }
});
