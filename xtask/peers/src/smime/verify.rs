//! A signature beside its content, with the path to an authority; both keys are RSA-2048.

use mailwright_smime::{Signer, verify_detached};
use openssl::cms::{CMSOptions, CmsContentInfo};

use super::key::{self, CERTIFICATES, Theirs, said};
use super::seal::compare;
use crate::contest::Entrant;

pub(super) fn small() -> Result<(), String> {
    verify("smime/verify-10k", 10_000, (200, 10), 1.2)
}

pub(super) fn middle() -> Result<(), String> {
    verify("smime/verify-1m", 1_000_000, (60, 1), 3.0)
}

pub(super) fn large() -> Result<(), String> {
    verify("smime/verify-100m", 100_000_000, (5, 1), 3.0)
}

fn verify(work: &str, octets: usize, turns: (usize, usize), want: f64) -> Result<(), String> {
    let content = key::text(octets);
    let signer = key::ours()?;
    let signature =
        Signer::new(&signer, &CERTIFICATES.rsa).and_then(|signer| signer.sign_cms(&content)).map_err(said)?;
    let (context, theirs) = (key::context(None)?, Theirs::new()?);
    let ours = || {
        let signed = verify_detached(&signature, &content, &context);
        usize::from(signed.is_ok_and(|signed| signed.verdict().is_good()))
    };
    let theirs = || {
        let verified = CmsContentInfo::from_der(&signature).and_then(|mut cms| {
            cms.verify(None, Some(&theirs.store), Some(&content), None, CMSOptions::BINARY)
        });
        usize::from(verified.is_ok())
    };
    compare(work, [Entrant::new("ours", ours), Entrant::new("OpenSSL", theirs)], (octets, turns), Some(want))
}
