//! Signed messages that are changed, and what is said of them.

use mailwright_dkim::canon::{Canonicalization, Pair};
use mailwright_dkim::diagnose::{Change, Diagnosis, explain};
use mailwright_dkim::{Policy, Signer, verify};

use super::{NOW, key, zone};

pub(crate) const TEXT: &str = "From: Ann <ann@example.org>\r\nTo: bob@example.net\r\nSubject: lunch\r\n\
    Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\n\r\n\
    Hello Bob,\r\n\r\n.hidden\r\nFrom noon on we eat Kn\u{f6}del.\r\n-- \r\nAnn\r\n";

pub(crate) const SIMPLE: Pair = Pair { header: Canonicalization::Simple, body: Canonicalization::Simple };

pub(crate) fn signer() -> Signer {
    Signer::new("example.org", "s", key(1)).unwrap()
}

pub(crate) fn signed_by(signer: &Signer, text: &str) -> String {
    String::from_utf8(signer.sign(text.as_bytes(), NOW).unwrap().prepended_to(text.as_bytes())).unwrap()
}

pub(crate) fn diagnosis(text: &str) -> Diagnosis {
    let (zone, policy) = (zone(&[("example.org", 1)]), Policy::default());
    let found = verify(text.as_bytes(), &zone, &policy, NOW);
    assert!(!found.signatures.first().unwrap().is_pass(), "the change is none: {found:?}");
    let found = explain(text.as_bytes(), found.signatures.first().unwrap(), &zone, &policy);
    // Every sentence can be written.
    assert!(found.to_string().lines().count() > found.hints.len());
    found
}

pub(crate) fn changes(text: &str) -> Vec<Change> {
    diagnosis(text).hints.into_iter().map(|hint| hint.change).collect()
}
