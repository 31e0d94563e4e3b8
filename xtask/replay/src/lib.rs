//! `cargo test` runs the body of every fuzz target over its seeds (`fuzz/seeds`) and over the inputs that fuzzing once found and
//! that were mended since (`fuzz/regressions`).
#![cfg(test)]

use std::path::Path;

// The targets say `use libfuzzer_sys::fuzz_target`.
extern crate self as libfuzzer_sys;

#[allow(clippy::duplicate_mod, unreachable_pub, reason = "what targets share is written for binaries")]
mod targets {
    include!(concat!(env!("OUT_DIR"), "/targets.rs"));
}

// Behind the targets: in front of them it would be in their scope, and their `use` in vain.
/// What the macro of libfuzzer-sys of this name declares, as a function that tests call.
#[macro_export]
macro_rules! fuzz_target {
    (|$input:ident: &[u8]| $body:expr) => {
        pub(crate) fn run($input: &[u8]) {
            $body
        }
    };
    (|$input:ident: $kind:ty| $body:expr) => {
        pub(crate) fn run(octets: &[u8]) {
            let mut octets = arbitrary::Unstructured::new(octets);
            if let Ok($input) = <$kind as arbitrary::Arbitrary<'_>>::arbitrary(&mut octets) {
                $body
            }
        }
    };
}

/// Runs a target over all inputs that are kept for it.
fn replay(name: &str, run: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for folder in ["regressions", "seeds"] {
        let Ok(entries) = std::fs::read_dir(fuzz.join(folder).join(name)) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let octets = std::fs::read(&path).unwrap_or_default();
            println!("{}", path.display()); // Shown where the target panics.
            run(&octets);
        }
    }
}
