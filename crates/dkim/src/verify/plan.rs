//! The first phase: what the header and the policy tell about each signature (RFC 6376 6.1.1).

use mailwright_dns::Name;
use mailwright_message_model::Span;

use super::Claimed;
use super::reason::Reason;
use super::result::Warning;
use crate::algorithm::HashAlgorithm;
use crate::body_hash::{BodyHashes, Wanted};
use crate::header::{ByName, Header, Picked};
use crate::policy::{Limits, Policy, Treat};
use crate::signature::{self, Signature, Tags};

/// All signatures of a message before their keys are known.
pub(super) struct Plan {
    pub(super) candidates: Vec<Candidate>,
    questions: Vec<Name>,
    pub(super) rules: Rules,
}

/// What the second phase needs of the policy.
pub(super) struct Rules {
    pub(super) min_rsa_bits: u32,
    pub(super) max_rsa_bits: u32,
    pub(super) uncovered_body: Treat,
    pub(super) unsigned_duplicates: Treat,
    pub(super) key_bytes: usize,
}

/// One signature field.
pub(super) struct Candidate {
    pub(super) field: usize,
    pub(super) state: State,
}

pub(super) enum State {
    /// Nothing more can be found out.
    Done { reason: Reason, span: Span, signature: Option<Box<Signature>>, claimed: Option<Claimed> },
    /// To be verified.
    Open(Box<Open>),
}

pub(super) struct Open {
    pub(super) signature: Signature,
    /// Which of the questions is for its key.
    pub(super) question: usize,
    pub(super) body: Wanted,
    pub(super) covers: Vec<Option<usize>>,
    pub(super) warnings: Vec<Warning>,
}

/// Fields that people see or that decide how they see the rest. A signature that covers one of them and leaves another of the
/// same name uncovered shows what was not signed (RFC 6376 8.15).
const SHOWN: [&str; 8] = ["From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID"];
/// As [`SHOWN`]: those of MIME (RFC 2045 3) are taken together.
const SHOWN_MIME: [&str; 6] = [
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "Content-ID",
    "Content-Description",
];

impl Plan {
    pub(super) fn new(header: &Header<'_>, policy: &Policy, now: u64) -> (Self, BodyHashes) {
        let mut plan = Self { candidates: Vec::new(), questions: Vec::new(), rules: Rules::of(policy) };
        let mut hashes = BodyHashes::default();
        let mut names = None;
        let mut open = 0usize;
        for field in header.named(signature::FIELD_NAME) {
            let names = names.get_or_insert_with(|| ByName::new(header));
            let mut state = plan.read(header, names, field, policy, now, &mut hashes, open);
            if let State::Done { span, .. } = &mut state {
                *span = span.shifted(header.span(field).start);
            } else {
                open += 1;
            }
            plan.candidates.push(Candidate { field, state });
        }
        (plan, hashes)
    }

    pub(super) fn questions(&self) -> &[Name] {
        &self.questions
    }

    #[allow(clippy::too_many_arguments, reason = "one call")]
    fn read(
        &mut self,
        header: &Header<'_>,
        names: &ByName<'_>,
        field: usize,
        policy: &Policy,
        now: u64,
        hashes: &mut BodyHashes,
        open: usize,
    ) -> State {
        let raw = header.field(field);
        let whole = Span::new(0, raw.len());
        let unread = |reason, span| State::Done { reason, span, signature: None, claimed: claimed(raw) };
        if raw.len() > policy.limits.signature_bytes {
            return State::Done { reason: Reason::FieldTooLong, span: whole, signature: None, claimed: None };
        }
        let signature = match Signature::parse(raw) {
            Ok(signature) => signature,
            Err(error) => return unread(Reason::Field(error.kind()), error.span()),
        };
        let refused = |reason, signature: Signature| State::Done {
            reason,
            span: whole,
            signature: Some(Box::new(signature)),
            claimed: None,
        };
        if header.cut {
            return refused(Reason::HeaderTooLong, signature);
        }
        if let Some(reason) = at_this_time(&signature, policy, now) {
            return refused(reason, signature);
        }
        if open >= policy.limits.signatures {
            return refused(Reason::TooManySignatures, signature);
        }
        let picked = names.pick(signature.headers.iter().map(String::as_bytes), field);
        if let Some(name) = missing_required(&signature, names, policy) {
            return refused(Reason::Unsigned(name), signature);
        }
        let question = match self.ask(&signature, &policy.limits) {
            Ok(question) => question,
            Err(reason) => return refused(reason, signature),
        };
        let warnings = coverage_warnings(header, names, &signature, &picked, field);
        let body = hashes.want(signature.canonicalization.body, signature.algorithm.hash(), signature.length);
        State::Open(Box::new(Open { signature, question, body, covers: picked.fields, warnings }))
    }

    /// The question for the key (RFC 6376 3.6.2.1), shared with others of the same name.
    fn ask(&mut self, signature: &Signature, limits: &Limits) -> Result<usize, Reason> {
        let name = key_name(signature).ok_or(Reason::KeyName)?;
        if let Some(at) = self.questions.iter().position(|known| *known == name) {
            return Ok(at);
        }
        if self.questions.len() >= limits.queries {
            return Err(Reason::TooManyQueries);
        }
        self.questions.push(name);
        Ok(self.questions.len() - 1)
    }
}

impl Rules {
    fn of(policy: &Policy) -> Self {
        Self {
            min_rsa_bits: policy.min_rsa_bits,
            max_rsa_bits: policy.max_rsa_bits,
            uncovered_body: policy.uncovered_body,
            unsigned_duplicates: policy.unsigned_duplicates,
            key_bytes: policy.limits.key_bytes,
        }
    }
}

/// `selector._domainkey.domain`
fn key_name(signature: &Signature) -> Option<Name> {
    let name = format!("{}._domainkey.{}", signature.selector, signature.domain);
    Name::new(name).ok()
}

fn at_this_time(signature: &Signature, policy: &Policy, now: u64) -> Option<Reason> {
    // RFC 8301 3.1: rsa-sha1 MUST NOT be used; whatever the key says.
    if signature.algorithm.hash() == HashAlgorithm::Sha1 && !policy.sha1 {
        return Some(Reason::Sha1);
    }
    // RFC 6376 3.5 x=: past the expiration date.
    if signature.expires.is_some_and(|expires| now > expires) {
        return Some(Reason::Expired);
    }
    // RFC 6376 3.5 t=: a signature from the future may be considered invalid.
    let latest = now.saturating_add(policy.clock_skew);
    signature.timestamp.is_some_and(|made| made > latest).then_some(Reason::Future)
}

fn missing_required(signature: &Signature, names: &ByName<'_>, policy: &Policy) -> Option<String> {
    let unsigned = |required: &&String| {
        names.has(required.as_bytes())
            && !signature.headers.iter().any(|name| name.eq_ignore_ascii_case(required))
    };
    policy.require_signed.iter().find(unsigned).cloned()
}

fn coverage_warnings(
    header: &Header<'_>,
    names: &ByName<'_>,
    signature: &Signature,
    picked: &Picked,
    field: usize,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut addable = Vec::new();
    for name in SHOWN.into_iter().chain(SHOWN_MIME) {
        let octets = name.as_bytes();
        if !signature.headers.iter().any(|signed| signed.eq_ignore_ascii_case(name)) {
            continue;
        }
        if let Some(at) = names.uncovered(octets, picked, field) {
            warnings.push(Warning::UnsignedDuplicate { name: name.to_owned(), span: header.span(at) });
        } else if names.has(octets) && !names.is_oversigned(octets, picked) {
            addable.push(name.to_owned());
        }
    }
    if !addable.is_empty() {
        warnings.push(Warning::NotOversigned(addable));
    }
    warnings
}

/// What a field that cannot be used says of itself.
fn claimed(raw: &[u8]) -> Option<Claimed> {
    let tags = Tags::of_field(raw).ok()?;
    let text = |name| {
        let value = tags.value(name)?;
        Some(value.iter().copied().filter(|&b| !crate::tags::is_fws(b)).collect::<Vec<u8>>())
            .map(|value| String::from_utf8_lossy(&value).into_owned())
    };
    Some(Claimed {
        domain: text("d"),
        selector: text("s"),
        identity: text("i"),
        algorithm: text("a"),
        signature: text("b").map(|b| b.chars().take(16).collect()),
    })
}
