//! One signer of a layer, judged: signature, chain, identity.

use std::cell::Cell;
use std::fmt;

use super::context::{Context, TimeOfCheck};
use super::identity::Identity;
use super::stated::Stated;
use super::verdict::{Verdict, Why};
use crate::algorithm::{Digest, SignatureScheme};
use crate::backend;
use crate::cms::SignatureFault;
use crate::cms::attribute::{self, COUNTERSIGNATURE, SIGNING_TIME};
use crate::cms::hashes::{Hashes, Hashing};
use crate::cms::signed::{Beginning, SignedData};
use crate::cms::signer::{CertificateId, SignerInfo};
use crate::cms::verify::{self, Content, Signer};
use crate::error::Error;
use crate::limits::{MAX_LAYER_CHECKS, MAX_LAYER_PATH_CHECKS};
use crate::path::{Limits, MAX_SIGNATURE_CHECKS, PathError, PolicyOutput, Purpose, RevocationStatus, Rule};
use crate::policy::Policy;
use crate::x509::key::{DsaDomain, PublicKey};
use crate::x509::{Certificate, Crl, OcspResponse, Time};

/// What is known of one signer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignerReport {
    /// Whether he signed this content.
    pub signature: Result<(), SignatureFault>,
    /// Whether he is trusted; `None` where it was not asked, or there is no certificate to ask for.
    pub chain: Option<Result<Chain, PathError>>,
    /// Whether he is the sender.
    pub identity: Identity,
    /// When he says he signed.
    pub signing_time: Option<Time>,
    /// The digest of the content.
    pub digest: Option<Digest>,
    /// His certificate, as DER.
    pub certificate: Option<Vec<u8>>,
    /// The addresses it is for.
    pub addresses: Vec<String>,
    /// Who signed his signature.
    pub countersignatures: Vec<Countersignature>,
    /// What he says of himself and of the message.
    pub stated: Stated,
    /// What is odd without being wrong.
    pub warnings: Vec<Warning>,
}

/// The way from a signer to who is trusted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Chain {
    /// The certificates, as DER, from the signer's up to the one below the anchor.
    pub certificates: Vec<Vec<u8>>,
    /// The trust anchor, as DER.
    pub anchor: Vec<u8>,
    /// The certificate policies.
    pub policies: PolicyOutput,
    /// What is known on the revocation of each certificate.
    pub revocation: Vec<RevocationStatus>,
}

/// A signature over a signature (RFC 5652 11.4).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Countersignature {
    /// Whether it stands. Whether its signer is trusted is not judged.
    pub signature: Result<(), SignatureFault>,
    /// When he says he signed.
    pub signing_time: Option<Time>,
    /// His certificate, as DER.
    pub certificate: Option<Vec<u8>>,
}

/// Something odd that does not make a message bad.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Warning {
    /// The signed attributes are not in the order of DER (RFC 5652 5.4).
    UnsortedAttributes,
    /// The signing time is this many seconds from the Date field.
    FarFromDate(u64),
    /// The revocation of a certificate on the way could not be checked.
    RevocationNotChecked,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsortedAttributes => f.write_str("the signed attributes are not in the order of DER"),
            Self::FarFromDate(seconds) => {
                write!(f, "signed {} hours away from the date of the message", seconds / 3600)
            }
            Self::RevocationNotChecked => {
                f.write_str("whether a certificate was revoked could not be checked")
            }
        }
    }
}

impl SignerReport {
    /// What the signer is worth.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if let Err(fault) = &self.signature {
            let why = Why::Signature(fault.clone());
            return if fault.is_unknown() { Verdict::Unknown(why) } else { Verdict::Bad(why) };
        }
        if let Some(Err(error)) = &self.chain {
            let why = Why::Chain(error.clone());
            return match error.rule() {
                Rule::NoPath | Rule::RevocationUnknown(_) | Rule::Algorithm(_) | Rule::Limit(_) => {
                    Verdict::Unknown(why)
                }
                _ => Verdict::Bad(why),
            };
        }
        if !self.identity.is_good() {
            return Verdict::Bad(Why::Identity(self.identity.clone()));
        }
        Verdict::Good
    }
}

/// What a layer of signed data is judged by.
pub(crate) struct Judge<'j> {
    data: &'j SignedData,
    content: Signed<'j>,
    context: &'j Context<'j>,
    certificates: Vec<Certificate<'j>>,
    hashes: Hashes,
    beginning: Beginning,
    /// Signatures that may still be checked.
    checks: Cell<u32>,
}

/// The content that is signed.
#[derive(Clone, Copy)]
pub(crate) enum Signed<'j> {
    /// It is not there, or inside of the structure and went by.
    Elsewhere,
    /// It is in memory: beside the signature, or inside.
    Octets(&'j [u8]),
    /// It stands beside the signature and went by; this is known of it.
    Known(&'j Hashes, &'j Beginning),
}

/// Certificates tried for one signer: several may have the same issuer and number, or the same key identifier.
const MAX_CANDIDATES: usize = 8;

impl<'j> Judge<'j> {
    /// Of what was read, and its content.
    pub(crate) fn new(data: &'j SignedData, content: Signed<'j>, context: &'j Context<'j>) -> Self {
        // A certificate that cannot be read is not needed, or else its signer has none.
        let certificates =
            data.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        let (hashes, beginning) = match content {
            Signed::Octets(content) if data.detached => {
                let mut hashing = Hashing::new(data.digests());
                hashing.update(content);
                (hashing.finish(), Beginning::of(content))
            }
            Signed::Known(hashes, beginning) if data.detached => (hashes.clone(), beginning.clone()),
            _ => (data.hashes.clone(), data.beginning.clone()),
        };
        let checks = Cell::new(MAX_LAYER_CHECKS);
        Self { data, content, context, certificates, hashes, beginning, checks }
    }

    /// All signers; their identity is judged when the sender is known.
    pub(crate) fn signers(&self) -> Vec<SignerReport> {
        self.data.signers.iter().map(|der| self.signer(der)).collect()
    }

    fn signer(&self, der: &[u8]) -> SignerReport {
        let mut report = SignerReport {
            signature: Err(SignatureFault::NoCertificate),
            chain: None,
            identity: Identity::NotJudged,
            signing_time: None,
            digest: None,
            certificate: None,
            addresses: Vec::new(),
            countersignatures: Vec::new(),
            stated: Stated::default(),
            warnings: Vec::new(),
        };
        let info = match SignerInfo::read(der) {
            Ok(info) => info,
            Err(error) => {
                report.signature = Err(error.into());
                return report;
            }
        };
        report.digest = Digest::from_identifier(&info.digest).ok();
        report.signing_time = signing_time(&info);
        let type_ = crate::Oid::from_octets(&self.data.content_type);
        let content = Content {
            type_: Some(type_),
            hashes: &self.hashes,
            octets: match self.content {
                Signed::Octets(octets) => Some(octets),
                _ => None,
            },
            beginning: &self.beginning,
        };
        if self.data.detached && matches!(self.content, Signed::Elsewhere) {
            report.signature = Err(SignatureFault::NoContent);
        } else {
            let checked = self.check(&info, &content);
            if let Some(certificate) = &checked.certificate {
                report.addresses = certificate.email_addresses().into_iter().map(str::to_owned).collect();
                report.certificate = Some(certificate.as_der().to_vec());
            }
            report.signature = checked.signature.map(|sorted| {
                if !sorted {
                    report.warnings.push(Warning::UnsortedAttributes);
                }
            });
            if let (Some(certificate), true) = (&checked.certificate, self.context.judges_chain) {
                self.judge_chain(certificate, &mut report);
                self.hold_to_chain(&info, certificate, &content, &mut report);
            }
        }
        if report.signature.is_ok() {
            let digest = report.digest;
            report.stated = Stated::read(&info, type_, |octets| Some(backend::digest(digest?, octets)));
        }
        report.countersignatures = self.countersignatures(&info);
        report
    }

    /// The first certificate named with which the signature stands, or else the first named.
    fn check(&self, info: &SignerInfo<'_>, content: &Content<'_>) -> Checked<'j> {
        let mut first = None;
        for certificate in self.named(&info.signer).take(MAX_CANDIDATES) {
            let signature = self.check_with(info, certificate, content);
            let stands = signature.is_ok();
            let checked = Checked { certificate: Some(certificate.clone()), signature };
            if stands {
                return checked;
            }
            first.get_or_insert(checked);
        }
        first.unwrap_or(Checked { certificate: None, signature: Err(SignatureFault::NoCertificate) })
    }

    fn check_with(
        &self,
        info: &SignerInfo<'_>,
        certificate: &Certificate<'j>,
        content: &Content<'_>,
    ) -> Result<bool, SignatureFault> {
        let left = self.checks.get().checked_sub(1);
        self.checks.set(left.ok_or_else(|| Error::limit("MAX_LAYER_CHECKS", MAX_LAYER_CHECKS.into()))?);
        let key = certificate.public_key();
        let inherited = self.inherited(certificate);
        let signer = Signer { certificate: certificate.as_der(), key, inherited };
        let stands = verify::check(info, &signer, content)?;
        weak(info, certificate, inherited, &self.context.algorithms())?;
        Ok(stands.sorted)
    }

    /// Those in the message first.
    fn named(&self, id: &CertificateId<'_>) -> impl Iterator<Item = &Certificate<'j>> {
        self.certificates.iter().chain(self.context.known()).filter(move |certificate| id.names(certificate))
    }

    /// The parameters of DSA for a key that has none: those of an issuer (RFC 3279 2.3.2). Anyone may have put a certificate
    /// of that name there, so a chain [has the last word](Self::hold_to_chain).
    fn inherited(&self, certificate: &Certificate<'j>) -> Option<DsaDomain<'j>> {
        if !lacks_domain(certificate) {
            return None;
        }
        let mut issuer = certificate.issuer();
        for _ in 0..crate::path::MAX_PATH_LENGTH {
            let above = self
                .certificates
                .iter()
                .chain(self.context.known())
                .find(|above| above.subject().matches(&issuer))?;
            if let Some(domain) = domain(above) {
                return Some(domain);
            }
            issuer = above.issuer();
        }
        None
    }

    /// A key without parameters has those of the chain, and no others: with parameters of his choice anyone could sign.
    fn hold_to_chain(
        &self,
        info: &SignerInfo<'_>,
        certificate: &Certificate<'j>,
        content: &Content<'_>,
        report: &mut SignerReport,
    ) {
        let Some(Ok(chain)) = &report.chain else { return };
        if report.signature.is_err() || !lacks_domain(certificate) {
            return;
        }
        let above = chain.certificates.iter().skip(1).chain([&chain.anchor]);
        let inherited =
            above.filter_map(|der| Certificate::from_der(der).ok()).find_map(|above| domain(&above));
        let signer = Signer { certificate: certificate.as_der(), key: certificate.public_key(), inherited };
        report.signature = verify::check(info, &signer, content).map(|_| ());
    }

    fn judge_chain(&self, certificate: &Certificate<'_>, report: &mut SignerReport) {
        let time = match self.context.time {
            TimeOfCheck::NotJudged => None,
            TimeOfCheck::At(time) => Some(time),
            TimeOfCheck::SigningTime => report.signing_time,
        };
        // Mail of RFC 8551 2.5.1: no one has signed in the future.
        if let (TimeOfCheck::At(now), Some(signed)) = (self.context.time, report.signing_time)
            && signed > now
            && report.signature.is_ok()
        {
            report.signature = Err(SignatureFault::FutureSigningTime);
        }
        let crls = self.data.crls.iter().filter_map(|der| Crl::from_der(der).ok());
        let responses = self.data.ocsp.iter().filter_map(|der| OcspResponse::from_der(der).ok());
        let Ok(certificate) = Certificate::from_der(certificate.as_der()) else { return };
        let validator = self.context.path();
        let validator = match time {
            Some(time) => validator.at(time),
            None => validator,
        };
        let found = validator
            .certificates(self.certificates.iter().cloned())
            .crls(crls)
            .responses(responses)
            .purpose(Purpose::EmailSign)
            .limits(self.path_limits())
            .validate(&certificate)
            .map(|path| Chain {
                certificates: path.certificates().iter().map(|each| each.as_der().to_vec()).collect(),
                anchor: path.anchor().as_der().to_vec(),
                policies: path.policies().clone(),
                revocation: path.revocation().to_vec(),
            });
        let unknown = |status: &RevocationStatus| matches!(status, RevocationStatus::Unknown(_));
        if found.as_ref().is_ok_and(|chain| chain.revocation.iter().any(unknown)) {
            report.warnings.push(Warning::RevocationNotChecked);
        }
        report.chain = Some(found);
    }

    /// A share of what the paths of all signers may cost, and never less than a path of mail needs.
    fn path_limits(&self) -> Limits {
        let signers = u32::try_from(self.data.signers.len()).unwrap_or(u32::MAX).max(1);
        let share = MAX_LAYER_PATH_CHECKS.checked_div(signers).unwrap_or_default();
        Limits { signature_checks: share.clamp(16, MAX_SIGNATURE_CHECKS), ..Limits::default() }
    }

    /// RFC 5652 11.4: who signed the signature of this signer.
    fn countersignatures(&self, info: &SignerInfo<'_>) -> Vec<Countersignature> {
        let attributes = info.unsigned();
        let mut found = Vec::new();
        for attribute in attributes.of(COUNTERSIGNATURE) {
            let mut values = attribute.values;
            while found.len() < crate::limits::MAX_SIGNERS && !values.is_empty() {
                let Ok(value) = values.any() else { break };
                found.push(self.countersignature(info, value.raw));
            }
        }
        found
    }

    fn countersignature(&self, info: &SignerInfo<'_>, der: &[u8]) -> Countersignature {
        let over = match SignerInfo::read(der) {
            Ok(over) => over,
            Err(error) => {
                return Countersignature {
                    signature: Err(error.into()),
                    signing_time: None,
                    certificate: None,
                };
            }
        };
        let (hashes, beginning) = (Hashes::default(), Beginning::of(info.signature));
        let content =
            Content { type_: None, hashes: &hashes, octets: Some(info.signature), beginning: &beginning };
        let checked = self.check(&over, &content);
        Countersignature {
            signature: checked.signature.map(|_| ()),
            signing_time: signing_time(&over),
            certificate: checked.certificate.map(|certificate| certificate.as_der().to_vec()),
        }
    }
}

/// Whether this is a key of DSA without parameters.
fn lacks_domain(certificate: &Certificate<'_>) -> bool {
    matches!(certificate.public_key().public_key(), Ok(PublicKey::Dsa(key)) if key.domain.is_none())
}

fn domain<'c>(certificate: &Certificate<'c>) -> Option<DsaDomain<'c>> {
    match certificate.public_key().public_key().ok()? {
        PublicKey::Dsa(key) => key.domain,
        _ => None,
    }
}

/// A signer looked up and checked; with `Ok`, whether the attributes are in the order of DER.
struct Checked<'c> {
    certificate: Option<Certificate<'c>>,
    signature: Result<bool, SignatureFault>,
}

/// What the policy says of digest and key of a signature that stands.
fn weak(
    info: &SignerInfo<'_>,
    certificate: &Certificate<'_>,
    inherited: Option<DsaDomain<'_>>,
    policy: &Policy,
) -> Result<(), SignatureFault> {
    let digest = Digest::from_identifier(&info.digest)?;
    let scheme = SignatureScheme::with_digest(&info.algorithm, digest)?;
    for digest in [Some(digest), scheme.digest()].into_iter().flatten() {
        if digest == Digest::Sha1 && !policy.allow_sha1 {
            return Err(SignatureFault::WeakDigest(digest));
        }
    }
    let bits = match certificate.public_key().public_key()? {
        PublicKey::Rsa(key) => Some(key.bits()),
        PublicKey::Dsa(key) => key.domain.or(inherited).map(|domain| domain.p.len().saturating_mul(8)),
        _ => None,
    };
    match bits {
        Some(bits) if bits < policy.min_bits.max(Policy::LEAST_BITS) => Err(SignatureFault::WeakKey { bits }),
        _ => Ok(()),
    }
}

fn signing_time(info: &SignerInfo<'_>) -> Option<Time> {
    let attributes: attribute::Attributes<'_> = info.signed().ok()??;
    Time::read(&attributes.one(SIGNING_TIME).ok()?).ok()
}
