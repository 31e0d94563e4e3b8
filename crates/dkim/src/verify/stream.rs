//! Verifying a message that arrives in chunks, in memory for its header only.

use std::borrow::Cow;
use std::mem;

use mailwright_dns::Name;

use super::Prepared;
use super::plan::Plan;
use crate::body_hash::BodyHashes;
use crate::header::{self, Header};
use crate::line_ends::Normalizer;
use crate::policy::{LineEnds, Policy};

/// Takes a message in chunks of any size; the result is that of the whole message.
///
/// It holds the header ([`Limits::header_bytes`](crate::Limits::header_bytes) at most) and the state of the hashes.
///
/// ```
/// use mailwright_dkim::{Policy, Verifier};
/// let mut verifier = Verifier::new(&Policy::default(), 1_700_000_000);
/// for chunk in [&b"From: a@example.org\r\n\r"[..], b"\nhel", b"lo\r\n"] {
///     verifier.write(chunk);
/// }
/// let found = verifier.finish().evaluate(&mailwright_dns::Zone::new());
/// assert!(found.signatures.is_empty());
/// ```
pub struct Verifier {
    policy: Policy,
    now: u64,
    normalizer: Option<Normalizer>,
    state: State,
}

enum State {
    /// The header so far.
    Header(Vec<u8>),
    Body(Box<Body>),
}

struct Body {
    header: Header<'static>,
    plan: Plan,
    hashes: BodyHashes,
}

impl Verifier {
    /// Before the first octet; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(policy: &Policy, now: u64) -> Self {
        let normalizer = (policy.line_ends == LineEnds::Normalize).then(Normalizer::default);
        Self { policy: policy.clone(), now, normalizer, state: State::Header(Vec::new()) }
    }

    /// Takes the next octets.
    pub fn write(&mut self, chunk: &[u8]) {
        let Self { policy, now, normalizer, state } = self;
        match normalizer {
            Some(normalizer) => normalizer.write(chunk, &mut |run| state.write(run, policy, *now)),
            None => state.write(chunk, policy, *now),
        }
    }

    /// The names that are going to be asked for keys, as soon as the header has ended: they can be resolved while the body
    /// arrives.
    #[must_use]
    pub fn questions(&self) -> Option<&[Name]> {
        match &self.state {
            State::Header(_) => None,
            State::Body(body) => Some(body.plan.questions.names()),
        }
    }

    /// At the end of the message.
    #[must_use]
    pub fn finish(mut self) -> Prepared<'static> {
        if let Some(normalizer) = self.normalizer.take() {
            normalizer.finish(&mut |run| self.state.write(run, &self.policy, self.now));
        }
        let body = match self.state {
            State::Header(head) => Body::new(head, &self.policy, self.now),
            State::Body(body) => *body,
        };
        Prepared { header: body.header, plan: body.plan, body: body.hashes.finish() }
    }
}

impl State {
    fn write(&mut self, chunk: &[u8], policy: &Policy, now: u64) {
        let head = match self {
            Self::Body(body) => {
                if !body.hashes.is_empty() {
                    body.hashes.write(chunk);
                }
                return;
            }
            Self::Header(head) => head,
        };
        // The empty line may have begun in the last chunk: "\n\r".
        let from = head.len().saturating_sub(2);
        let limit = policy.limits.header_bytes;
        // One octet more than the limit is enough to tell that it was passed.
        let room = limit.saturating_add(1).saturating_sub(head.len());
        let before = head.len();
        head.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        let end = header::body_start(head, from);
        if end.is_none() && head.len() <= limit {
            return;
        }
        let end = end.unwrap_or(head.len());
        let rest = chunk.get(end.saturating_sub(before)..).unwrap_or_default();
        head.truncate(end);
        let mut body = Body::new(mem::take(head), policy, now);
        if !body.hashes.is_empty() {
            body.hashes.write(rest);
        }
        *self = Self::Body(Box::new(body));
    }
}

impl Body {
    fn new(head: Vec<u8>, policy: &Policy, now: u64) -> Self {
        let header = Header::new(Cow::Owned(head), policy.limits.header_bytes);
        let (plan, hashes) = Plan::new(&header, policy, now);
        Self { header, plan, hashes }
    }
}
