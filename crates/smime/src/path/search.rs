//! The search for a path (RFC 4158): depth first from the certificate up, the likelier issuers first, without recursion.

use std::collections::HashMap;

use super::refusal::{PathError, Rank, Rule};
use super::revocation::RevocationStatus;
use super::{PolicyOutput, Validator};
use crate::algorithm::SignatureScheme;
use crate::backend::{self, Signed, Unverified};
use crate::x509::key::{DsaDomain, PublicKey};
use crate::x509::name::NameKey;
use crate::x509::signed::SignedObject;
use crate::x509::{Certificate, Crl};

/// What is known to one validation, and what it has found out so far.
pub(super) struct Search<'v, 'a> {
    pub(super) validator: &'v Validator<'a>,
    /// The certificate that is validated, and all others, each once.
    pool: Vec<Known<'v, 'a>>,
    by_subject: HashMap<NameKey, Vec<usize>>,
    pub(super) crls: Vec<KnownCrl<'v, 'a>>,
    checks: u32,
    steps: u32,
    signatures: HashMap<(Object, usize), Result<(), Rule>>,
    /// Signers of revocation lists whose paths are being looked for.
    pub(super) pending: Vec<usize>,
    /// Signers of revocation lists with a valid path to an anchor.
    pub(super) trusted_signers: Vec<(usize, usize)>,
}

/// A certificate, its names prepared for comparison.
pub(super) struct Known<'v, 'a> {
    pub(super) certificate: &'v Certificate<'a>,
    pub(super) subject: NameKey,
    pub(super) issuer: NameKey,
    anchor: bool,
}

/// A revocation list, its issuer's name prepared for comparison.
pub(super) struct KnownCrl<'v, 'a> {
    pub(super) crl: &'v Crl<'a>,
    pub(super) issuer: NameKey,
}

/// What is signed, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
    Certificate(usize),
    Crl(usize),
}

/// What a path is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The certificate of the caller.
    Certificate,
    /// The signer of a revocation list (RFC 5280 6.3.3 (f)).
    CrlSigner,
}

/// A key that signs, and the parameters it inherits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signer<'a> {
    pub(super) index: usize,
    pub(super) inherited: Option<DsaDomain<'a>>,
}

/// A valid path, from the certificate up.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: Vec<usize>,
    pub(super) anchor: usize,
    pub(super) policies: PolicyOutput,
    pub(super) revocation: Vec<RevocationStatus>,
}

impl<'v, 'a> Search<'v, 'a> {
    pub(super) fn new(validator: &'v Validator<'a>, target: &'v Certificate<'a>) -> Self {
        let known = |certificate: &'v Certificate<'a>| Known {
            certificate,
            subject: certificate.subject().key(),
            issuer: certificate.issuer().key(),
            anchor: false,
        };
        let mut pool = vec![known(target)];
        let mut places = HashMap::from([(target.as_der(), 0)]);
        for certificate in validator.anchors.iter().chain(&validator.certificates) {
            places.entry(certificate.as_der()).or_insert_with(|| {
                pool.push(known(certificate));
                pool.len() - 1
            });
        }
        for anchor in &validator.anchors {
            if let Some(known) = places.get(anchor.as_der()).and_then(|place| pool.get_mut(*place)) {
                known.anchor = true;
            }
        }
        let mut by_subject: HashMap<NameKey, Vec<usize>> = HashMap::new();
        for (index, known) in pool.iter().enumerate() {
            by_subject.entry(known.subject.clone()).or_default().push(index);
        }
        let crls = validator.crls.iter().map(|crl| KnownCrl { crl, issuer: crl.issuer().key() }).collect();
        Self {
            validator,
            pool,
            by_subject,
            crls,
            checks: validator.limits.signature_checks,
            steps: validator.limits.steps,
            signatures: HashMap::new(),
            pending: Vec::new(),
            trusted_signers: Vec::new(),
        }
    }

    pub(super) fn known(&self, index: usize) -> Option<&Known<'v, 'a>> {
        self.pool.get(index)
    }

    pub(super) fn certificate(&self, index: usize) -> Option<&'v Certificate<'a>> {
        self.pool.get(index).map(|known| known.certificate)
    }

    pub(super) fn with_subject(&self, subject: &NameKey) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// A path from `target` to an anchor, or to this one. Paths nest `nested` deep already.
    pub(super) fn find(
        &mut self,
        target: usize,
        only: Option<usize>,
        goal: Goal,
        nested: u8,
    ) -> Result<Found, PathError> {
        let mut best: Option<PathError> = None;
        let mut keep = |error: PathError| {
            if best.as_ref().is_none_or(|best| error.rank > best.rank) {
                best = Some(error);
            }
        };
        let mut path = vec![target];
        let mut untried = vec![self.issuers(target)];
        while let (Some(issuers), Some(&child)) = (untried.last_mut(), path.last()) {
            let Some(issuer) = issuers.pop() else {
                untried.pop();
                path.pop();
                continue;
            };
            self.steps = self.steps.checked_sub(1).ok_or(PathError::limit("steps"))?;
            let Some(certificate) = self.certificate(child) else { continue };
            match self.link(child, issuer) {
                Ok(()) => {}
                Err(Rule::Limit(which)) => return Err(PathError::limit(which)),
                Err(rule) => {
                    keep(PathError::new(rule, certificate, Rank::BadLink));
                    continue;
                }
            }
            let known = self.pool.get(issuer);
            if known.is_some_and(|known| known.anchor) && only.is_none_or(|only| only == issuer) {
                match self.validate(&path, issuer, goal, nested) {
                    Ok(found) => return Ok(found),
                    Err(error) if matches!(error.rule(), Rule::Limit("signature_checks" | "steps")) => {
                        return Err(error);
                    }
                    Err(error) => keep(error),
                }
                continue;
            }
            if self.is_loop(&path, issuer) {
                continue;
            }
            if path.len() >= self.validator.limits.path_length {
                keep(PathError::new(Rule::Limit("path_length"), certificate, Rank::BadLink));
                continue;
            }
            let above = self.issuers(issuer);
            if let (true, Some(certificate)) = (above.is_empty(), self.certificate(issuer)) {
                keep(PathError::new(Rule::NoPath, certificate, Rank::NoIssuer));
            }
            path.push(issuer);
            untried.push(above);
        }
        let none = || {
            self.pool.get(target).map(|known| PathError::new(Rule::NoPath, known.certificate, Rank::NoIssuer))
        };
        Err(best.or_else(none).unwrap_or(PathError::limit("path_length")))
    }

    /// RFC 4158 3.5: those whose subject is the issuer's name, the likeliest last.
    fn issuers(&self, child: usize) -> Vec<usize> {
        let Some(known) = self.pool.get(child) else { return Vec::new() };
        let wanted = known.certificate.authority_key_id().and_then(|id| id.key_id);
        let mut issuers = self.with_subject(&known.issuer).to_vec();
        issuers.sort_by_cached_key(|index| {
            let Some(issuer) = self.pool.get(*index) else { return (0, false, false) };
            let key = match (wanted, issuer.certificate.subject_key_id()) {
                (Some(wanted), Some(id)) if wanted == id => 2,
                (Some(_), Some(_)) => 0,
                _ => 1,
            };
            let in_time = self.validator.time.is_none_or(|time| {
                (issuer.certificate.not_before()..=issuer.certificate.not_after()).contains(&time)
            });
            (key, issuer.anchor, in_time)
        });
        issuers
    }

    /// Whether the issuer is in the path already, also as another certificate of its name and key (RFC 4158 5.2).
    fn is_loop(&self, path: &[usize], issuer: usize) -> bool {
        let Some(above) = self.pool.get(issuer) else { return true };
        path.iter().filter_map(|index| self.pool.get(*index)).any(|below| {
            below.certificate.public_key().as_der() == above.certificate.public_key().as_der()
                && below.subject == above.subject
        })
    }

    /// Whether the issuer's key signed the child. For a key that inherits its parameters this is left to the validation,
    /// which knows them.
    fn link(&mut self, child: usize, issuer: usize) -> Result<(), Rule> {
        if self.inherits(issuer) {
            return Ok(());
        }
        self.verify(Object::Certificate(child), Signer { index: issuer, inherited: None })
    }

    fn inherits(&self, index: usize) -> bool {
        let key = self.certificate(index).map(|certificate| certificate.public_key().public_key());
        matches!(key, Some(Ok(PublicKey::Dsa(key))) if key.domain.is_none())
    }

    /// Verifies the signature of an object, once for each key.
    pub(super) fn verify(&mut self, object: Object, signer: Signer<'a>) -> Result<(), Rule> {
        let remembered = signer.inherited.is_none() || !self.inherits(signer.index);
        if remembered && let Some(known) = self.signatures.get(&(object, signer.index)) {
            return known.clone();
        }
        let (Some(signed), Some(issuer)) = (self.signed(object), self.certificate(signer.index)) else {
            return Err(Rule::NoPath);
        };
        let verified = self.check_signature(&signed, issuer, signer.inherited);
        if remembered && !matches!(verified, Err(Rule::Limit(_))) {
            self.signatures.insert((object, signer.index), verified.clone());
        }
        verified
    }

    fn signed(&self, object: Object) -> Option<SignedObject<'a>> {
        match object {
            Object::Certificate(index) => {
                self.certificate(index).map(|certificate| certificate.issued().signed)
            }
            Object::Crl(index) => self.crls.get(index).map(|known| known.crl.issued().signed),
        }
    }

    /// Verifies one signature, and counts it.
    pub(super) fn check_signature(
        &mut self,
        signed: &SignedObject<'_>,
        issuer: &Certificate<'_>,
        inherited: Option<DsaDomain<'_>>,
    ) -> Result<(), Rule> {
        let scheme = SignatureScheme::from_identifier(&signed.algorithm)?;
        self.checks = self.checks.checked_sub(1).ok_or(Rule::Limit("signature_checks"))?;
        let message = Signed::Message(signed.body.raw);
        backend::verify(&scheme, &issuer.public_key(), inherited, message, signed.signature).map_err(|why| {
            match why {
                Unverified::Mismatch => Rule::Signature,
                Unverified::Key(why) => Rule::Key(why),
                Unverified::Error(error) => error.into(),
            }
        })
    }
}
