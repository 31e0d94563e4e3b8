//! The second phase: keys and cryptography (RFC 6376 6.1.2, 6.1.3).

use core::mem;
use std::sync::Arc;

use mailwright_dns::{Dns, Missing, Name, Txt};
use mailwright_message_model::Span;

use super::plan::{Candidate, Open, Plan, Rules, State};
use super::reading::Judge;
use super::reason::{Outcome, Reason};
use super::result::{Coverage, KeyInfo, SignatureResult, Verification, Warning};
use crate::algorithm::{Algorithm, HashAlgorithm, KeyType};
use crate::body_hash::{BodyHashes, Hashed};
use crate::canon;
use crate::crypto::{Backend, Crypto, sha256};
use crate::header::Header;
use crate::key::{KeyError, KeyRecord, PublicKey};
use crate::policy::{Policy, Treat};
use crate::signature::Signature;

pub(crate) type Answer = Result<Arc<[Txt]>, Missing>;

/// RSA keys below this are not in the cryptographic library, whatever the policy says.
const LEAST_RSA_BITS: u32 = 1024;
/// An RSA key of more than this is not in the cryptographic library.
const MOST_RSA_BITS: u32 = 8192;
/// RFC 8301 3.2: signers SHOULD use at least this.
const GOOD_RSA_BITS: u32 = 2048;

impl Judge for Verification {
    type Plan = Plan;

    fn plan(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Plan {
        Plan::new(header, policy, now, hashes)
    }

    fn names<'p>(plan: &'p Plan, out: &mut Vec<&'p Name>) {
        out.extend(plan.questions.names());
    }

    fn judge(plan: &Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self {
        let mut scratch = Vec::new();
        let judged = |candidate| judge_candidate(candidate, header, &plan.rules, body, answers, &mut scratch);
        Self { signatures: plan.candidates.iter().map(judged).collect() }
    }

    fn judge_once(plan: Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self {
        let Plan { candidates, rules, .. } = plan;
        let mut scratch = Vec::new();
        let judged = |candidate| judge_last(candidate, header, &rules, body, answers, &mut scratch);
        Self { signatures: candidates.into_iter().map(judged).collect() }
    }
}

/// Every key is asked for, each name once, before any answer is looked at, so that all are resolved together. `None` while one is
/// pending.
pub(super) fn ask(names: &[&Name], dns: &(impl Dns + ?Sized)) -> Option<Vec<Answer>> {
    let mut answers: Vec<Answer> = Vec::with_capacity(names.len());
    for (at, &name) in names.iter().enumerate() {
        let before = names.iter().take(at).position(|&other| other == name);
        let answer = before.and_then(|at| answers.get(at)).cloned();
        answers.push(answer.unwrap_or_else(|| dns.txt(name)));
    }
    let pending = answers.iter().any(|answer| matches!(answer, Err(Missing::Pending)));
    (!pending).then_some(answers)
}

/// The result for one field.
pub(crate) fn judge_candidate(
    candidate: &Candidate,
    header: &Header<'_>,
    rules: &Rules,
    body: &Hashed,
    answers: Option<&[Answer]>,
    scratch: &mut Vec<u8>,
) -> SignatureResult {
    judge_last(candidate.clone(), header, rules, body, answers, scratch)
}

/// As [`judge_candidate`]; what was read goes into the result without a copy.
fn judge_last(
    candidate: Candidate,
    header: &Header<'_>,
    rules: &Rules,
    body: &Hashed,
    answers: Option<&[Answer]>,
    scratch: &mut Vec<u8>,
) -> SignatureResult {
    let span = header.span(candidate.field);
    let mut result = SignatureResult::unknown(candidate.field, span);
    match candidate.state {
        State::Done { reason, span, signature, claimed } => {
            result.signature = signature.map(|signature| *signature);
            result.claimed = claimed;
            result.refuse(reason, span);
        }
        State::Open(mut open) => {
            if let Some(answers) = answers {
                result.warnings = mem::take(&mut open.warnings);
                judge(&mut result, header, &open, rules, body, answers.get(open.question), scratch);
            }
            result.signature = Some(open.signature);
            result.covers = open.covers;
        }
    }
    result
}

impl SignatureResult {
    /// Before anything is known but where the field is.
    fn unknown(field: usize, span: Span) -> Self {
        Self {
            field,
            span,
            outcome: Outcome::TempError,
            reason: Some(Reason::Pending),
            reason_span: Some(span),
            signature: None,
            claimed: None,
            signature_ok: None,
            body_ok: None,
            body: None,
            key: None,
            warnings: Vec::new(),
            covers: Vec::new(),
        }
    }

    /// A field that is not to be verified.
    #[cfg(feature = "arc")]
    pub(crate) fn not_tried(candidate: &Candidate, header: &Header<'_>) -> Self {
        let span = header.span(candidate.field);
        let mut result = Self::unknown(candidate.field, span);
        match &candidate.state {
            State::Done { signature, .. } => result.signature = signature.as_deref().cloned(),
            State::Open(open) => result.signature = Some(open.signature.clone()),
        }
        result.refuse(Reason::NotTried, span);
        result
    }

    fn refuse(&mut self, reason: Reason, span: Span) {
        self.outcome = reason.outcome();
        self.reason = Some(reason);
        self.reason_span = Some(span);
    }
}

fn judge(
    result: &mut SignatureResult,
    header: &Header<'_>,
    open: &Open,
    rules: &Rules,
    body: &Hashed,
    answer: Option<&Answer>,
    scratch: &mut Vec<u8>,
) {
    let signature = &open.signature;
    judge_body(result, open, body);
    let key = match find_key(answer, rules) {
        Ok(key) => key,
        Err(reason) => return result.refuse(reason, result.span),
    };
    let (key_type, bits) = (key.public.key_type(), key.public.bits());
    result.key = Some(KeyInfo { key_type, bits, testing: key.testing });
    if let Some(reason) = unfit(&key, signature, rules) {
        return result.refuse(reason, result.span);
    }
    scratch.clear();
    signed_octets(header, open, result.field, scratch);
    let holds = holds(&key.public, signature, scratch);
    result.signature_ok = Some(holds);
    if key_type == KeyType::Rsa && bits < GOOD_RSA_BITS {
        result.warnings.push(Warning::ShortKey { bits });
    }
    if signature.algorithm == Algorithm::RsaSha1 {
        result.warnings.push(Warning::Sha1);
    }
    // RFC 6376 3.5 l=: MUST NOT be larger than the body.
    if let Some(Coverage { signed, total }) = result.body.filter(|body| body.signed > body.total) {
        return result.refuse(Reason::BodyTooShort { signed, total }, result.span);
    }
    if open.body.is_some() && result.body_ok != Some(true) {
        return result.refuse(Reason::BodyHash, result.span);
    }
    if !holds {
        return result.refuse(Reason::Signature, result.span);
    }
    if let Some(body) = result.body.filter(|body| body.uncovered() > 0) {
        result.warnings.push(Warning::UncoveredBody(body));
        if rules.uncovered_body == Treat::Reject {
            return result.refuse(Reason::UncoveredBody, result.span);
        }
    }
    let duplicate = result.warnings.iter().find_map(|warning| match warning {
        Warning::UnsignedDuplicate { name, span } => Some((name.clone(), *span)),
        _ => None,
    });
    if let Some((name, span)) = duplicate.filter(|_| rules.unsigned_duplicates == Treat::Reject) {
        return result.refuse(Reason::UnsignedDuplicate(name), span);
    }
    (result.outcome, result.reason, result.reason_span) = (Outcome::Pass, None, None);
}

/// RFC 6376 6.1.3, 3: the body hash.
fn judge_body(result: &mut SignatureResult, open: &Open, body: &Hashed) {
    let Some((digest, total)) = open.body.and_then(|wanted| body.get(wanted)) else { return };
    result.body = Some(Coverage { signed: open.signature.length.unwrap_or(total), total });
    result.body_ok = Some(digest.is_some_and(|digest| digest.as_bytes() == open.signature.body_hash));
}

/// RFC 6376 6.1.2: of several records, of which nothing is defined, the first one that is a key.
pub(crate) fn find_key(answer: Option<&Answer>, rules: &Rules) -> Result<KeyRecord, Reason> {
    let records = match answer {
        None | Some(Err(Missing::Pending)) => return Err(Reason::Pending),
        Some(Err(Missing::Temporary(why))) => return Err(Reason::Dns(why.clone())),
        Some(Err(_)) => return Err(Reason::NoKey),
        Some(Ok(records)) => records,
    };
    let mut error: Option<(bool, KeyError)> = None;
    let mut too_long = None;
    for record in records.iter().map(Txt::as_bytes) {
        if record.len() > rules.key_bytes {
            too_long = too_long.or(Some(Reason::KeyRecordTooLong { bytes: record.len() }));
            continue;
        }
        match KeyRecord::parse(record) {
            Ok(key) => return Ok(key),
            // What names itself a key says more about why there is none than what stands beside it.
            Err(why) => {
                let names_itself = record.starts_with(b"v=DKIM1");
                if error.as_ref().is_none_or(|(named, _)| names_itself && !named) {
                    error = Some((names_itself, why));
                }
            }
        }
    }
    Err(error.map(|(_, why)| Reason::Key(why.kind())).or(too_long).unwrap_or(Reason::NoKey))
}

/// Why the key is not for this signature (RFC 6376 6.1.2), or is refused (RFC 8301 3.2).
fn unfit(key: &KeyRecord, signature: &Signature, rules: &Rules) -> Option<Reason> {
    if key.public.key_type() != signature.algorithm.key_type() {
        return Some(Reason::KeyType);
    }
    if !key.allows(signature.algorithm.hash()) {
        return Some(Reason::KeyHash);
    }
    if !key.for_email {
        return Some(Reason::KeyService);
    }
    // RFC 6376 3.6.1 t=s
    if key.exact_domain && signature.identity.domain != signature.domain {
        return Some(Reason::KeyExactDomain);
    }
    let PublicKey::Rsa { n, e } = &key.public else { return None };
    let bits = key.public.bits();
    if bits < rules.min_rsa_bits.max(LEAST_RSA_BITS) {
        return Some(Reason::KeyTooShort { bits });
    }
    // RFC 8017 3.1: n and e are odd, e at least 3. The cost of a check grows with both.
    let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
    let usual_exponent = odd(e) && e.len() <= 4 && *e != [1];
    if bits > rules.max_rsa_bits.min(MOST_RSA_BITS) {
        return Some(Reason::KeyTooLarge { bits });
    }
    if !odd(n) || !usual_exponent {
        return Some(Reason::KeyNumbers);
    }
    None
}

/// The octets that are signed (RFC 6376 3.7): the fields of `h=`, then the signature without its `b=`.
fn signed_octets(header: &Header<'_>, open: &Open, field: usize, out: &mut Vec<u8>) {
    let signature = &open.signature;
    let canon = signature.canonicalization.header;
    let covered = open.covers.iter().flatten().map(|&covered| header.field(covered).len());
    out.reserve(covered.sum::<usize>() + header.field(field).len() + 2);
    for &covered in open.covers.iter().flatten() {
        canon::field(canon, header.field(covered), out);
    }
    canon::signature_field(canon, header.field(field), signature.b_span, out);
}

pub(crate) fn holds(key: &PublicKey, signature: &Signature, octets: &[u8]) -> bool {
    match (key, signature.algorithm) {
        (PublicKey::Rsa { n, e }, Algorithm::RsaSha256) => {
            Crypto::verify_rsa(HashAlgorithm::Sha256, n, e, octets, &signature.signature)
        }
        (PublicKey::Rsa { n, e }, Algorithm::RsaSha1) => {
            Crypto::verify_rsa(HashAlgorithm::Sha1, n, e, octets, &signature.signature)
        }
        // RFC 8463 3: Ed25519 signs the SHA-256 digest.
        (PublicKey::Ed25519(key), Algorithm::Ed25519Sha256) => {
            Crypto::verify_ed25519(key, sha256(octets).as_bytes(), &signature.signature)
        }
        _ => false,
    }
}
