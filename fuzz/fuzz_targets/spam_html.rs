//! Any text is HTML: what is shown and hidden is no longer than the source, and nothing is kept beyond the limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_antispam::html::{Html, MAX_LINKS};

fuzz_target!(|data: &[u8]| {
    let source = String::from_utf8_lossy(data);
    let html = Html::read(&source);
    assert!(html.links.len() <= MAX_LINKS && html.images.len() <= MAX_LINKS);
    // An element that breaks the line is longer than the break.
    assert!(html.visible.len() + html.hidden.len() <= source.len() + 1);
});
