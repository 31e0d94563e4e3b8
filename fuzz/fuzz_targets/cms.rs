//! CMS of any octets, with keys at hand for every kind of recipient: reading, opening and judging it ends in an answer, and
//! what is called authenticated was sealed so.
//!
//! There is no password among the keys: ten million rounds, which is what they may cost, take a fuzzer too long.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_smime::{Context, LayerKind, Verdict, open_cms, verify_detached};

#[path = "../shared/smime_keys.rs"]
mod smime_keys;

fuzz_target!(|input: &[u8]| {
    smime_keys::with(|context| {
        match open_cms(input, context) {
            Ok(layer) => {
                let _ = format!("{layer:?}");
                if let LayerKind::Encrypted(encrypted) = &layer.kind {
                    assert!(encrypted.opened.is_ok() || layer.content.is_empty());
                }
            }
            Err(error) => assert!(error.offset().is_none_or(|offset| offset <= input.len()), "{error}"),
        }
        if let Ok(signed) = verify_detached(input, smime_keys::CONTENT, context) {
            for signer in &signed.signers {
                assert!(signer.signature.is_ok() || signer.verdict() != Verdict::Good);
            }
        }
        let _ = open_cms(input, &Context::new());
    });
});
