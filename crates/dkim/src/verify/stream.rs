//! Verifying a message that arrives in chunks, in memory for its header only.

use mailwright_dns::Name;

use super::reading::{Finding, Reading, Seen};
use crate::header::Arriving;
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
pub struct Streaming<F: Finding> {
    normalizer: Option<Normalizer>,
    state: State<F>,
}

struct State<F: Finding> {
    policy: Policy,
    now: u64,
    arriving: Arriving,
    /// From when the header has ended.
    seen: Option<Box<Seen<'static, F>>>,
}

impl<F: Finding> Streaming<F> {
    /// Before the first octet; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(policy: &Policy, now: u64) -> Self {
        let normalizer = (policy.line_ends == LineEnds::Normalize).then(Normalizer::default);
        let arriving = Arriving::new(policy.limits.header_bytes);
        Self { normalizer, state: State { policy: policy.clone(), now, arriving, seen: None } }
    }

    /// Takes the next octets.
    pub fn write(&mut self, chunk: &[u8]) {
        let Self { normalizer, state } = self;
        match normalizer {
            Some(normalizer) => normalizer.write(chunk, &mut |run| state.write(run)),
            None => state.write(chunk),
        }
    }

    /// The names that are going to be asked for keys, each once, as soon as the header has ended: they can be resolved while
    /// the body arrives.
    #[must_use]
    pub fn questions(&self) -> Option<Vec<Name>> {
        Some(self.state.seen.as_ref()?.questions())
    }

    /// At the end of the message.
    #[must_use]
    pub fn finish(mut self) -> Reading<'static, F> {
        if let Some(normalizer) = self.normalizer.take() {
            normalizer.finish(&mut |run| self.state.write(run));
        }
        let State { policy, now, mut arriving, seen } = self.state;
        seen.unwrap_or_else(|| Box::new(Seen::new(arriving.header(), &policy, now))).finish()
    }
}

impl<F: Finding> State<F> {
    fn write(&mut self, chunk: &[u8]) {
        let Some(body) = self.arriving.take(chunk) else { return };
        let seen = self
            .seen
            .get_or_insert_with(|| Box::new(Seen::new(self.arriving.header(), &self.policy, self.now)));
        seen.write(body);
    }
}
