//! Any text is a body: each line has a kind, and snippets keep their length.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_threading::quote::{lines, snippet, unflow};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    assert_eq!(lines(&text).len(), text.lines().count());
    for width in [0, 1, 80] {
        assert!(snippet(&text, width).chars().count() <= width + 1);
    }
    for delsp in [false, true] {
        let joined = unflow(&text, delsp);
        assert!(joined.lines().count() <= text.lines().count());
        let _ = lines(&joined);
    }
});
