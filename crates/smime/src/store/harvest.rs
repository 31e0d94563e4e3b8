//! Certificates and capabilities taken from messages (RFC 8551 2.5.2, 2.5.3).

use super::record::{Learned, Sighting};
use super::{CertificateStore, StoreError};
use crate::open::{Context, Coverage, Identity, Report, SignedLayer, SignerReport};
use crate::path::{Purpose, Validator, same_address};
use crate::x509::{Certificate, Time};

/// What was learned of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Harvest {
    /// The address.
    pub address: String,
    /// What is new. [`Learned::Unconfirmed`] is for the user to see.
    pub learned: Vec<Learned>,
}

/// Keeps what a message says of its sender, if it is signed well: the signature of the layer that counts stands over the whole
/// message, a path leads to a trust anchor of the context, and every address in From is the signer's. Of another message
/// nothing is kept.
///
/// A certificate to encrypt to that is not the one that signed needs a path of its own, and the address.
///
/// # Errors
///
/// When the store does not answer.
pub fn harvest(
    report: &Report<'_>,
    context: &Context<'_>,
    now: Time,
    store: &mut dyn CertificateStore,
) -> Result<Vec<Harvest>, StoreError> {
    let counted = report.counted().filter(|layer| layer.coverage == Coverage::Whole);
    let Some(signed) = counted.and_then(|layer| layer.signed()) else { return Ok(Vec::new()) };
    let mut harvest = Vec::new();
    for signer in signed.signers.iter().filter(|signer| is_good(signer)) {
        let Some(certificate) = &signer.certificate else { continue };
        for address in &report.from {
            let encryption = encryption_certificate(signer, signed, context, now, address);
            let sighting = Sighting {
                certificate,
                encryption: encryption.as_deref(),
                capabilities: signer.stated.capabilities.as_ref(),
                signed: signer.signing_time,
            };
            let mut learned = Vec::new();
            store.update(&[address], &mut |records| {
                learned.clear();
                learned.extend(records.iter_mut().flat_map(|record| record.learn(&sighting, now)));
            })?;
            if !learned.is_empty() {
                harvest.push(Harvest { address: address.clone(), learned });
            }
        }
    }
    Ok(harvest)
}

/// More than a verdict: that nothing was left out of it.
fn is_good(signer: &SignerReport) -> bool {
    signer.verdict().is_good() && matches!(signer.chain, Some(Ok(_))) && signer.identity == Identity::Match
}

/// RFC 8551 2.5.3: the certificate that the signer wants to be encrypted to, if he may have it.
fn encryption_certificate(
    signer: &SignerReport,
    signed: &SignedLayer,
    context: &Context<'_>,
    now: Time,
    address: &str,
) -> Option<Vec<u8>> {
    let wanted = signer.stated.encryption_key.as_ref()?;
    let carried: Vec<Certificate<'_>> =
        signed.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    let found = carried.iter().find(|certificate| wanted.names(certificate))?;
    let is_for = |known: &&str| same_address(known, address);
    found.email_addresses().iter().find(|known| is_for(known))?;
    let path = |validator: Validator<'_>| {
        let validator = validator.at(now).purpose(Purpose::EmailEncrypt).address(address);
        Certificate::from_der(found.as_der()).is_ok_and(|found| validator.validate(&found).is_ok())
    };
    path(context.path().certificates(carried.iter().cloned())).then(|| found.as_der().to_vec())
}
