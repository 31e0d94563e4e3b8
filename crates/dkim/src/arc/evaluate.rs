//! The second phase: the signatures (RFC 8617 5.2, steps 4 to 7).

use mailwright_dns::{Dns, Name};

use super::chain::{Chain, Problem, ResultsField, Set, Status};
use super::field::FieldKind;
use super::plan::{Plan, SetPlan};
use crate::body_hash::Hashed;
use crate::header::{self, Header};
use crate::line_ends::normalized;
use crate::policy::{LineEnds, Policy};
use crate::verify::SignatureResult;
use crate::verify::evaluate::{ask, judge_candidate};

/// A message of whose chain everything is known but the keys.
///
/// ```
/// use mailwright_dkim::{Policy, arc};
/// use mailwright_dns::{Zone, drive_blocking};
/// # let (message, resolver) = (b"From: a@example.org\r\n\r\nhello\r\n", Zone::new());
/// let prepared = arc::Prepared::new(message, &Policy::default(), 1_700_000_000);
/// let chain = drive_blocking(&resolver, |dns| prepared.evaluate(dns));
/// assert_eq!(chain.status, arc::Status::None);
/// ```
pub struct Prepared<'m> {
    header: Header<'m>,
    plan: Plan,
    body: Hashed,
}

impl<'m> Prepared<'m> {
    /// Reads the fields and hashes the body; `now` is in seconds since 1970.
    ///
    /// Of the policy the limits, the key sizes, the clock skew, the line ends and what it wants of a DKIM signature's coverage
    /// count; SHA-1 never passes.
    #[must_use]
    pub fn new(message: &'m [u8], policy: &Policy, now: u64) -> Self {
        if policy.line_ends == LineEnds::Normalize {
            let normal = normalized(message);
            let (head, body) = header::split(&normal);
            return Self::of(
                Header::new(head.to_vec().into(), policy.limits.header_bytes),
                body,
                policy,
                now,
            );
        }
        let (head, body) = header::split(message);
        Self::of(Header::new(head.into(), policy.limits.header_bytes), body, policy, now)
    }

    fn of(header: Header<'m>, body: &[u8], policy: &Policy, now: u64) -> Self {
        let (plan, mut hashes) = Plan::new(&header, policy, now);
        if !hashes.is_empty() {
            hashes.write(body);
        }
        Self { header, plan, body: hashes.finish() }
    }

    /// The names that are asked for keys, each once; none where the sets are no chain.
    #[must_use]
    pub fn questions(&self) -> Vec<Name> {
        self.plan.questions.names().to_vec()
    }

    /// Asks for the keys and judges the chain.
    ///
    /// All keys are asked for before anything is judged. While one is pending nothing is verified, and the answer
    /// [says so](Chain::is_pending).
    pub fn evaluate(&self, dns: &(impl Dns + ?Sized)) -> Chain {
        let Plan { sets, problem, questions, rules } = &self.plan;
        let answers = ask(questions.names(), dns);
        let mut scratch = Vec::new();
        let mut judge = |candidate| {
            judge_candidate(candidate, &self.header, rules, &self.body, answers.as_deref(), &mut scratch)
        };
        let mut found = Vec::with_capacity(sets.len());
        // Steps 5 and 6 go from the newest to the oldest.
        let mut oldest_pass = None;
        let mut broken = false;
        for (&instance, plan) in sets.iter().rev() {
            let SetPlan { results, message, seal, cv } = plan;
            let message = message.as_ref().map(|message| {
                if broken {
                    // Step 5A: there is no need to check any older one.
                    return SignatureResult::not_tried(message, &self.header);
                }
                let result = judge(message);
                broken = !result.is_pass();
                if !broken {
                    oldest_pass = Some(instance);
                }
                result
            });
            let seal = seal.as_ref().map(&mut judge);
            let results = results.as_ref().map(|(field, claims)| ResultsField {
                span: self.header.span(*field),
                claims: claims.as_deref().cloned(),
            });
            found.push(Set { instance, cv: *cv, results, message, seal });
        }
        found.reverse();
        // Step 5B: all verify.
        let oldest_pass = if broken { oldest_pass } else { oldest_pass.map(|_| 0) };
        let problem = problem.clone().or_else(|| decisive(&found));
        let status = match &problem {
            Some(problem) if problem.rule.is_temporary() => Status::Temporary,
            Some(_) => Status::Fail,
            None if found.is_empty() => Status::None,
            None => Status::Pass,
        };
        Chain { status, problem, sets: found, oldest_pass }
    }
}

/// What of the newest message signature and the seals decides: what can never hold, or else what could not be found out.
fn decisive(sets: &[Set]) -> Option<Problem> {
    let newest = sets.last().into_iter();
    let message =
        newest.filter_map(|set| Problem::of(set.message.as_ref()?, set.instance, FieldKind::Message));
    let seals = sets.iter().rev();
    let seals = seals.filter_map(|set| Problem::of(set.seal.as_ref()?, set.instance, FieldKind::Seal));
    let mut problems: Vec<Problem> = message.chain(seals).collect();
    let final_one = problems.iter().position(|problem| !problem.rule.is_temporary()).unwrap_or(0);
    (final_one < problems.len()).then(|| problems.swap_remove(final_one))
}
