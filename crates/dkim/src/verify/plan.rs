//! The first phase: what the header and the policy tell about each signature (RFC 6376 6.1.1).

use mailwright_dns::Name;
use mailwright_message_model::Span;

use super::Claimed;
use super::reason::Reason;
use super::result::Warning;
use crate::algorithm::HashAlgorithm;
use crate::body_hash::{BodyHashes, Wanted};
use crate::header::{ByName, Cover, Header, Picked};
use crate::policy::{Policy, Treat};
use crate::signature::{self, Signature, Tags};

/// All signatures of a message before their keys are known.
pub(crate) struct Plan {
    pub(super) candidates: Vec<Candidate>,
    pub(super) questions: Questions,
    pub(super) rules: Rules,
}

/// The names that are asked for keys, each once.
#[derive(Default)]
pub(crate) struct Questions(Vec<Name>);

/// What the second phase needs of the policy.
pub(crate) struct Rules {
    pub(super) min_rsa_bits: u32,
    pub(super) max_rsa_bits: u32,
    pub(super) uncovered_body: Treat,
    pub(super) unsigned_duplicates: Treat,
    pub(super) key_bytes: usize,
}

/// One signature field.
#[derive(Clone)]
pub(crate) struct Candidate {
    pub(crate) field: usize,
    pub(crate) state: State,
}

#[derive(Clone)]
pub(crate) enum State {
    /// Nothing more can be found out.
    Done { reason: Reason, span: Span, signature: Option<Box<Signature>>, claimed: Option<Claimed> },
    /// To be verified.
    Open(Box<Open>),
}

#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) signature: Signature,
    /// Which of the questions is for its key.
    pub(crate) question: usize,
    /// `None` where no body is signed.
    pub(crate) body: Option<Wanted>,
    pub(crate) covers: Vec<Option<usize>>,
    pub(crate) warnings: Vec<Warning>,
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

/// What preparing a signature needs and fills.
pub(crate) struct Preparing<'a, 'm> {
    pub(crate) header: &'a Header<'m>,
    pub(crate) policy: &'a Policy,
    pub(crate) now: u64,
    pub(crate) hashes: &'a mut BodyHashes,
    pub(crate) questions: Questions,
}

impl Plan {
    pub(super) fn new(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Self {
        let mut preparing = Preparing::new(header, policy, now, hashes);
        let mut candidates = Vec::new();
        let mut names = None;
        let mut open = 0usize;
        for field in header.named(signature::FIELD_NAME) {
            let names = names.get_or_insert_with(|| ByName::new(header));
            let state = preparing.read(names, field, open >= policy.limits.signatures);
            open += usize::from(matches!(state, State::Open(_)));
            candidates.push(Candidate { field, state });
        }
        Self { candidates, questions: preparing.questions, rules: Rules::of(policy) }
    }
}

impl<'a, 'm> Preparing<'a, 'm> {
    pub(crate) fn new(
        header: &'a Header<'m>,
        policy: &'a Policy,
        now: u64,
        hashes: &'a mut BodyHashes,
    ) -> Self {
        Self { header, policy, now, hashes, questions: Questions::default() }
    }

    fn read(&mut self, names: &ByName<'_>, field: usize, full: bool) -> State {
        let (raw, span) = (self.header.field(field), self.header.span(field));
        if raw.len() > self.policy.limits.signature_bytes {
            return State::Done { reason: Reason::FieldTooLong, span, signature: None, claimed: None };
        }
        match Signature::parse(raw) {
            Ok(signature) => self.open(signature, names, field, full),
            Err(error) => State::Done {
                reason: Reason::Field(error.kind()),
                span: error.span().shifted(span.start),
                signature: None,
                claimed: claimed(raw),
            },
        }
    }

    /// Makes ready a signature over fields and body; `full` says that there are as many as may be verified.
    pub(crate) fn open(
        &mut self,
        signature: Signature,
        names: &ByName<'_>,
        field: usize,
        full: bool,
    ) -> State {
        let span = self.header.span(field);
        let refused = |reason, signature| State::refused(reason, span, signature);
        if self.header.cut {
            return refused(Reason::HeaderTooLong, signature);
        }
        if let Some(reason) = at_this_time(&signature, self.policy, self.now) {
            return refused(reason, signature);
        }
        if full {
            return refused(Reason::TooManySignatures, signature);
        }
        let picked = names.pick(signature.headers.octets(), field);
        if let Some(name) = missing_required(&signature, names, self.policy) {
            return refused(Reason::Unsigned(name), signature);
        }
        let question = match self.questions.ask(&signature, self.policy.limits.queries) {
            Ok(question) => question,
            Err(reason) => return refused(reason, signature),
        };
        let warnings = coverage_warnings(self.header, names, &picked, field);
        let (canon, hash) = (signature.canonicalization.body, signature.algorithm.hash());
        let body = Some(self.hashes.want(canon, hash, signature.length));
        State::Open(Box::new(Open { signature, question, body, covers: picked.fields, warnings }))
    }
}

impl State {
    pub(crate) fn refused(reason: Reason, span: Span, signature: Signature) -> Self {
        Self::Done { reason, span, signature: Some(Box::new(signature)), claimed: None }
    }
}

impl Questions {
    pub(crate) fn names(&self) -> &[Name] {
        &self.0
    }

    /// The question for the key (RFC 6376 3.6.2.1), shared with others of the same name.
    pub(crate) fn ask(&mut self, signature: &Signature, limit: usize) -> Result<usize, Reason> {
        let name = key_name(signature).ok_or(Reason::KeyName)?;
        if let Some(at) = self.0.iter().position(|known| *known == name) {
            return Ok(at);
        }
        if self.0.len() >= limit {
            return Err(Reason::TooManyQueries);
        }
        self.0.push(name);
        Ok(self.0.len() - 1)
    }
}

impl Rules {
    pub(crate) fn of(policy: &Policy) -> Self {
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
pub(crate) fn key_name(signature: &Signature) -> Option<Name> {
    let name = format!("{}._domainkey.{}", signature.selector, signature.domain);
    Name::new(name).ok()
}

pub(crate) fn at_this_time(signature: &Signature, policy: &Policy, now: u64) -> Option<Reason> {
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
    let unsigned =
        |required: &&String| names.has(required.as_bytes()) && !signature.headers.contains(required);
    policy.require_signed.iter().find(unsigned).cloned()
}

fn coverage_warnings(header: &Header<'_>, names: &ByName<'_>, picked: &Picked, field: usize) -> Vec<Warning> {
    if picked.is_without_gap() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let mut addable = Vec::new();
    for name in SHOWN.into_iter().chain(SHOWN_MIME) {
        match names.cover(name.as_bytes(), picked, field) {
            Cover::But(at) => {
                warnings.push(Warning::UnsignedDuplicate { name: name.to_owned(), span: header.span(at) });
            }
            Cover::All => addable.push(name.to_owned()),
            Cover::No | Cover::AndNoMore => {}
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
