//! A message seen once, for whatever is to be found out about it.

use mailwright_dns::{Dns, Name};

use super::evaluate::{Answer, ask};
use super::stream::Streaming;
use crate::body_hash::{BodyHashes, Hashed};
use crate::header::{self, Header};
use crate::policy::{LineEnds, Policy};

/// What can be found out about a message: the [`Verification`](crate::Verification) of its DKIM signatures, the chain of its ARC Sets (feature `arc`),
/// or both as a pair. They share one pass over the body and one round of questions.
#[allow(private_bounds, reason = "nobody else can judge")]
pub trait Finding: Judge {}

impl<F: Judge> Finding for F {}

/// The two phases, for one kind of result.
pub(crate) trait Judge: Sized {
    /// What the message alone tells.
    type Plan;

    /// The first phase; body hashes that are needed are asked for.
    fn plan(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Self::Plan;

    /// Appends the names that are asked for keys.
    fn names<'p>(plan: &'p Self::Plan, out: &mut Vec<&'p Name>);

    /// The second phase. The answers are those to its names, in their order; `None` while one is pending.
    fn judge(plan: &Self::Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self;

    /// The second phase, after which the plan is of no use.
    fn judge_once(plan: Self::Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self {
        Self::judge(&plan, header, body, answers)
    }
}

/// Both in one pass.
impl<A: Judge, B: Judge> Judge for (A, B) {
    type Plan = (A::Plan, B::Plan);

    fn plan(header: &Header<'_>, policy: &Policy, now: u64, hashes: &mut BodyHashes) -> Self::Plan {
        (A::plan(header, policy, now, hashes), B::plan(header, policy, now, hashes))
    }

    fn names<'p>((a, b): &'p Self::Plan, out: &mut Vec<&'p Name>) {
        A::names(a, out);
        B::names(b, out);
    }

    fn judge((a, b): &Self::Plan, header: &Header<'_>, body: &Hashed, answers: Option<&[Answer]>) -> Self {
        let mut of_a = Vec::new();
        A::names(a, &mut of_a);
        let parts = answers.and_then(|answers| answers.split_at_checked(of_a.len()));
        let (of_a, of_b) = parts.unzip();
        (A::judge(a, header, body, of_a), B::judge(b, header, body, of_b))
    }
}

/// A message of which everything is known but the keys: fields read, body hashed, whatever the number of signatures.
///
/// It [evaluates](Self::evaluate) against DNS as often as a driver needs; the cryptography runs when the last key is there.
pub struct Reading<'m, F: Finding> {
    header: Header<'m>,
    plan: F::Plan,
    body: Hashed,
}

impl<'m, F: Finding> Reading<'m, F> {
    /// Reads the fields and hashes the body; `now` is in seconds since 1970.
    #[must_use]
    pub fn new(message: &'m [u8], policy: &Policy, now: u64) -> Self {
        if policy.line_ends == LineEnds::Normalize {
            let mut verifier = Streaming::<F>::new(policy, now);
            verifier.write(message);
            return verifier.finish();
        }
        let (head, body) = header::split(message);
        let mut seen = Seen::new(Header::new(head.into(), policy.limits.header_bytes), policy, now);
        seen.write(body);
        seen.finish()
    }

    /// The names that are asked for keys, each once.
    #[must_use]
    pub fn questions(&self) -> Vec<Name> {
        questions::<F>(&self.plan)
    }

    /// How often the body was canonicalised and hashed.
    #[cfg(all(test, feature = "arc"))]
    pub(crate) fn passes(&self) -> usize {
        self.body.passes()
    }

    /// Asks for the keys and judges.
    ///
    /// All keys are asked for before anything is judged. While one is pending nothing is verified, and the answer
    /// [says so](crate::Verification::is_pending).
    pub fn evaluate(&self, dns: &(impl Dns + ?Sized)) -> F {
        F::judge(&self.plan, &self.header, &self.body, self.ask(dns).as_deref())
    }

    /// As [`evaluate`](Self::evaluate), for a DNS that has all answers.
    pub(super) fn evaluate_once(self, dns: &(impl Dns + ?Sized)) -> F {
        let answers = self.ask(dns);
        F::judge_once(self.plan, &self.header, &self.body, answers.as_deref())
    }

    fn ask(&self, dns: &(impl Dns + ?Sized)) -> Option<Vec<Answer>> {
        let mut names = Vec::new();
        F::names(&self.plan, &mut names);
        ask(&names, dns)
    }
}

/// A message whose header has ended.
pub(super) struct Seen<'m, F: Finding> {
    header: Header<'m>,
    plan: F::Plan,
    hashes: BodyHashes,
}

impl<'m, F: Finding> Seen<'m, F> {
    pub(super) fn new(header: Header<'m>, policy: &Policy, now: u64) -> Self {
        let mut hashes = BodyHashes::default();
        let plan = F::plan(&header, policy, now, &mut hashes);
        Self { header, plan, hashes }
    }

    pub(super) fn write(&mut self, body: &[u8]) {
        if !self.hashes.is_empty() {
            self.hashes.write(body);
        }
    }

    pub(super) fn questions(&self) -> Vec<Name> {
        questions::<F>(&self.plan)
    }

    pub(super) fn finish(self) -> Reading<'m, F> {
        Reading { header: self.header, plan: self.plan, body: self.hashes.finish() }
    }
}

fn questions<F: Judge>(plan: &F::Plan) -> Vec<Name> {
    let mut names = Vec::new();
    F::names(plan, &mut names);
    let mut each: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        if !each.contains(name) {
            each.push(*name);
        }
    }
    each
}
